import { DomainError } from '../domain/errors.ts'
import { unknownWorkflow } from '../domain/workflow.ts'
import type { HistoryQuery, Trail, Workflows } from '../domain/ports.ts'
import type { Order, OrderSummary } from '../domain/order.ts'
import { findOrProblem } from './find-workflow.ts'

/**
 * One page of a workflow's orders. A workflow that was deleted keeps its history until the last
 * order expires, so an id is unknown only when it has neither a workflow nor orders. One that is
 * stored and cannot be read has a history like any other.
 * @throws DomainError `not_found` for an unknown id
 */
export const historyOf = async (
  {
    trail,
    workflows,
  }: { trail: Pick<Trail, 'getWorkflowOrders'>; workflows: Pick<Workflows, 'find'> },
  query: HistoryQuery,
): Promise<{ orders: OrderSummary[]; total: number }> => {
  const history = await trail.getWorkflowOrders(query)
  // Further pages have an `until`: there were orders, and they have expired while one was reading.
  const isKnown = history.total > 0 || query.until !== undefined
  if (!isKnown && !(await findOrProblem(workflows, query.workflow_id, query.now))) {
    throw unknownWorkflow(query.workflow_id)
  }
  return history
}

/**
 * How many orders a workflow has, and its newest one; the workflow may have been deleted.
 * @throws DomainError `not_found` for an id that has neither a workflow nor orders
 */
export const summaryOf = async (
  {
    trail,
    workflows,
  }: { trail: Pick<Trail, 'summarizeWorkflowOrders'>; workflows: Pick<Workflows, 'find'> },
  workflow_id: string,
  now: Date,
): Promise<{ count: number; latest: OrderSummary | null }> => {
  const summary = await trail.summarizeWorkflowOrders(workflow_id, now)
  if (summary.count === 0 && !(await findOrProblem(workflows, workflow_id, now))) {
    throw unknownWorkflow(workflow_id)
  }
  return summary
}

/**
 * One order of the trail.
 * @throws DomainError `not_found` when it is unknown or has expired
 */
export const orderOf = async (
  { trail }: { trail: Pick<Trail, 'getOrder'> },
  order_id: string,
  now: Date,
): Promise<Order> => {
  const order = await trail.getOrder(order_id, now)
  if (!order) throw new DomainError('not_found', `there is no order ${order_id}, or it has expired`)
  return order
}
