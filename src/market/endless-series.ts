import type { Candle } from '../domain/candle.ts'
import { DomainError } from '../domain/errors.ts'

const WEEK_MS = 7 * 86_400_000

/** A daily series without an end; index 0 is its first candle. */
export interface EndlessSeries {
  candleAt: (index: number) => Candle
  /** The index of the first candle on or after this day, `YYYY-MM-DD`. */
  indexFrom: (day: string) => number
  hasDay: (day: string) => boolean
}

/**
 * Repeats daily candles for ever: after the last one comes the first one again, re-dated by so many
 * whole weeks that dates keep growing and weekdays stay what they are. The price jumps where the
 * series starts again, from its last close to its first open, and the holidays of a repetition are
 * those of the real year.
 * @param candles oldest first, at least one, all at midnight UTC
 */
export const endlessSeries = (candles: readonly Candle[]): EndlessSeries => {
  const times = candles.map(({ date }) => Date.parse(date))
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined) {
    throw new DomainError('market_unavailable', 'the sample prices hold no candle')
  }
  // The next lap starts on the weekday of the first candle, in the first week that is free.
  const lapMs = (Math.floor((last - first) / WEEK_MS) + 1) * WEEK_MS
  const known = new Set(times)

  return {
    candleAt: (index) => {
      const candle = candles[index % candles.length]
      if (!candle) throw new DomainError('market_unavailable', `there is no candle ${index}`)
      const laps = Math.floor(index / candles.length)
      const date = new Date(Date.parse(candle.date) + laps * lapMs).toISOString()
      return { ...candle, date }
    },
    indexFrom: (day) => {
      const sinceFirst = Math.max(Date.parse(`${day}T00:00:00Z`) - first, 0)
      const found = times.findIndex((time) => time - first >= sinceFirst % lapMs)
      const laps = Math.floor(sinceFirst / lapMs)
      return found === -1 ? (laps + 1) * times.length : laps * times.length + found
    },
    hasDay: (day) => {
      const sinceFirst = Date.parse(`${day}T00:00:00Z`) - first
      return sinceFirst >= 0 && known.has(first + (sinceFirst % lapMs))
    },
  }
}
