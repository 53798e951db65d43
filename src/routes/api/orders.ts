import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { decodeCursor } from '../../domain/cursor.ts'
import { describeFieldErrors, DomainError } from '../../domain/errors.ts'
import { sortKeyOf, type ListedOrder, type OrderSummary } from '../../domain/order.ts'
import type { OrderFilter } from '../../domain/ports.ts'
import type { AppDeps } from '../deps.ts'
import { historyOf, orderOf, summaryOf } from '../history.ts'
import { cursorsOf, orderPage, scopeOf, type Cursors } from '../order-page.ts'
import {
  HistoryParameters,
  OrderIdParameter,
  OrderListParameters,
  WorkflowIdParameter,
} from '../parameters.ts'
import { createApi, json, problems } from './describe.ts'
import { Link } from './headers.ts'
import {
  disposition,
  orderExportsApi,
  ROWS_CONTENT,
  rowFormatOf,
  sendHistory,
  sendOrders,
  wholeList,
} from './order-exports.ts'
import {
  HistoryJson,
  OrderJson,
  orderJson,
  OrderListJson,
  orderListItem,
  OrdersSummaryJson,
} from './schemas.ts'

const tags = ['Orders']

/** A page with its neighbours, which RFC 8288 tells without a look at the body; or the whole list. */
const pageOrRows = <Schema extends z.ZodType>(schema: Schema) => ({
  description: 'The page as JSON, or the whole list as rows',
  content: { 'application/json': { schema }, ...ROWS_CONTENT },
  headers: z.object({
    Link,
    'Content-Disposition': disposition,
  }),
})

const AS_ROWS =
  'As rows (`Accept: text/csv` or `application/x-ndjson`) it is always the whole list, without `page`, `per_page` and `cursor`.'

const history = createRoute({
  method: 'get',
  path: '/workflows/{workflow_id}/orders',
  operationId: 'listWorkflowOrders',
  tags,
  summary: "One page of a workflow's orders",
  description:
    'By `page`, with the total, or by `cursor` and filters, without it. Following `next_cursor` to the end gives every order exactly once, whatever is placed meanwhile. A workflow that was deleted keeps its history until its last order expires. ' +
    AS_ROWS,
  middleware: wholeList,
  request: { params: WorkflowIdParameter, query: HistoryParameters },
  responses: { 200: pageOrRows(HistoryJson), ...problems(400, 404, 503) },
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
    'Following `next_cursor` to the end gives every order exactly once, whatever is placed meanwhile; a page may be short or empty and still have a next one. With `latest=true` only the newest order of each workflow; `incomplete_before` is then null, or the time before which a very large trail was not searched. ' +
    AS_ROWS,
  middleware: wholeList,
  request: { query: OrderListParameters },
  responses: { 200: pageOrRows(OrderListJson), ...problems(400, 503) },
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

/** The neighbours of a page, which RFC 8288 tells as links of the same request. */
const linked = (c: Context, cursors: Cursors): Cursors => {
  const { pathname, searchParams } = new URL(c.req.url)
  const { next_cursor: next, previous_cursor: prev } = cursors
  const links = Object.entries({ next, prev }).flatMap(([rel, cursor]) => {
    if (cursor === null) return []
    const query = new URLSearchParams(searchParams)
    query.delete('page')
    query.set('cursor', cursor)
    return [`<${pathname}?${query.toString()}>; rel="${rel}"`]
  })
  if (links.length > 0) c.header('Link', links.join(', '))
  return cursors
}

const summaryItem = ({
  order_id,
  workflow_id,
  placed_at,
  price,
  quantity,
  direction,
}: ListedOrder): OrderSummary => ({ order_id, workflow_id, placed_at, price, quantity, direction })

/** Orders of the trail: of one workflow, of all of them, and each by itself. */
export const ordersApi = (deps: Pick<AppDeps, 'trail' | 'workflows' | 'clock' | 'logger'>) =>
  createApi()
    .openapi(history, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const query = c.req.valid('query')
      const { page: number, per_page, sort, cursor, ...filter } = query
      const format = rowFormatOf(c)
      if (format) return sendHistory(deps, c, format, { ...filter, workflow_id, sort })
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
        return c.json(
          { orders, total, page: at, per_page, ...linked(c, cursorsOf(around, scope)) },
          200,
        )
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
          ...linked(c, cursorsOf(found, scope)),
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
      const filter: OrderFilter = { ...rest, workflow_ids: workflow_id }
      const format = rowFormatOf(c)
      if (format) return sendOrders(deps, c, format, { ...filter, sort, latest })
      const now = deps.clock.now()
      const found = await orderPage(deps.trail, {
        filter,
        sort,
        latest,
        cursor,
        limit: per_page,
        now,
      })
      const { orders, incomplete_before, ...cursors } = found
      return c.json(
        {
          orders: orders.map(orderListItem),
          per_page,
          ...linked(c, cursors),
          incomplete_before,
        },
        200,
      )
    })
    .openapi(one, async (c) => {
      const { order_id } = c.req.valid('param')
      return c.json(orderJson(await orderOf(deps, order_id, deps.clock.now())), 200)
    })
    .route('/', orderExportsApi(deps))
