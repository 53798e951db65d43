import { readFile } from 'node:fs/promises'
import type { Candle, UnitTime } from '../domain/candle.ts'
import { DomainError } from '../domain/errors.ts'
import type { Instrument, MarketData } from '../domain/ports.ts'
import { parseCandles } from './candle-file.ts'
import { weeklyFromDaily } from './candles.ts'
import { endlessSeries, type EndlessSeries } from './endless-series.ts'
import { readPosition, writePosition } from './replay-position.ts'
import { calendarOf } from './trading-days.ts'

/** The last closed day of both instruments at position 0; both were open on it. */
const FIRST_DAY = '2014-08-01'

const DAYS_IN_WEEK = 5

const INSTRUMENTS: Record<string, Instrument & { file: string }> = {
  'US500.I': { file: 'US500.I_daily.csv', asset_type: 'CfdOnIndex', tick_size: 0.01 },
  'AAPL:xnas': { file: 'AAPL_xnas_daily.csv', asset_type: 'Stock', tick_size: 0.01 },
}

/** Prices of the past, replayed; `advance` closes one more trading day of every instrument. */
export interface ReplayMarket extends MarketData {
  advance: () => Promise<void>
  /** How many trading days the replay has advanced since its first one. */
  position: () => Promise<number>
}

const instrumentOf = (code: string): Instrument & { file: string } => {
  const instrument = Object.hasOwn(INSTRUMENTS, code) ? INSTRUMENTS[code] : undefined
  if (instrument) return instrument
  throw new DomainError(
    'market_unavailable',
    `the replay has no ${code}: it has ${Object.keys(INSTRUMENTS).join(' and ')}`,
  )
}

const loadSeries = async (file: string): Promise<EndlessSeries> => {
  const text = await readFile(new URL(`data/${file}`, import.meta.url), 'utf8')
  return endlessSeries(parseCandles(text, file).toReversed())
}

/** Up to `count` candles, newest first, of which the newest is the one at `current`. */
const dailyAt = ({ candleAt }: EndlessSeries, current: number, count: number): Candle[] =>
  Array.from({ length: Math.min(count, current + 1) }, (_, back) => candleAt(current - back))

/** Like `dailyAt` for weeks; one that goes on after `current` is not closed and stays out. */
const weeklyAt = (series: EndlessSeries, current: number, count: number): Candle[] => {
  // A week has at most five days. Two weeks more: the oldest may be cut off, the newest be running.
  const daily = dailyAt(series, current, (count + 2) * DAYS_IN_WEEK)
  const weeks = weeklyFromDaily(daily)
  const withNextDay = weeklyFromDaily([series.candleAt(current + 1), ...daily])
  const goesOn = withNextDay.length === weeks.length
  return weeks.slice(goesOn ? 1 : 0).slice(0, count)
}

const readers: Partial<Record<UnitTime, typeof dailyAt>> = { daily: dailyAt, weekly: weeklyAt }

/**
 * Real daily prices of two instruments, replayed one trading day per `advance`, with the weekly
 * candles made of them. The replay has a date of its own, which the time of a request does not
 * change. How far it has come is in `stateFile`, which the server and the command line may share.
 * A series that ends starts again under later dates, see `endlessSeries`.
 * @throws DomainError `market_unavailable` by every member, for another instrument or unit time and
 *   for a broken state file
 */
export const createReplay = ({ stateFile }: { stateFile: string }): ReplayMarket => {
  const loaded = new Map<string, Promise<EndlessSeries>>()
  let advanced: Promise<void> = Promise.resolve()

  /** The series of an instrument, and the index of its newest closed candle. */
  const currentOf = async (code: string): Promise<{ series: EndlessSeries; current: number }> => {
    const { file } = instrumentOf(code)
    const loading = loaded.get(file) ?? loadSeries(file)
    loaded.set(file, loading)
    const [series, position] = await Promise.all([loading, readPosition(stateFile)])
    return { series, current: series.indexFrom(FIRST_DAY) + position }
  }

  return {
    candles: async ({ code, unit_time, count }) => {
      instrumentOf(code)
      const read = readers[unit_time]
      if (!read) {
        throw new DomainError(
          'market_unavailable',
          `the replay has no ${unit_time} candles of ${code}: it has ${Object.keys(readers).join(' and ')} ones`,
        )
      }
      const { series, current } = await currentOf(code)
      return read(series, current, count)
    },

    calendar: async (code) => {
      const { series, current } = await currentOf(code)
      const oldest = series.candleAt(0).date.slice(0, 10)
      const today = series.candleAt(current).date.slice(0, 10)
      return calendarOf(today, { oldest, newest: today, has: series.hasDay })
    },

    instrument: async (code) => {
      const { asset_type, tick_size } = instrumentOf(code)
      return { asset_type, tick_size }
    },

    advance: () => {
      // One after the other, or two calls at once would advance by one day only.
      advanced = advanced
        .catch(() => undefined)
        .then(async () => writePosition(stateFile, (await readPosition(stateFile)) + 1))
      return advanced
    },

    position: () => readPosition(stateFile),
  }
}
