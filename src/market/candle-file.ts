import { z } from 'zod'
import { Candle } from '../domain/candle.ts'
import { DomainError, describeFieldErrors, type FieldError } from '../domain/errors.ts'

const COLUMNS = ['date', 'open', 'high', 'low', 'close'] as const
const HEADER = COLUMNS.join(',')
const SHOWN_PROBLEMS = 3

const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, { error: 'expected a number such as 101.25' })
  .transform(Number)

/** A day, or an instant in UTC; both become an instant with milliseconds. */
const instant = z
  .union([z.iso.date(), z.iso.datetime()], {
    error: 'expected a date as YYYY-MM-DD or an ISO 8601 time in UTC',
  })
  .transform((text) => new Date(text).toISOString())

const Row = z.object({ date: instant, open: decimal, high: decimal, low: decimal, close: decimal })

const readRow = (line: string, number: number): { candle: Candle } | { errors: FieldError[] } => {
  const cells = line.split(',').map((cell) => cell.trim())
  if (cells.length !== COLUMNS.length) {
    const message = `expected the ${COLUMNS.length} values ${HEADER}, got ${cells.length}`
    return { errors: [{ field: `line ${number}`, message, value: line }] }
  }
  const texts: Record<string, string> = Object.fromEntries(
    COLUMNS.map((column, index) => [column, cells[index] ?? '']),
  )
  const row = Row.pipe(Candle).safeParse(texts)
  if (row.success) return { candle: row.data }
  return {
    errors: row.error.issues.map((issue) => {
      const column = String(issue.path[0] ?? '')
      const value = column === '' ? line : texts[column]
      const field = `line ${number}${column === '' ? '' : `, ${column}`}`
      return { field, message: `${issue.message}, got ${JSON.stringify(value)}`, value }
    }),
  }
}

const failWith = (file: string, errors: FieldError[]): never => {
  const more = errors.length - SHOWN_PROBLEMS
  const rest = more > 0 ? `; and ${more} more` : ''
  throw new DomainError(
    'market_unavailable',
    `${file}: ${describeFieldErrors(errors.slice(0, SHOWN_PROBLEMS))}${rest}`,
    { errors },
  )
}

/**
 * The candles of a text with the columns `date,open,high,low,close`, newest first whatever their
 * order in the text. `file` is what errors call it.
 * @throws DomainError `market_unavailable` that names file, line, column, value and expectation
 */
export const parseCandles = (text: string, file: string): Candle[] => {
  // A spreadsheet may put a byte order mark in front and carriage returns at the ends of the lines.
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (header.replaceAll(' ', '') !== HEADER) {
    const message = `expected the header ${HEADER}, got ${JSON.stringify(header)}`
    failWith(file, [{ field: 'line 1', message, value: header }])
  }
  const errors: FieldError[] = []
  const byDate = new Map<string, { candle: Candle; number: number }>()
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const number = index + 2
    const row = readRow(line, number)
    if ('errors' in row) {
      errors.push(...row.errors)
      continue
    }
    const { date } = row.candle
    const earlier = byDate.get(date)
    if (earlier) {
      const message = `expected each date once, got ${date}, which is on line ${earlier.number} too`
      errors.push({ field: `line ${number}, date`, message, value: date })
    } else byDate.set(date, { candle: row.candle, number })
  }
  if (errors.length > 0) failWith(file, errors)
  return [...byDate.values()].map(({ candle }) => candle).sort((a, b) => (a.date < b.date ? 1 : -1))
}
