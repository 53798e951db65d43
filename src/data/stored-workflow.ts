import { z } from 'zod'
import { Instant } from '../domain/candle.ts'
import { describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import {
  LastOrder,
  LastRun,
  StoredDefinition,
  WorkflowId,
  type BrokenWorkflow,
  type Workflow,
} from '../domain/workflow.ts'
import { countByDay } from './recent-orders.ts'
import { isExpired } from './ttl.ts'

type Item = Record<string, unknown>

const Stamps = z.object({
  id: WorkflowId,
  revision: z
    .int({ error: 'expected a whole number from 1' })
    .positive({ error: 'expected a whole number from 1' }),
  created_at: Instant,
  updated_at: Instant,
})

/** What is kept beside the definition for lists; the originals are elsewhere, so a broken copy is none. */
const LastOrderCopy = LastOrder.nullable().catch(null)
const LastRunCopy = LastRun.nullable().catch(null)
export const RecentOrders = z.set(z.string()).catch(() => new Set<string>())

/**
 * A run's account of an order goes when the order goes: it is the workflow's last order, or it has
 * expired (or waits to be recorded, or was refused, and cannot be shown either).
 */
const withoutExpired = (run: LastRun | null, order: LastOrder | null): LastRun | null =>
  run?.decision?.kind === 'order' &&
  (run.outcome === 'placed' || run.outcome === 'duplicate') &&
  run.order_id !== order?.order_id
    ? { ...run, order_id: null, decision: null }
    : run

/**
 * Reads a stored item, of the table or of a file. One that is no valid workflow comes back as what is
 * wrong with it. A last order that has expired is none.
 */
export const parseWorkflow = (
  item: Item,
  now: Date,
):
  | { workflow: Workflow; broken?: undefined }
  | { workflow?: undefined; broken: BrokenWorkflow } => {
  const { id, revision, created_at, updated_at, last_order, recent_orders, last_run, ...fields } =
    item
  const stamps = Stamps.safeParse({ id, revision, created_at, updated_at })
  const definition = StoredDefinition.safeParse(fields)
  if (!stamps.success || !definition.success) {
    const issues = [...(stamps.error?.issues ?? []), ...(definition.error?.issues ?? [])]
    const name = fields['name']
    return {
      broken: {
        id: String(id),
        name: typeof name === 'string' ? name : '',
        problem: describeFieldErrors(fieldErrors(issues, item)),
      },
    }
  }
  const copy = LastOrderCopy.parse(last_order ?? null)
  const order = copy && !isExpired(copy.ttl, now) ? copy : null
  return {
    workflow: {
      ...definition.data,
      ...stamps.data,
      last_order: order,
      orders_by_day: countByDay(RecentOrders.parse(recent_orders), copy, now),
      last_run: withoutExpired(LastRunCopy.parse(last_run ?? null), order),
    },
  }
}
