import type { OrderFilter } from '../domain/ports.ts'
import { oldestVisible } from './ttl.ts'

/** From where a list is read, in which order, and when. */
export interface Reading {
  /** A sort key, or a point between two; undefined for the first page. */
  position: string | undefined
  newestFirst: boolean
  now: Date
  retention_seconds: number
}

/** A range of sort keys, both ends included. */
interface Window {
  low: string
  high: string
}

/** A partition to read, and the point at which it ends; null for the last one. */
export interface Partition {
  value: string
  end: string | null
}

const DAY_MS = 86_400_000
/** An order bears the time of a clock that may be ahead of ours, so tomorrow may hold some. */
const LEAD_MS = 3_600_000
/** Beyond every sort key. */
const LAST = '9999-12-31T23:59:59.999Z'

const later = (a: string, b: string): string => (a > b ? a : b)
const earlier = (a: string, b: string): string => (a < b ? a : b)

/**
 * The keys of the orders from `from` to before `to` that have not expired and lie beyond the
 * position. A key is an instant and more, so an order of the instant `to` lies outside and one of the
 * instant `from` inside. Only the order that is at the position itself lies inside as well.
 */
export const windowOf = (
  { from = '', to = LAST }: Pick<OrderFilter, 'from' | 'to'>,
  { position, newestFirst, now, retention_seconds }: Reading,
): Window => {
  const low = later(from, oldestVisible(now, retention_seconds))
  if (position === undefined) return { low, high: to }
  return newestFirst
    ? { low, high: earlier(to, position) }
    : { low: later(low, position), high: to }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const startOf = (day: string): string => `${day}T00:00:00.000Z`

/** The days that hold the orders of a window, in the order of reading. */
export const dayPartitions = (
  { low, high }: Window,
  { newestFirst, now, retention_seconds }: Reading,
): Partition[] => {
  const oldest = Date.parse(oldestVisible(now, retention_seconds).slice(0, 10))
  const count = Math.floor((now.getTime() + LEAD_MS - oldest) / DAY_MS) + 1
  const days = Array.from({ length: count }, (_, index) => dayOf(oldest + index * DAY_MS)).filter(
    (day) => day >= low.slice(0, 10) && startOf(day) < high,
  )
  const inOrder = newestFirst ? days.toReversed() : days
  return inOrder.map((day, index) => {
    const following = inOrder[index + 1]
    return {
      value: day,
      end: following === undefined ? null : startOf(newestFirst ? day : following),
    }
  })
}
