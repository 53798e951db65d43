import type { PagePosition } from '../domain/cursor.ts'
import { sortKeyOf, type ListedOrder } from '../domain/order.ts'
import type { OrderFilter, OrdersPage, OrdersQuery, Trail } from '../domain/ports.ts'

const matches =
  ({ workflow_ids, direction, order_type, instrument, from, to, ids }: OrderFilter) =>
  (order: ListedOrder): boolean =>
    (!workflow_ids?.length || workflow_ids.includes(order.workflow_id)) &&
    (!ids?.length || ids.includes(order.order_id)) &&
    (direction === undefined || order.direction === direction) &&
    (order_type === undefined || order.order_type === order_type) &&
    (instrument === undefined || order.asset.code === instrument) &&
    (from === undefined || order.placed_at >= from) &&
    (to === undefined || order.placed_at < to)

const chosen = (
  newestFirst: readonly ListedOrder[],
  filter: OrderFilter,
  sort: OrdersQuery['sort'],
): ListedOrder[] => {
  const wanted = newestFirst.filter(matches(filter))
  return sort === 'placed_at' ? wanted.toReversed() : wanted
}

/** One page of the newest orders of all workflows: they are few enough to be cut here. */
export const latestPage = async (
  trail: Pick<Trail, 'latestOrders'>,
  filter: OrderFilter,
  { sort, limit, position, now }: Pick<OrdersQuery, 'sort' | 'limit' | 'position' | 'now'>,
): Promise<OrdersPage & { since: string | null }> => {
  const { orders: newestFirst, since } = await trail.latestOrders(now)
  const orders = chosen(newestFirst, filter, sort)
  const isBefore = (order: ListedOrder, key: string): boolean =>
    sort === 'placed_at' ? sortKeyOf(order) < key : sortKeyOf(order) > key
  const isBackward = position?.paging === 'backward'
  const before = position ? orders.filter((order) => isBefore(order, position.key)).length : 0
  const skipped = position && orders[before] && sortKeyOf(orders[before]) === position.key ? 1 : 0
  const start = isBackward ? Math.max(0, before - limit) : before + skipped
  const end = isBackward ? before : start + limit
  const shown = orders.slice(start, end)
  const [first, last] = [shown.at(0), shown.at(-1)]
  return {
    orders: shown,
    next: last && end < orders.length ? { key: sortKeyOf(last), paging: 'forward' } : null,
    previous: first && start > 0 ? { key: sortKeyOf(first), paging: 'backward' } : null,
    since,
  }
}

/** The newest orders of all workflows, however far back they are. */
export const allLatest = async (
  trail: Pick<Trail, 'latestOrders' | 'listOrders'>,
  filter: OrderFilter,
  { sort, limit, now }: Pick<OrdersQuery, 'sort' | 'limit' | 'now'>,
): Promise<ListedOrder[]> => {
  const { orders, since } = await trail.latestOrders(now)
  const latest = new Map(orders.map((order) => [order.workflow_id, order]))
  if (since !== null) {
    // There may be more orders of this very millisecond.
    const to = new Date(Date.parse(since) + 1).toISOString()
    let position: PagePosition | null = null
    do {
      const page: OrdersPage = await trail.listOrders({
        to,
        sort: '-placed_at',
        limit,
        position,
        now,
      })
      for (const order of page.orders) {
        if (!latest.has(order.workflow_id)) latest.set(order.workflow_id, order)
      }
      position = page.next
    } while (position)
  }
  return chosen([...latest.values()], filter, sort)
}
