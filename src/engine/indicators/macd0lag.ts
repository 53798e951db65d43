import { ema, emaAtOffsets } from './averages.ts'
import { requireCandles } from './required.ts'
import { roundDecimal } from './rounding.ts'

export interface Macd {
  macd: number
  signal: number
}

/** An exponential average freed from its lag: twice the average less the average of the averages. */
const zeroLag = (averages: readonly number[], period: number): number =>
  2 * (averages[0] ?? Number.NaN) - ema(averages.slice(0, 3 * period), period)

/**
 * Zero-lag MACD and its signal line, to 5 decimals, of all closes, newest first (DOMAIN 6.6). Every
 * exponential average inside is itself rounded to 5 decimals. Throws `insufficient_candles` for
 * fewer than 9 signal + 6 long - 2 closes, which is 235 for 12, 26, 9.
 */
export const macd0lag = (closes: readonly number[], short = 12, long = 26, signal = 9): Macd => {
  const offsets = 9 * signal
  requireCandles('a zero-lag MACD', offsets + 6 * long - 2, closes.length)
  const shortAverages = emaAtOffsets(closes, short)
  const longAverages = emaAtOffsets(closes, long)
  const lines = Array.from(
    { length: offsets },
    (_, offset) =>
      zeroLag(shortAverages.slice(offset), short) - zeroLag(longAverages.slice(offset), long),
  )
  const signals = Array.from({ length: 3 * signal }, (_, offset) =>
    ema(lines.slice(offset), signal),
  )
  return {
    macd: roundDecimal(lines[0] ?? Number.NaN, 5),
    signal: roundDecimal(zeroLag(signals, signal), 5),
  }
}
