import type { Check, ConditionTrace } from '../domain/decision.ts'
import { formatPoints, formatRounded, glanceDecimals } from './format.ts'
import { bareLevelInWords, levelInWords } from './words.ts'

type Within = Extract<Check, { rule: 'within' }>
type Straddles = Extract<Check, { rule: 'straddles' }>
/** A comparison of prices. */
export type PriceCheck = Within | Straddles

/** How far the candle stayed away from the level, or closed beyond it, in points. */
const missingOfStraddle = ({ reached, reached_value, close, level }: Straddles): number => {
  const [short, beyond] =
    reached === 'high'
      ? [level - reached_value, close - level]
      : [reached_value - level, level - close]
  return Math.max(short, beyond, 0)
}

/** How far a price is from where the check holds, in points; 0 where it does. */
export const missingOf = (check: PriceCheck): number =>
  check.rule === 'straddles'
    ? missingOfStraddle(check)
    : Math.max(check.lower - check.value, check.value - check.upper, 0)

/** The comparison that came nearest to holding; null where no prices were compared. */
export const nearestCheck = ({ checks }: Pick<ConditionTrace, 'checks'>): PriceCheck | null =>
  checks
    .filter((check) => check.rule !== 'signal')
    .toSorted((a, b) => missingOf(a) - missingOf(b))[0] ?? null

/** From which price to which one a condition holds, both included; null where it waits for a signal. */
export const firingBounds = ({
  checks,
}: Pick<ConditionTrace, 'checks'>): readonly [lower: number, upper: number] | null => {
  const within = checks.find(({ rule }) => rule === 'within')
  return within?.rule === 'within' ? [within.lower, within.upper] : null
}

/** Prices and distances as exact as the prices of the candle are. */
const inWords = ({ candle: { open, high, low, close } }: ConditionTrace) => {
  const decimals = glanceDecimals([open, high, low, close])
  const price = (value: number): string => formatRounded(value, decimals)
  return {
    price,
    points: (distance: number): string => {
      const text = price(Math.abs(distance))
      return `${text} ${text === '1' ? 'point' : 'points'}`
    },
  }
}

const withinWords = (check: Within, condition: ConditionTrace): string => {
  const { price: name, value, lower, upper } = check
  const { indicator_value, spread } = condition
  const { price, points } = inWords(condition)
  const side = value > upper ? 'above' : 'below'
  const fires = lower === upper ? price(lower) : `${price(lower)} to ${price(upper)}`
  const place =
    typeof indicator_value !== 'number'
      ? 'in'
      : spread === 0
        ? 'exactly at'
        : `within ${formatPoints(spread)} ${upper === indicator_value ? 'below' : 'above'}`
  return `the ${name} ${price(value)} was ${points(missingOf(check))} ${side} ${fires}, where it fires (${place} ${bareLevelInWords(condition)})`
}

const straddleWords = (check: Straddles, condition: ConditionTrace): string => {
  const { reached, reached_value, close, level } = check
  const { price, points } = inWords(condition)
  const where = levelInWords(condition, price)
  const [near, far] = reached === 'high' ? ['below', 'above'] : ['above', 'below']
  const short = reached === 'high' ? level - reached_value : reached_value - level
  return short > 0
    ? `the ${reached} stayed ${points(short)} ${near} ${where}; it fires when it gets there`
    : `the close was ${points(close - level)} ${far} ${where}; it fires on a close ${near} it`
}

/**
 * What kept a condition from holding, by the comparison that came nearest, and what it takes; a clause
 * that begins in lower case and has no full stop.
 */
const conditionWhyNot = (condition: ConditionTrace): string => {
  const check = nearestCheck(condition)
  if (check?.rule === 'within') return withinWords(check, condition)
  if (check?.rule === 'straddles') return straddleWords(check, condition)
  const level = levelInWords(condition)
  const signal = condition.checks.find(({ rule }) => rule === 'signal')
  if (signal?.rule !== 'signal') return `${level} was not compared with anything`
  const said =
    signal.actual === null
      ? `there was no ${level.replace(/^the /, '')}`
      : `${level} said ${signal.actual.toLowerCase()}`
  return `${said}; it fires on ${signal.expected.toLowerCase()}`
}

/** The same for all conditions: of several, how many fail, and how the first of these does. */
export const whyNot = (conditions: readonly ConditionTrace[]): string => {
  const failing = conditions.filter(({ holds }) => !holds)
  const [first] = failing
  if (!first) return 'all conditions hold'
  const clause = conditionWhyNot(first)
  if (conditions.length === 1) return clause
  const number = conditions.indexOf(first) + 1
  return failing.length === 1
    ? `condition ${number} of ${conditions.length} does not hold: ${clause}`
    : `${failing.length} of ${conditions.length} conditions do not hold, and number ${number} because ${clause}`
}

/**
 * How far the conditions were from holding, for a glance: `0.16 away`, or how many of several fail;
 * null where there is no distance.
 */
export const distanceToFiring = (conditions: readonly ConditionTrace[]): string | null => {
  const failing = conditions.filter(({ holds }) => !holds)
  const [first] = failing
  if (!first) return null
  if (failing.length > 1) return `${failing.length} of ${conditions.length} conditions fail`
  const check = nearestCheck(first)
  return check && `${inWords(first).price(missingOf(check))} away`
}
