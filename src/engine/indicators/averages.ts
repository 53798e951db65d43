import type { Prices } from '../../domain/candle.ts'
import { requireCandles } from './required.ts'
import { roundDecimal } from './rounding.ts'

/** The closes of candles, in their order. */
export const closesOf = (candles: readonly Prices[]): number[] => candles.map(({ close }) => close)

/** The mean of numbers; NaN of none. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Simple moving average: the mean of the `period` newest values, not rounded (DOMAIN 6.1).
 * Values are newest first. Throws `insufficient_candles` for fewer than `period`.
 */
export const sma = (values: readonly number[], period: number): number => {
  requireCandles(`a simple moving average of ${period}`, period, values.length)
  return mean(values.slice(0, period))
}

/** The share of the newest value in an exponential average. */
const weightOf = (period: number): number => 2 / (period + 1)

/**
 * Exponential moving average of all values, newest first, seeded with the oldest one, to 5 decimals
 * (DOMAIN 6.2). Throws `insufficient_candles` for fewer than three times `period`.
 */
export const ema = (values: readonly number[], period: number): number => {
  requireCandles(`an exponential moving average of ${period}`, 3 * period, values.length)
  const weight = weightOf(period)
  const average = values.reduceRight((older, value) => value * weight + older * (1 - weight))
  return roundDecimal(average, 5)
}

/**
 * The exponential average as it stood at each offset: element `o` equals `ema(values.slice(o))`,
 * all of them computed in one pass. Elements with fewer than three times `period` values are left out.
 */
export const emaAtOffsets = (values: readonly number[], period: number): number[] => {
  requireCandles(`an exponential moving average of ${period}`, 3 * period, values.length)
  const weight = weightOf(period)
  const oldestFirst = values.toReversed()
  let average = oldestFirst[0] ?? Number.NaN
  const averages = oldestFirst.map((value, age) => {
    if (age > 0) average = value * weight + average * (1 - weight)
    return average
  })
  return averages
    .slice(3 * period - 1)
    .map((value) => roundDecimal(value, 5))
    .toReversed()
}
