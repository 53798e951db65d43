import { decodeCursor, encodeCursor, type CursorScope } from '../domain/cursor.ts'
import type { ListedOrder } from '../domain/order.ts'
import type { OrderFilter, OrdersPage, OrdersQuery, Trail } from '../domain/ports.ts'
import { latestPage } from './latest-orders.ts'

/** The pages before and after a page, null where there is none. */
export interface Cursors {
  next_cursor: string | null
  previous_cursor: string | null
}

/** The list that a cursor belongs to. */
export const scopeOf = (
  route: string,
  { workflow_ids, ids, ...filter }: OrderFilter,
  more: { sort: string; latest?: string },
): CursorScope => ({ route, filter: { ...filter, workflow_ids, ids, ...more } })

/** The neighbours of a page of this list as cursors. */
export const cursorsOf = (
  { next, previous }: Pick<OrdersPage, 'next' | 'previous'>,
  scope: CursorScope,
): Cursors => ({
  next_cursor: next && encodeCursor(next, scope),
  previous_cursor: previous && encodeCursor(previous, scope),
})

interface OrderPageQuery extends Pick<OrdersQuery, 'sort' | 'limit' | 'now'> {
  filter: OrderFilter
  /** Only the newest order of each workflow. */
  latest: boolean
  /** From another page of the same list; undefined for the first one. */
  cursor: string | undefined
}

/**
 * One page of the orders of all workflows, with its neighbours. `incomplete_before` is null, or the
 * time before which a very large trail was not searched for the newest orders.
 * @throws DomainError `bad_request` for a cursor of another list
 */
export const orderPage = async (
  trail: Pick<Trail, 'listOrders' | 'latestOrders'>,
  { filter, latest, cursor, ...query }: OrderPageQuery,
): Promise<{ orders: ListedOrder[]; incomplete_before: string | null } & Cursors> => {
  const scope = scopeOf('orders', filter, { sort: query.sort, latest: String(latest) })
  const position = cursor === undefined ? null : decodeCursor(cursor, scope)
  if (latest) {
    const { since, ...page } = await latestPage(trail, filter, { ...query, position })
    return { orders: page.orders, ...cursorsOf(page, scope), incomplete_before: since }
  }
  const page = await trail.listOrders({ ...filter, ...query, position })
  return { orders: page.orders, ...cursorsOf(page, scope), incomplete_before: null }
}
