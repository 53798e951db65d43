import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { allOrders, ApiError, parseResponse, type Client } from '../client/client.ts'
import { hasCode, messageOf } from '../domain/errors.ts'
import type { OrderRow } from '../routes/api/order-rows.ts'
import type { OrderListParameters } from '../routes/parameters.ts'

const INTERVAL_MS = 3000
/** An order that could not be recorded at once comes to the trail later, under the time of its placement. */
const LOOK_BACK_MS = 3_600_000
const GIVE_UP_AFTER_MS = 60_000

interface FollowOptions {
  query: z.input<typeof OrderListParameters>
  /** Is given orders in the sequence of their times. */
  show: (orders: readonly OrderRow[]) => void
  /** Is told once when the server stops answering. */
  warn: (problem: string) => void
  signal: AbortSignal
  /** Milliseconds of a clock that never goes back. */
  elapsed: () => number
}

const isOutage = (error: unknown): boolean =>
  error instanceof ApiError
    ? error.status >= 500 || error.status === 429
    : hasCode(error, 'store_unavailable')

const byTime = (a: OrderRow, b: OrderRow): number =>
  a.placed_at === b.placed_at
    ? a.order_id.localeCompare(b.order_id)
    : a.placed_at.localeCompare(b.placed_at)

/**
 * Shows the newest orders of a list, and then each further one once, within seconds of its recording,
 * until the signal. One that is recorded more than an hour after the newest one was placed is not seen.
 * @throws ApiError or DomainError of the first request, and of one that fails for a whole minute
 */
export const followOrders = async (client: Client, options: FollowOptions): Promise<void> => {
  const { query, show, warn, signal, elapsed } = options
  const seen = new Map<string, string>()

  /** From where on a poll reads: shortly before the newest known order. */
  const start = (): string | undefined => {
    const newest = [...seen.values()].reduce((a, b) => (a > b ? a : b), '')
    if (newest === '') return query.from
    const since = new Date(Date.parse(newest) - LOOK_BACK_MS).toISOString()
    return query.from !== undefined && query.from > since ? query.from : since
  }
  const note = (orders: readonly OrderRow[]): void => {
    for (const { order_id, placed_at } of orders) seen.set(order_id, placed_at)
    const from = start() ?? ''
    // No poll reads these again.
    for (const [order_id, placed_at] of seen) if (placed_at < from) seen.delete(order_id)
  }
  const recent = async (): Promise<OrderRow[]> => {
    const from = start()
    const orders: OrderRow[] = []
    const pages = allOrders((cursor) =>
      client.orders.$get({ query: { ...query, from, per_page: '100', cursor } }),
    )
    for await (const order of pages) orders.push(order)
    return orders
  }

  const { orders: page } = await parseResponse(client.orders.$get({ query }))
  note(page)
  note(await recent())
  show(page.toSorted(byTime))

  let failing: number | undefined
  while (!signal.aborted) {
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    try {
      const fresh = (await recent()).filter(({ order_id }) => !seen.has(order_id))
      note(fresh)
      if (fresh.length > 0) show(fresh.toSorted(byTime))
      failing = undefined
    } catch (error) {
      if (!isOutage(error)) throw error
      if (failing === undefined) warn(messageOf(error))
      failing ??= elapsed()
      if (elapsed() - failing > GIVE_UP_AFTER_MS) throw error
    }
  }
}
