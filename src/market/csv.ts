import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Candle } from '../domain/candle.ts'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { MarketData } from '../domain/ports.ts'
import { parseCandles } from './candle-file.ts'
import { createFilesMarket } from './candle-files.ts'

interface CachedFile {
  mtimeMs: number
  size: number
  candles: Candle[]
}

/** What a file that is not there fails with; Windows answers EINVAL to a `:` in a name. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'EINVAL'].includes(String(error.code))

/** Prices from the files of a folder, by `createFilesMarket`. A file that changes is read anew. */
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

  return createFilesMarket({
    where: `in ${directory}`,
    read: async (name) => {
      try {
        return await readCached(join(directory, name))
      } catch (error) {
        if (isMissing(error)) return null
        if (error instanceof DomainError) throw error
        const message = `cannot read ${name} in ${directory}: ${messageOf(error)}`
        throw new DomainError('market_unavailable', message, { cause: error })
      }
    },
  })
}
