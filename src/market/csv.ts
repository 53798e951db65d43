import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Candle, UnitTime } from '../domain/candle.ts'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { MarketData } from '../domain/ports.ts'
import { parseCandles } from './candle-file.ts'
import { isClosed } from './candles.ts'
import { calendarOf } from './trading-days.ts'

interface CachedFile {
  mtimeMs: number
  size: number
  candles: Candle[]
}

/** What a file that is not there fails with; Windows answers EINVAL to a `:` in a name. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'EINVAL'].includes(String(error.code))

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
 * Prices from files `CODE_UNITTIME.csv` in a folder (`AAPL:xnas_daily.csv`, or with `_` for `:`),
 * with the columns `date,open,high,low,close`. A file that changes is read anew. Asset types and tick
 * sizes are not in the files, hence null.
 * @throws DomainError `market_unavailable` by every member, for a missing file or a bad line
 */
export const createCsvMarket = ({ directory }: { directory: string }): MarketData => {
  const cache = new Map<string, CachedFile>()

  const readCached = async (path: string): Promise<Candle[]> => {
    const { mtimeMs, size } = await stat(path)
    const known = cache.get(path)
    if (known?.mtimeMs === mtimeMs && known.size === size) return known.candles
    const candles = parseCandles(await readFile(path, 'utf8'), path)
    cache.set(path, { mtimeMs, size, candles })
    return candles
  }

  /** All candles of a series, newest first; null when it has no file. */
  const series = async (code: string, unit_time: UnitTime): Promise<Candle[] | null> => {
    for (const name of fileNames(code, unit_time)) {
      try {
        return await readCached(join(directory, name))
      } catch (error) {
        if (isMissing(error)) continue
        if (error instanceof DomainError) throw error
        const message = `cannot read ${name} in ${directory}: ${messageOf(error)}`
        throw new DomainError('market_unavailable', message, { cause: error })
      }
    }
    return null
  }

  return {
    candles: async ({ code, unit_time, count, now }) => {
      const all = await series(code, unit_time)
      if (!all) {
        throw new DomainError(
          'market_unavailable',
          `there are no ${unit_time} candles of ${code}: expected the file ${fileNames(code, unit_time).join(' or ')} in ${directory}`,
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
