import { DomainError } from '../../domain/errors.ts'
import { sma } from './averages.ts'
import { roundDecimal } from './rounding.ts'

/**
 * How steep the way from (x1, y1) to (x2, y2) is, in percent of y2 per hundred steps, to 5 decimals
 * (DOMAIN 6.5). Throws `invalid` where there is no slope: equal x, or a y2 of 0.
 */
export const slopePercentage = (x1: number, y1: number, x2: number, y2: number): number => {
  if (x1 === x2 || y2 === 0) {
    throw new DomainError('invalid', `there is no slope from (${x1}, ${y1}) to (${x2}, ${y2})`)
  }
  // The order of the steps is the reference's: another order rounds differently.
  const scale = 100 / y2
  const rise = 100 - y1 * scale
  return roundDecimal((rise / (x2 - x1)) * 100, 5)
}

/** Slope of the mean of 50 closes over the last 10 candles; closes are newest first, 60 are needed. */
export const ma50Slope = (closes: readonly number[]): number =>
  slopePercentage(0, sma(closes.slice(10), 50), 10, sma(closes, 50))
