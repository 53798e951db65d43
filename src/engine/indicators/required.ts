import { DomainError } from '../../domain/errors.ts'

/** `1 candle`, `20 candles`. */
const candles = (count: number): string => `${count} ${count === 1 ? 'candle' : 'candles'}`

/** Throws `insufficient_candles` when fewer candles are there than a formula needs. */
export const requireCandles = (what: string, needed: number, available: number): void => {
  if (available >= needed) return
  throw new DomainError(
    'insufficient_candles',
    `${what} needs ${candles(needed)}, there are ${available}`,
  )
}
