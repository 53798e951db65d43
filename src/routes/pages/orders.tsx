import { Hono } from 'hono'
import { DomainError } from '../../domain/errors.ts'
import type { OrderSummary } from '../../domain/order.ts'
import type { Clock, Trail, Workflows } from '../../domain/ports.ts'
import { paths } from '../../paths.ts'
import { LiveOrders } from '../../views/components/live-orders.tsx'
import { OrderHistory } from '../../views/components/order-history.tsx'
import { ORDERS_PER_PAGE } from '../../views/components/history-pages.tsx'
import { formatSpan } from '../../views/format.ts'
import { OrderPage, orderTitle } from '../../views/pages/order-page.tsx'
import { WorkflowOrdersPage, type HistorySubject } from '../../views/pages/workflow-orders-page.tsx'
import { findOrProblem } from '../find-workflow.ts'
import { historyOf } from '../history.ts'
import { OrderIdParameter, PageParameters, validated, WorkflowIdParameter } from '../parameters.ts'
import { pageOrFragment } from '../respond.tsx'

interface Deps {
  workflows: Pick<Workflows, 'find'>
  trail: Pick<Trail, 'getWorkflowOrders' | 'getOrder'>
  clock: Clock
  retention_seconds: number
}

/** Whose history it is; the newest order knows the name of a workflow that cannot be read. */
const subjectOf = async (
  { workflows, trail }: Pick<Deps, 'workflows' | 'trail'>,
  workflow_id: string,
  newest: OrderSummary | undefined,
  now: Date,
): Promise<HistorySubject> => {
  const workflow = await findOrProblem(workflows, workflow_id, now)
  const isBroken = workflow instanceof DomainError
  if (workflow && !isBroken) return { workflow_id, name: workflow.name, state: 'stored' }
  const order = newest ? await trail.getOrder(newest.order_id, now) : null
  return {
    workflow_id,
    name: order?.workflow_name ?? null,
    state: isBroken ? 'broken' : 'deleted',
  }
}

/** `/workflows/{workflow_id}/orders` and `/orders/{order_id}`. */
export const ordersPages = (deps: Deps) =>
  new Hono()
    .get(
      `${paths.workflows}/:workflow_id/orders`,
      validated('param', WorkflowIdParameter),
      validated('query', PageParameters),
      async (c) => {
        const { workflow_id } = c.req.valid('param')
        const query = { workflow_id, ...c.req.valid('query'), per_page: ORDERS_PER_PAGE }
        const now = deps.clock.now()
        const history = await historyOf(deps, { ...query, sort: '-placed_at', now })
        const part = <OrderHistory {...query} {...history} now={now} />
        return pageOrFragment(c, part, async () => {
          const subject = await subjectOf(deps, workflow_id, history.orders[0], now)
          const title = `Order history of ${subject.name ?? workflow_id}`
          const newest = history.orders[0] ?? null
          // Further pages stay what they were when the first one was shown.
          const live = subject.state === 'stored' && query.page === 1 && (
            <LiveOrders newest={newest} query={{ workflow_id }} now={now} />
          )
          return {
            title,
            content: <WorkflowOrdersPage {...{ subject, live }}>{part}</WorkflowOrdersPage>,
          }
        })
      },
    )
    .get('/orders/:order_id', validated('param', OrderIdParameter), async (c) => {
      const { order_id } = c.req.valid('param')
      const now = deps.clock.now()
      const order = await deps.trail.getOrder(order_id, now)
      if (!order) {
        const kept = formatSpan(deps.retention_seconds)
        const detail = `there is no order ${order_id}, or it has expired: orders are kept for ${kept}`
        throw new DomainError('not_found', detail)
      }
      return c.render(<OrderPage order={order} now={now} />, { title: orderTitle(order) })
    })
