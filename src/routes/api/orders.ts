import { createRoute } from '@hono/zod-openapi'
import type { AppDeps } from '../deps.ts'
import { historyOf, orderOf } from '../history.ts'
import { HistoryParameters, OrderIdParameter, WorkflowIdParameter } from '../parameters.ts'
import { createApi, json, problems } from './describe.ts'
import { HistoryJson, OrderJson, orderJson } from './schemas.ts'

const history = createRoute({
  method: 'get',
  path: '/workflows/{workflow_id}/orders',
  operationId: 'listWorkflowOrders',
  tags: ['Orders'],
  summary: "One page of a workflow's orders",
  description: 'A workflow that was deleted keeps its history until its last order expires.',
  request: { params: WorkflowIdParameter, query: HistoryParameters },
  responses: { 200: json('The page', HistoryJson), ...problems(400, 404, 503) },
})

const one = createRoute({
  method: 'get',
  path: '/orders/{order_id}',
  operationId: 'getOrder',
  tags: ['Orders'],
  summary: 'Everything about one order, and why it was placed',
  request: { params: OrderIdParameter },
  responses: { 200: json('The order', OrderJson), ...problems(400, 404, 503) },
})

/** Orders of the trail. */
export const ordersApi = (deps: Pick<AppDeps, 'trail' | 'workflows' | 'clock'>) =>
  createApi()
    .openapi(history, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const { page, per_page, sort } = c.req.valid('query')
      const now = deps.clock.now()
      const { orders, total } = await historyOf(deps, { workflow_id, page, per_page, sort, now })
      return c.json({ orders, total, page, per_page }, 200)
    })
    .openapi(one, async (c) => {
      const { order_id } = c.req.valid('param')
      return c.json(orderJson(await orderOf(deps, order_id, deps.clock.now())), 200)
    })
