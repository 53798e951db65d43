import { sortKeyOf } from '../domain/order.ts'
import type { LastOrder, OrdersOfDay } from '../domain/workflow.ts'
import { epochSeconds, oldestVisible } from './ttl.ts'

/**
 * A workflow's item holds the orders of its last days as a set of entries, so that a list can count
 * them without a query for each workflow. An entry is the order's place in the trail, cut off where
 * it is unique: the same order is the same entry, however often it is recorded.
 */

const COUNTED_SECONDS = 7 * 24 * 3600
const DAY_MS = 24 * 3_600_000

/** The time, the `#` and the first group of the order id. */
const ENTRY_LENGTH = 33

export const recentEntryOf = (order: Parameters<typeof sortKeyOf>[0]): string =>
  sortKeyOf(order).slice(0, ENTRY_LENGTH)

/** The entries that are too old to be counted ever again, as the newest one shows. */
export const outdatedEntries = (entries: ReadonlySet<string>): Set<string> => {
  const newest = [...entries].sort().at(-1)
  if (newest === undefined) return new Set()
  const [time = ''] = newest.split('#')
  const oldest = oldestVisible(new Date(time), COUNTED_SECONDS)
  return new Set([...entries].filter((entry) => entry < oldest))
}

/**
 * How many orders were placed on each of the last days, seven times 24 hours back: eight days, the
 * first one in part. Orders that the trail keeps for a shorter time are counted for as long as that.
 */
export const countByDay = (
  entries: ReadonlySet<string>,
  last_order: Pick<LastOrder, 'placed_at' | 'ttl'> | null,
  now: Date,
): OrdersOfDay[] => {
  const kept = last_order
    ? last_order.ttl - epochSeconds(Date.parse(last_order.placed_at))
    : COUNTED_SECONDS
  const oldest = oldestVisible(now, Math.min(kept, COUNTED_SECONDS))
  const counts = new Map<string, number>()
  for (let at = now.getTime() - COUNTED_SECONDS * 1000; at <= now.getTime(); at += DAY_MS) {
    counts.set(new Date(at).toISOString().slice(0, 10), 0)
  }
  for (const entry of entries) {
    const day = entry.slice(0, 10)
    const count = counts.get(day)
    if (count !== undefined && entry >= oldest) counts.set(day, count + 1)
  }
  return Array.from(counts, ([day, count]) => ({ day, count }))
}
