import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Candle } from '../../src/domain/candle.ts'
import { messageOf } from '../../src/domain/errors.ts'
import type { Calendar } from '../../src/domain/ports.ts'

/** The directory holds no vectors that can be run. The message fits on one line. */
export class UnusableDirectory extends Error {
  override name = 'UnusableDirectory'
}

export const CASE_FILES = ['indicators', 'conditions', 'engine', 'candles'] as const
export type CaseFile = (typeof CASE_FILES)[number]

const Case = z.looseObject({ id: z.string(), tags: z.array(z.string()).default([]) })
/** One vector as it stands in its file; the runner of that file reads the rest of it. */
export type Case = z.infer<typeof Case>

const CaseList = z.object({ format: z.literal(1), cases: z.array(Case) })

const Row = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()])
const SeriesFile = z.object({
  format: z.literal(1),
  series: z.record(z.string(), z.object({ rows: z.array(Row) })),
})

/** Candles by the name of their series, newest first. */
export type Series = ReadonlyMap<string, readonly Candle[]>

export interface Vectors {
  series: Series
  /** The files that are there. */
  cases: Partial<Record<CaseFile, Case[]>>
}

/** Part of a series: `length` candles, of which the newest is the one at `offset`. */
export const Slice = z.object({
  series: z.string(),
  offset: z.number().int().min(0),
  length: z.number().int().min(0),
})
export type Slice = z.infer<typeof Slice>

/** All candles of a series. Throws for a name that series.json does not have. */
export const seriesNamed = (series: Series, name: string): readonly Candle[] => {
  const candles = series.get(name)
  if (!candles) throw new Error(`series.json has no series "${name}"`)
  return candles
}

export const sliceOf = (series: Series, { series: name, offset, length }: Slice): Candle[] =>
  seriesNamed(series, name).slice(offset, offset + length)

/** The calendar of a vector: a weekday is open unless it is listed or comes after the last open day. */
export const VectorCalendar = z.object({
  closed: z.array(z.string()),
  last_open: z.string().nullable(),
})

const EVERY_WEEKDAY: z.infer<typeof VectorCalendar> = { closed: [], last_open: null }

export const calendarOn = (today: string, { closed, last_open } = EVERY_WEEKDAY): Calendar => ({
  today,
  isOpen: (day) =>
    ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()) &&
    !closed.includes(day) &&
    (last_open === null || day <= last_open),
})

/** Reads a file of the directory; undefined when there is none. */
const readVectors = async <T>(
  directory: string,
  file: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> => {
  let text: string
  try {
    text = await readFile(join(directory, file), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new UnusableDirectory(`${file} in ${directory}: ${messageOf(error)}`, { cause: error })
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined
    const problem = issue ? `${issue.path.join('.')}: ${issue.message}` : messageOf(error)
    throw new UnusableDirectory(`${file} in ${directory} is no file of vectors: ${problem}`, {
      cause: error,
    })
  }
}

const instant = (date: string): string => {
  const at = new Date(date)
  if (Number.isNaN(at.getTime())) throw new UnusableDirectory(`series.json: no date: "${date}"`)
  return at.toISOString()
}

/**
 * Reads series.json and those of the four case files that are there.
 * @throws UnusableDirectory without a directory or series.json, or for a file in another format
 */
export const loadVectors = async (directory: string): Promise<Vectors> => {
  const found = await stat(directory).catch(() => null)
  if (!found?.isDirectory()) throw new UnusableDirectory(`${directory} is no directory`)
  const file = await readVectors(directory, 'series.json', SeriesFile)
  if (!file) throw new UnusableDirectory(`${directory} has no series.json`)
  const series = new Map(
    Object.entries(file.series).map(([name, { rows }]) => [
      name,
      rows.map(([date, open, high, low, close]): Candle => ({
        date: instant(date),
        open,
        high,
        low,
        close,
      })),
    ]),
  )
  const cases: Vectors['cases'] = {}
  for (const name of CASE_FILES) {
    const list = await readVectors(directory, `${name}.json`, CaseList)
    if (list) cases[name] = list.cases
  }
  return { series, cases }
}
