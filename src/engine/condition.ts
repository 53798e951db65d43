import type { Prices } from '../domain/candle.ts'
import type { Check } from '../domain/decision.ts'
import type { CloseDirection, Condition, Element } from '../domain/workflow.ts'
import type { Level } from './indicators/level.ts'
import { withoutDust } from './indicators/rounding.ts'

type Interval = readonly [lower: number, upper: number]

/** One inclusive comparison of a price of the candle with an interval. */
const within = (price: Element, candle: Prices, [lower, upper]: Interval): Check => {
  const value = candle[price]
  return { rule: 'within', price, value, lower, upper, holds: lower <= value && value <= upper }
}

/**
 * The prices that are compared when the condition names none: the close, and the extreme that faces
 * the level, which is the high for a level above the candle and the low for one below it.
 */
const pricesOf = (element: Element | null, level: 'above' | 'below'): Element[] => {
  if (element !== null) return [element]
  return level === 'above' ? ['close', 'high'] : ['close', 'low']
}

/** The candle reached the level and closed on the far side, however far (polarite alone). */
const straddles = (direction: CloseDirection, candle: Prices, level: number): Check => {
  const reached = direction === 'below' ? 'high' : 'low'
  const { close, [reached]: reached_value } = candle
  const holds =
    direction === 'below'
      ? reached_value >= level && close <= level
      : reached_value <= level && close >= level
  return { rule: 'straddles', reached, reached_value, close, level, holds }
}

/**
 * An inclined line is about to be broken, so that "below" means a price at or just above it: the
 * reverse of every other indicator (decision D10).
 */
const levelIsAbove = ({ close, indicator }: Condition): boolean =>
  (close.direction === 'below') !== (indicator.name === 'inclined')

const bandAt = (condition: Condition, level: number): Interval => {
  const { spread } = condition.close
  return levelIsAbove(condition)
    ? [withoutDust(level - spread), level]
    : [level, withoutDust(level + spread)]
}

/** From which price to which one a condition holds, both included; null for a signal. */
export const boundsOf = (condition: Condition, level: Level): Interval | null => {
  if (level === null || typeof level === 'string') return null
  return typeof level === 'number' ? bandAt(condition, level) : level
}

const checksAtPrice = (condition: Condition, level: number, candle: Prices): Check[] => {
  const { close, element, indicator } = condition
  const interval = bandAt(condition, level)
  const prices = pricesOf(element, levelIsAbove(condition) ? 'above' : 'below')
  if (indicator.name !== 'polarite' || element !== null) {
    return prices.map((price) => within(price, candle, interval))
  }
  return [
    straddles(close.direction, candle, level),
    ...prices
      // A close near the level is within reach of the straddle or of the extreme already.
      .filter((price) => price !== 'close')
      .map((price) => within(price, candle, interval)),
  ]
}

/**
 * Everything that a condition compares (DOMAIN 5): it holds when any one of the checks does. A zone
 * ignores the spread, a combo looks at its own signal alone.
 */
export const checksOf = (condition: Condition, level: Level, candle: Prices): Check[] => {
  const { close, element } = condition
  if (level === null || typeof level === 'string') {
    const expected = close.direction === 'below' ? 'SELL' : 'BUY'
    return [{ rule: 'signal', expected, actual: level, holds: level === expected }]
  }
  if (typeof level === 'number') return checksAtPrice(condition, level, candle)
  return pricesOf(element, close.direction === 'below' ? 'above' : 'below').map((price) =>
    within(price, candle, level),
  )
}
