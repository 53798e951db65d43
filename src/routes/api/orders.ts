import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { decodeCursor, encodeCursor, type CursorScope } from '../../domain/cursor.ts'
import { describeFieldErrors, DomainError } from '../../domain/errors.ts'
import { sortKeyOf, type ListedOrder, type OrderSummary } from '../../domain/order.ts'
import type { OrderFilter, OrdersPage, OrdersQuery } from '../../domain/ports.ts'
import type { AppDeps } from '../deps.ts'
import { historyOf, orderOf, summaryOf } from '../history.ts'
import {
  HistoryParameters,
  OrderIdParameter,
  OrderListParameters,
  WorkflowIdParameter,
} from '../parameters.ts'
import { createApi, json, problems } from './describe.ts'
import {
  HistoryJson,
  OrderJson,
  orderJson,
  OrderListJson,
  orderListItem,
  OrdersSummaryJson,
} from './schemas.ts'

const tags = ['Orders']

/** A page that has neighbours, which RFC 8288 tells programs without reading the body. */
const page = <Schema extends z.ZodType>(schema: Schema) => ({
  ...json('The page', schema),
  headers: z.object({
    Link: z
      .string()
      .optional()
      .openapi({ description: 'The next and the previous page, as far as there are any' }),
  }),
})

const history = createRoute({
  method: 'get',
  path: '/workflows/{workflow_id}/orders',
  operationId: 'listWorkflowOrders',
  tags,
  summary: "One page of a workflow's orders",
  description:
    'By `page`, with the total, or by `cursor` and filters, without it. Following `next_cursor` to the end gives every order exactly once, whatever is placed meanwhile. A workflow that was deleted keeps its history until its last order expires.',
  request: { params: WorkflowIdParameter, query: HistoryParameters },
  responses: { 200: page(HistoryJson), ...problems(400, 404, 503) },
})

const summary = createRoute({
  method: 'get',
  path: '/workflows/{workflow_id}/orders/summary',
  operationId: 'summarizeWorkflowOrders',
  tags,
  summary: 'How many orders a workflow has, and its last one',
  request: { params: WorkflowIdParameter },
  responses: { 200: json('The summary', OrdersSummaryJson), ...problems(400, 404, 503) },
})

const list = createRoute({
  method: 'get',
  path: '/orders',
  operationId: 'listOrders',
  tags,
  summary: 'Orders of all workflows, deleted ones included',
  description:
    'Following `next_cursor` to the end gives every order exactly once, whatever is placed meanwhile; a page may be short or empty and still have a next one. With `latest=true` only the newest order of each workflow; `incomplete_before` is then null, or the time before which a very large trail was not searched.',
  request: { query: OrderListParameters },
  responses: { 200: page(OrderListJson), ...problems(400, 503) },
})

const one = createRoute({
  method: 'get',
  path: '/orders/{order_id}',
  operationId: 'getOrder',
  tags,
  summary: 'Everything about one order, and why it was placed',
  request: { params: OrderIdParameter },
  responses: { 200: json('The order', OrderJson), ...problems(400, 404, 503) },
})

const contradiction = (field: string, message: string): DomainError => {
  const errors = [{ field, message }]
  return new DomainError('bad_request', describeFieldErrors(errors), { errors })
}

/** The list that a cursor belongs to. */
const scopeOf = (
  route: string,
  { workflow_ids, ids, ...filter }: OrderFilter,
  more: { sort: string; latest?: string },
): CursorScope => ({ route, filter: { ...filter, workflow_ids, ids, ...more } })

/** The neighbours of a page as cursors, and as links of the same request. */
const neighbours = (
  c: Context,
  { next, previous }: Pick<OrdersPage, 'next' | 'previous'>,
  scope: CursorScope,
): { next_cursor: string | null; previous_cursor: string | null } => {
  const next_cursor = next && encodeCursor(next, scope)
  const previous_cursor = previous && encodeCursor(previous, scope)
  const { pathname, searchParams } = new URL(c.req.url)
  const links = Object.entries({ next: next_cursor, prev: previous_cursor }).flatMap(
    ([rel, cursor]) => {
      if (cursor === null) return []
      const query = new URLSearchParams(searchParams)
      query.delete('page')
      query.set('cursor', cursor)
      return [`<${pathname}?${query.toString()}>; rel="${rel}"`]
    },
  )
  if (links.length > 0) c.header('Link', links.join(', '))
  return { next_cursor, previous_cursor }
}

