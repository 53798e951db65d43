import type { Prices } from '../../domain/candle.ts'
import { mean } from './averages.ts'
import { requireCandles } from './required.ts'
import { roundDecimal } from './rounding.ts'

/** How far a candle reached from low to high, or from the close before it (DOMAIN 6.4). */
export const trueRange = (candle: Prices, previous: Prices): number =>
  Math.max(
    candle.high - candle.low,
    Math.abs(candle.high - previous.close),
    Math.abs(candle.low - previous.close),
  )

/**
 * Average true range of all candles, newest first, to 5 decimals: the mean of the `period` oldest
 * true ranges, then Wilder's smoothing up to the newest (DOMAIN 6.4). Throws `insufficient_candles`
 * for fewer than three times `period`.
 */
export const atr = (candles: readonly Prices[], period: number): number => {
  requireCandles(`an average true range of ${period}`, 3 * period, candles.length)
  const oldestFirst = candles
    // The oldest candle has no candle before it, hence no true range.
    .flatMap((candle, index) => {
      const previous = candles[index + 1]
      return previous === undefined ? [] : [trueRange(candle, previous)]
    })
    .toReversed()
  const smoothed = oldestFirst
    .slice(period)
    .reduce(
      (average, range) => (average * (period - 1) + range) / period,
      mean(oldestFirst.slice(0, period)),
    )
  return roundDecimal(smoothed, 5)
}
