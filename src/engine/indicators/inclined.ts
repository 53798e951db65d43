import { DomainError } from '../../domain/errors.ts'
import type { Calendar } from '../../domain/ports.ts'

const DAY_MS = 86_400_000

/** A dated price that the line goes through; `x` is `YYYY-MM-DD`. */
export interface Point {
  x: string
  y: number
}

/**
 * The open days after `start`, up to and with `end`; 0 when `start` is not before `end`. Days are
 * `YYYY-MM-DD`. A day that has not come is never counted for a part of today (decision D10).
 */
export const businessDays = (start: string, end: string, isOpen: Calendar['isOpen']): number => {
  const last = Date.parse(`${end}T00:00:00Z`)
  let count = 0
  for (let at = Date.parse(`${start}T00:00:00Z`) + DAY_MS; at <= last; at += DAY_MS) {
    if (isOpen(new Date(at).toISOString().slice(0, 10))) count += 1
  }
  return count
}

/** The value at `x` of the straight line through (x0, y0) and (x1, y1); x0 and x1 differ. */
export const linear = (x0: number, y0: number, x1: number, y1: number, x: number): number =>
  ((y1 - y0) / (x1 - x0)) * (x - x0) + y0

/**
 * The prices on these days, oldest first, of the line through two dated prices, measured in open days
 * from the first one (DOMAIN 6.8). Throws `invalid` when no open day lies between the two points.
 */
export const inclinedValues = (
  first: Point,
  second: Point,
  days: readonly string[],
  isOpen: Calendar['isOpen'],
): number[] => {
  const width = businessDays(first.x, second.x, isOpen)
  if (width === 0) {
    throw new DomainError(
      'invalid',
      `no open day between x1 (${first.x}) and x2 (${second.x}), so they make no line`,
    )
  }
  let counted = first.x
  let count = 0
  return days.map((day) => {
    count += businessDays(counted, day, isOpen)
    if (day > counted) counted = day
    return linear(0, first.y, width, second.y, count)
  })
}

/** The price today of that line. */
export const inclinedValue = (first: Point, second: Point, { today, isOpen }: Calendar): number =>
  inclinedValues(first, second, [today], isOpen)[0] ?? Number.NaN
