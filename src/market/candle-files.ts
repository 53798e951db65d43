import type { Candle, UnitTime } from '../domain/candle.ts'
import { DomainError } from '../domain/errors.ts'
import type { MarketData } from '../domain/ports.ts'
import { isClosed } from './candles.ts'
import { calendarOf } from './trading-days.ts'

/** Files of candles, one for each series, wherever they are. */
export interface CandleFiles {
  /** Where they are, as an error tells it: `in /data`, `at https://prices.example`. */
  where: string
  /**
   * All candles of the file with this name, newest first; null when there is none.
   * @throws DomainError `market_unavailable`
   */
  read: (name: string) => Promise<readonly Candle[] | null>
}

/** The names that the file of a series may have: `:` cannot be in one on every file system. */
const fileNames = (code: string, unit_time: UnitTime): string[] => {
  if (/[/\\\0]|\.\./.test(code)) {
    throw new DomainError(
      'market_unavailable',
      `the code ${JSON.stringify(code)} cannot name a file of candles: expected no /, no \\ and no ..`,
    )
  }
  const name = `${code}_${unit_time}.csv`
  return [...new Set([name, name.replaceAll(':', '_')])]
}

/**
 * Prices from files `CODE_UNITTIME.csv` (`AAPL:xnas_daily.csv`, or with `_` for `:`). Asset types and
 * tick sizes are not in the files, hence null.
 * @throws DomainError `market_unavailable` by every member, for a missing file or a bad line
 */
export const createFilesMarket = ({ where, read }: CandleFiles): MarketData => {
  const series = async (code: string, unit_time: UnitTime): Promise<readonly Candle[] | null> => {
    for (const name of fileNames(code, unit_time)) {
      const candles = await read(name)
      if (candles) return candles
    }
    return null
  }

  return {
    candles: async ({ code, unit_time, count, now }) => {
      const all = await series(code, unit_time)
      if (!all) {
        throw new DomainError(
          'market_unavailable',
          `there are no ${unit_time} candles of ${code}: expected the file ${fileNames(code, unit_time).join(' or ')} ${where}`,
        )
      }
      return all.filter(({ date }) => isClosed(date, unit_time, now)).slice(0, count)
    },

    calendar: async (code, now) => {
      const daily = await series(code, 'daily')
      const days = daily?.map(({ date }) => date.slice(0, 10)) ?? []
      const [newest, oldest] = [days[0], days.at(-1)]
      const known = new Set(days)
      return calendarOf(
        now.toISOString().slice(0, 10),
        newest && oldest ? { oldest, newest, has: (day) => known.has(day) } : null,
      )
    },

    // oxlint-disable-next-line require-await -- the port is asynchronous, and nothing is looked up
    instrument: async () => ({ asset_type: null, tick_size: null }),
  }
}
