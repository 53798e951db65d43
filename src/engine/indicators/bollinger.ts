import { mean } from './averages.ts'
import { requireCandles } from './required.ts'
import { roundScaled } from './rounding.ts'

export interface Bands {
  bottom: number
  middle: number
  up: number
}

/** How many candles the bands of the workflows and of the combo are computed on. */
export const BOLLINGER_PERIOD = 20

/**
 * Bollinger bands of the `period` newest closes, newest first: the mean and `multiplier` population
 * standard deviations around it, to 4 decimals (DOMAIN 6.3). Throws `insufficient_candles` for fewer
 * closes than `period`: bands of fewer would be another, narrower indicator (decision D9).
 */
export const bollinger = (
  closes: readonly number[],
  multiplier: number,
  period: number = BOLLINGER_PERIOD,
): Bands => {
  requireCandles(`a Bollinger band of ${period}`, period, closes.length)
  const newest = closes.slice(0, period)
  const average = mean(newest)
  const deviation = Math.sqrt(mean(newest.map((close) => (close - average) ** 2)))
  return {
    bottom: roundScaled(average - multiplier * deviation, 4),
    middle: roundScaled(average, 4),
    up: roundScaled(average + multiplier * deviation, 4),
  }
}
