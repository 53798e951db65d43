import { boundedFetch, fetchProblem } from '../bounded-fetch.ts'
import type { Candle } from '../domain/candle.ts'
import { DomainError } from '../domain/errors.ts'
import type { MarketData } from '../domain/ports.ts'
import { parseCandles } from './candle-file.ts'
import { createFilesMarket } from './candle-files.ts'

const LARGEST_FILE_BYTES = 16 * 1024 * 1024
/** So long a file that was asked for is not asked for again: a run reads some of them twice. */
const FRESH_MS = 10_000

interface HttpMarketOptions {
  /** The address that the names of the files are put behind, without a slash at its end. */
  url: string
  /** Milliseconds of a clock that never jumps. */
  now: () => number
  /** How long one file may take. */
  deadlineMs?: number
}

interface FetchedFile {
  etag: string | null
  /** Null where there is no such file. */
  candles: Candle[] | null
}

/**
 * Prices from files that are fetched, by `createFilesMarket`. A file is asked for again after ten
 * seconds and after `renew`, and sent again only if its ETag has changed.
 */
export const createHttpMarket = ({
  url,
  now,
  deadlineMs = 5_000,
}: HttpMarketOptions): MarketData => {
  const files = new Map<string, { asked_at: number; file: Promise<FetchedFile> }>()

  const fetchFile = async (name: string, known: FetchedFile | null): Promise<FetchedFile> => {
    const address = `${url}/${encodeURIComponent(name)}`
    const unavailable = (problem: string, cause?: unknown): DomainError =>
      new DomainError('market_unavailable', `cannot fetch ${address}: ${problem}`, { cause })
    const { status, headers, body } = await boundedFetch(address, {
      headers: known?.etag ? { 'If-None-Match': known.etag } : {},
      deadlineMs,
      limit: LARGEST_FILE_BYTES,
    }).catch((error: unknown) => {
      throw unavailable(fetchProblem(error), error)
    })
    if (known && status === 304) return known
    if (status === 404) return { etag: null, candles: null }
    if (status !== 200) throw unavailable(`it was answered with ${status}`)
    return { etag: headers.get('ETag'), candles: parseCandles(body.toString('utf8'), address) }
  }

  const market = createFilesMarket({
    where: `at ${url}`,
    read: async (name) => {
      const last = files.get(name)
      if (last && now() - last.asked_at < FRESH_MS) return (await last.file).candles
      const renew = async (): Promise<FetchedFile> =>
        fetchFile(name, (await last?.file.catch(() => null)) ?? null)
      const file = renew()
      files.set(name, { asked_at: now(), file })
      return (await file).candles
    },
  })

  return {
    ...market,
    renew: () => {
      for (const entry of files.values()) entry.asked_at = -Infinity
    },
  }
}