const summaryItem = ({
  order_id,
  workflow_id,
  placed_at,
  price,
  quantity,
  direction,
}: ListedOrder): OrderSummary => ({ order_id, workflow_id, placed_at, price, quantity, direction })

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

/** One page of the newest orders of all workflows: they are few enough to be cut here. */
const latestPage = async (
  { trail }: Pick<AppDeps, 'trail'>,
  filter: OrderFilter,
  { sort, limit, position, now }: Pick<OrdersQuery, 'sort' | 'limit' | 'position' | 'now'>,
): Promise<OrdersPage & { since: string | null }> => {
  const { orders: newestFirst, since } = await trail.latestOrders(now)
  const wanted = newestFirst.filter(matches(filter))
  const orders = sort === 'placed_at' ? wanted.toReversed() : wanted
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

/** Orders of the trail: of one workflow, of all of them, and each by itself. */
export const ordersApi = (deps: Pick<AppDeps, 'trail' | 'workflows' | 'clock'>) =>
  createApi()
    .openapi(history, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const query = c.req.valid('query')
      const { page: number, per_page, sort, cursor, ...filter } = query
      const now = deps.clock.now()
      const of = { ...filter, workflow_ids: [workflow_id] }
      const scope = scopeOf('history', of, { sort })
      const isFiltered = Object.values(filter).some((value) => value !== undefined)
      if (cursor === undefined && !isFiltered) {
        const at = number ?? 1
        const found = await historyOf(deps, { workflow_id, page: at, per_page, sort, now })
        const [first, last] = [found.orders.at(0), found.orders.at(-1)]
        const next = last && at * per_page < found.total ? sortKeyOf(last) : null
        const previous = first && at > 1 ? sortKeyOf(first) : null
        const around = {
          next: next === null ? null : { key: next, paging: 'forward' as const },
          previous: previous === null ? null : { key: previous, paging: 'backward' as const },
        }
        const { orders, total } = found
        return c.json({ orders, total, page: at, per_page, ...neighbours(c, around, scope) }, 200)
      }
      if (number !== undefined) {
        throw contradiction('page', 'expected no page together with a cursor or a filter')
      }
      const position = cursor === undefined ? null : decodeCursor(cursor, scope)
      const found = await deps.trail.listOrders({ ...of, sort, limit: per_page, position, now })
      // Nothing on this page may mean that there is no such workflow at all.
      if (found.orders.length === 0) await summaryOf(deps, workflow_id, now)
      return c.json(
        {
          orders: found.orders.map(summaryItem),
          total: null,
          page: null,
          per_page,
          ...neighbours(c, found, scope),
        },
        200,
      )
    })
    .openapi(summary, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const { count, latest } = await summaryOf(deps, workflow_id, deps.clock.now())
      return c.json({ workflow_id, count, last_order: latest }, 200)
    })
    .openapi(list, async (c) => {
      const { per_page, sort, cursor, latest, workflow_id, ...rest } = c.req.valid('query')
      const now = deps.clock.now()
      const filter: OrderFilter = { ...rest, workflow_ids: workflow_id }
      const scope = scopeOf('orders', filter, { sort, latest: String(latest) })
      const position = cursor === undefined ? null : decodeCursor(cursor, scope)
      const { since, ...found } = latest
        ? await latestPage(deps, filter, { sort, limit: per_page, position, now })
        : {
            ...(await deps.trail.listOrders({ ...filter, sort, limit: per_page, position, now })),
            since: null,
          }
      return c.json(
        {
          orders: found.orders.map(orderListItem),
          per_page,
          ...neighbours(c, found, scope),
          incomplete_before: since,
        },
        200,
      )
    })
    .openapi(one, async (c) => {
      const { order_id } = c.req.valid('param')
      return c.json(orderJson(await orderOf(deps, order_id, deps.clock.now())), 200)
    })
