import { createRoute, z } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { describeFieldErrors, DomainError } from '../../domain/errors.ts'
import type { OrderFilter, OrdersQuery } from '../../domain/ports.ts'
import type { AppDeps } from '../deps.ts'
import { summaryOf } from '../history.ts'
import { HistoryParameters, OrderListParameters, WorkflowIdParameter } from '../parameters.ts'
import { createApi, problems } from './describe.ts'
import { allLatest } from '../latest-orders.ts'
import { CSV, NDJSON, ROW_FORMATS, type RowFormat } from './order-rows.ts'
import { sendRows } from './send-rows.ts'

type Deps = Pick<AppDeps, 'trail' | 'workflows' | 'clock' | 'logger'>
type Wanted = OrderFilter & Pick<OrdersQuery, 'sort'>

/** The format that was asked for; undefined for JSON, which comes in pages. */
export const rowFormatOf = (c: Context): RowFormat | undefined =>
  ROW_FORMATS.find(({ type }) => type === c.get('mediaType'))

const LIMIT = 100

/** Answers with the orders of one workflow, a row each. */
export const sendHistory = (
  { trail, workflows, clock, logger }: Deps,
  c: Context,
  format: RowFormat,
  { workflow_id, ...wanted }: Wanted & { workflow_id: string },
) => {
  const now = clock.now()
  return sendRows(c, format, {
    name: `orders-${workflow_id}`,
    logger,
    read: async (position) => {
      const query = { ...wanted, workflow_ids: [workflow_id], limit: LIMIT, position, now }
      const page = await trail.listOrders(query)
      // Nothing at the beginning may mean that there is no such workflow.
      if (!position && page.orders.length === 0) {
        await summaryOf({ trail, workflows }, workflow_id, now)
      }
      return page
    },
  })
}

/** Answers with the orders of all workflows, or with the newest one of each, a row each. */
export const sendOrders = (
  { trail, clock, logger }: Pick<Deps, 'trail' | 'clock' | 'logger'>,
  c: Context,
  format: RowFormat,
  { latest, sort, ...filter }: Wanted & { latest: boolean },
) => {
  const now = clock.now()
  return sendRows(c, format, {
    name: 'orders',
    logger,
    read: async (position) =>
      latest
        ? { orders: await allLatest(trail, filter, { sort, limit: LIMIT, now }), next: null }
        : trail.listOrders({ ...filter, sort, limit: LIMIT, position, now }),
  })
}

const PAGING = ['page', 'per_page', 'cursor']

/** Refuses to give a page of what is always whole. */
export const wholeList: MiddlewareHandler = async (c, next) => {
  const format = rowFormatOf(c)
  if (format) {
    const errors = PAGING.flatMap((field) => {
      const value = c.req.query(field)
      const message = `expected no ${field}: ${format.type} holds the whole list`
      return value === undefined ? [] : [{ field, message, value }]
    })
    if (errors.length > 0) {
      throw new DomainError('bad_request', describeFieldErrors(errors), { errors })
    }
  }
  await next()
}

const contentOf = ({ description }: RowFormat) => ({
  schema: z.string().meta({ description }),
})

/**
 * A list as rows, for the answer of a route that has it as JSON as well. It has no types to show: the
 * typed client asks for JSON alone.
 */
export const ROWS_CONTENT: object = { [CSV.type]: contentOf(CSV), [NDJSON.type]: contentOf(NDJSON) }

/** What a browser saves rows as. */
export const disposition = z
  .string()
  .optional()
  .meta({
    header: {
      id: 'Content-Disposition',
      description: 'The name of the file',
      example: `attachment; filename="orders.${CSV.extension}"`,
    },
  })

const WHOLE =
  'The whole list, sent while it is read. A transfer that breaks off is not complete; one that ends is.'

const fileOf = (format: RowFormat) => ({
  200: {
    description: 'All orders that the filter leaves',
    content: { [format.type]: contentOf(format) },
    headers: z.object({ 'Content-Disposition': disposition }),
  },
})

const historyFile = (format: RowFormat) =>
  createRoute({
    method: 'get',
    path: `/workflows/{workflow_id}/orders.${format.extension}`,
    operationId: `exportWorkflowOrders${format.name}`,
    tags: ['Orders'],
    summary: `A workflow's orders as ${format.name}`,
    description: WHOLE,
    middleware: wholeList,
    request: {
      params: WorkflowIdParameter,
      query: HistoryParameters.omit({ page: true, per_page: true, cursor: true }),
    },
    responses: { ...fileOf(format), ...problems(400, 404, 503) },
  })

const ordersFile = (format: RowFormat) =>
  createRoute({
    method: 'get',
    path: `/orders.${format.extension}`,
    operationId: `exportOrders${format.name}`,
    tags: ['Orders'],
    summary: `Orders of all workflows as ${format.name}`,
    description: WHOLE,
    middleware: wholeList,
    request: { query: OrderListParameters.omit({ per_page: true, cursor: true }) },
    responses: { ...fileOf(format), ...problems(400, 503) },
  })

/** The lists as files, under paths that a link can name. */
export const orderExportsApi = (deps: Deps) => {
  const api = createApi()
  for (const format of ROW_FORMATS) {
    api.openapi(historyFile(format), (c) =>
      sendHistory(deps, c, format, { ...c.req.valid('param'), ...c.req.valid('query') }),
    )
    api.openapi(ordersFile(format), (c) => {
      const { workflow_id, ...wanted } = c.req.valid('query')
      return sendOrders(deps, c, format, { ...wanted, workflow_ids: workflow_id })
    })
  }
  return api
}
