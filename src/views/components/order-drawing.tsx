import type { Child } from 'hono/jsx'
import type { CandleTrace, Check, ConditionTrace, Trace } from '../../domain/decision.ts'
import type { Order } from '../../domain/order.ts'
import { formatRounded, glanceDecimals } from '../format.ts'
import { candleName, candleTime, levelLabel } from '../names.ts'
import { extentOf, withNear, type Extent } from '../scale.ts'
import { firingBounds } from '../why-not.ts'
import { CandleChart, type PriceLabel } from './candle-chart.tsx'

const HEIGHT = 220
/** The candle stands in the middle of so many slots, on both sides of which a level is seen. */
const SLOTS = 9
const MIDDLE = 4

interface Drawing {
  candle: CandleTrace
  conditions: ConditionTrace[]
  /** The candle that the price of the order was taken from. */
  isTrigger: boolean
}

const isSame = (a: CandleTrace, b: CandleTrace): boolean =>
  a.code === b.code && a.unit_time === b.unit_time && a.date === b.date

/** One drawing for each candle that was looked at, which mostly is the same one for everything. */
const drawingsOf = ({ conditions, trigger }: Trace): Drawing[] => {
  const candles: CandleTrace[] = []
  for (const candle of [...conditions.map((each) => each.candle), trigger.candle]) {
    if (!candles.some((known) => isSame(known, candle))) candles.push(candle)
  }
  return candles.map((candle) => ({
    candle,
    conditions: conditions.filter((condition) => isSame(condition.candle, candle)),
    isTrigger: isSame(trigger.candle, candle),
  }))
}

const lineOf = ({ indicator_value }: ConditionTrace): number | null =>
  typeof indicator_value === 'number' ? indicator_value : null

type NamedPrice = Pick<PriceLabel, 'price' | 'kind'> & { name: string }

/** The level and the other end of where the condition holds, or both ends of a zone. */
const levelPrices = (condition: ConditionTrace): NamedPrice[] => {
  const name = levelLabel(condition.indicator)
  const level = lineOf(condition)
  const end = firingBounds(condition)?.find((bound) => bound !== level)
  if (level !== null) {
    const atLevel: NamedPrice = { price: level, name, kind: 'level' }
    return end === undefined ? [atLevel] : [atLevel, { price: end, name: 'limit', kind: 'level' }]
  }
  return (firingBounds(condition) ?? []).map((price) => ({ price, name, kind: 'level' }))
}

const comparedPrices = (check: Check): { name: string; price: number; holds: boolean }[] => {
  switch (check.rule) {
    case 'within':
      return [{ name: check.price, price: check.value, holds: check.holds }]
    case 'straddles':
      return [
        { name: check.reached, price: check.reached_value, holds: check.holds },
        { name: 'close', price: check.close, holds: check.holds },
      ]
    case 'signal':
      return []
  }
}

/** The prices of the candle that were looked at, each once; a tick tells those that made a check hold. */
const candlePrices = ({ conditions, isTrigger }: Drawing, { trigger }: Trace): NamedPrice[] => {
  const extreme = trigger.location === 'lower' ? 'low' : 'high'
  const looked = [
    ...conditions.flatMap(({ checks }) => checks.flatMap(comparedPrices)),
    ...(isTrigger ? [{ name: extreme, price: trigger.candle[extreme], holds: false }] : []),
  ]
  return [...Map.groupBy(looked, ({ name }) => name)].map(([name, same]) => ({
    price: same[0]?.price ?? Number.NaN,
    name: same.some(({ holds }) => holds) ? `${name} ✓` : name,
    kind: 'close',
  }))
}

const CandleDrawing = ({
  order,
  drawing,
  id,
}: {
  order: Order
  drawing: Drawing
  id: string
}): Child => {
  const { candle, conditions, isTrigger } = drawing
  const { price, direction, trace } = order
  const ordered: NamedPrice[] = isTrigger
    ? [{ price, name: direction.toLowerCase(), kind: 'order' }]
    : []
  const levels = conditions.flatMap(levelPrices)
  const decimals = glanceDecimals([candle.open, candle.high, candle.low, candle.close])
  const labels = [...levels, ...candlePrices(drawing, trace), ...ordered].map(
    (each): PriceLabel => ({
      price: each.price,
      text: `${formatRounded(each.price, decimals)} ${each.name}`,
      kind: each.kind,
    }),
  )
  const fromTop = labels.toSorted((a, b) => b.price - a.price).map(({ text }) => text)
  return (
    <CandleChart
      id={id}
      title={`The ${candleName(candle)} of ${candle.code}`}
      description={`From top to bottom: ${fromTop.join(', ')}.`}
      height={HEIGHT}
      slots={SLOTS}
      extent={conditions
        .map((condition) => levelPrices(condition).map((each) => each.price))
        .reduce<Extent>(
          withNear,
          extentOf([candle.low, candle.high, ...ordered.map((each) => each.price)]),
        )}
      candles={[{ ...candle, slot: MIDDLE, title: candleName(candle) }]}
      levels={conditions.map((condition) => ({
        lines: Array<number | null>(SLOTS).fill(lineOf(condition)),
        bands: Array<ReturnType<typeof firingBounds>>(SLOTS).fill(firingBounds(condition)),
      }))}
      labels={labels}
      times={[{ slot: MIDDLE, text: candleTime(candle) }]}
    />
  )
}

/**
 * What an order was decided on, drawn from its trace alone: each candle with the levels that it was
 * compared with, and the price of the order beside the candle that it was taken from.
 */
export const OrderDrawings = ({ order }: { order: Order }): Child =>
  drawingsOf(order.trace).map((drawing, index) => (
    <CandleDrawing order={order} drawing={drawing} id={`drawing-${index + 1}`} />
  ))
