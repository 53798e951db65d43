import type { Child } from 'hono/jsx'
import type { ConditionTrace } from '../../domain/decision.ts'
import { formatRounded, glanceDecimals } from '../format.ts'
import { extentOf, shareOf, withMargin } from '../scale.ts'
import { firingBounds, missingOf, nearestCheck, type PriceCheck } from '../why-not.ts'
import { conditionSentence } from '../words.ts'

const MARGIN = 0.08
/** Up to which share of the width a text begins at its place, and from which on it ends there. */
const [BEGINS, ENDS] = [0.35, 0.65]

interface NamedPrice {
  name: string
  price: number
}

const pricesOf = (check: PriceCheck): NamedPrice[] =>
  check.rule === 'within'
    ? [{ name: check.price, price: check.value }]
    : [
        { name: check.reached, price: check.reached_value },
        { name: 'close', price: check.close },
      ]

/** The price that the comparison failed by, or one by which it holds. */
const decisivePrice = (check: PriceCheck): NamedPrice => {
  if (check.rule === 'within') return { name: check.price, price: check.value }
  const { reached, reached_value, level, close } = check
  const isShort = reached === 'high' ? reached_value < level : reached_value > level
  return isShort ? { name: reached, price: reached_value } : { name: 'close', price: close }
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`

/** Text at a share of the width, towards the middle, so that it stays within the drawing. */
const Label = ({
  share,
  y,
  kind,
  text,
}: {
  share: number
  y: number
  kind: string
  text: string
}) => (
  <text
    class={kind}
    x={percent(share)}
    y={y}
    text-anchor={share < BEGINS ? 'start' : share > ENDS ? 'end' : 'middle'}
  >
    {text}
  </text>
)

/**
 * Where the candle was and where the condition holds, on one line of prices, and how far the nearest
 * price is away from there; nothing for a signal, which has no price.
 */
export const Gauge = ({ condition }: { condition: ConditionTrace }): Child => {
  const nearest = nearestCheck(condition)
  const bounds = firingBounds(condition)
  if (!nearest || !bounds) return null
  const { candle, checks, indicator_value: level } = condition
  const { open, high, low, close } = candle
  const [lower, upper] = bounds
  const extent = withMargin(extentOf([low, high, lower, upper]), MARGIN)
  const share = (price: number): number => shareOf(price, extent)
  const x = (price: number): string => percent(share(price))
  const width = (from: number, to: number): string => percent(Math.abs(share(to) - share(from)))
  const decimals = glanceDecimals([open, high, low, close])
  const shown = (price: number): string => formatRounded(price, decimals)

  const { name, price } = decisivePrice(nearest)
  const missing = missingOf(nearest)
  const compared = checks.flatMap((check) => (check.rule === 'signal' ? [] : pricesOf(check)))
  const fires = lower === upper ? shown(lower) : `${shown(lower)} to ${shown(upper)}`
  return (
    <svg class={condition.holds ? 'gauge holds' : 'gauge'} width='100%' height='64' role='img'>
      <title>{conditionSentence(condition)}</title>
      <line class='track' x1='0' x2='100%' y1='32' y2='32' />
      <rect class='band' x={x(lower)} width={width(lower, upper)} y='20' height='24' />
      {typeof level === 'number' && (
        <line class='level' x1={x(level)} x2={x(level)} y1='17' y2='47' />
      )}
      <rect class='range' x={x(low)} width={width(low, high)} y='31' height='2' />
      <rect
        class='body'
        x={x(Math.min(open, close))}
        width={width(open, close)}
        y='27'
        height='10'
      />
      {missing > 0 && (
        <line
          class='missing'
          x1={x(price)}
          x2={x(Math.min(Math.max(price, lower), upper))}
          y1='47'
          y2='47'
        />
      )}
      {compared.map((each) => (
        <circle class={each.price === price && 'decisive'} cx={x(each.price)} cy='32' r='4' />
      ))}
      <Label
        share={share(price)}
        y={12}
        kind='price'
        text={`${name} ${shown(price)}${missing > 0 ? `, ${shown(missing)} away` : ''}`}
      />
      <Label share={share((lower + upper) / 2)} y={60} kind='fires' text={`fires ${fires}`} />
    </svg>
  )
}
