import { Hono } from 'hono'
import type { Order } from '../../domain/order.ts'
import type { AppDeps } from '../deps.ts'
import { historyOf, orderOf } from '../history.ts'
import {
  HistoryParameters,
  OrderIdParameter,
  validated,
  WorkflowIdParameter,
} from '../parameters.ts'

/** An order as JSON: its record, and `expires_at`, the instant of its ttl. */
export const orderJson = (order: Order) => ({
  ...order,
  expires_at: new Date(order.ttl * 1000).toISOString(),
})

/** `/api/workflow/workflows/{workflow_id}/orders` and `/api/workflow/orders/{order_id}`. */
export const ordersApi = (deps: Pick<AppDeps, 'trail' | 'workflows' | 'clock'>) =>
  new Hono()
    .get(
      '/workflows/:workflow_id/orders',
      validated('param', WorkflowIdParameter),
      validated('query', HistoryParameters),
      async (c) => {
        const { workflow_id } = c.req.valid('param')
        const { page, per_page, sort } = c.req.valid('query')
        const now = deps.clock.now()
        const history = await historyOf(deps, { workflow_id, page, per_page, sort, now })
        return c.json({ orders: history.orders, total: history.total, page, per_page })
      },
    )
    .get('/orders/:order_id', validated('param', OrderIdParameter), async (c) => {
      const { order_id } = c.req.valid('param')
      const order = await orderOf(deps, order_id, deps.clock.now())
      return c.json(orderJson(order))
    })
