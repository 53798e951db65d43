import { messageOf } from '../domain/errors.ts'
import type { PlacedOrder } from '../domain/order.ts'
import type { Broker, Intents, Journal, Logger } from '../domain/ports.ts'
import { asPlaced, recordOrder, type RecordDeps } from './record.ts'

/** Longer than any broker takes to show an order that it accepted. */
const ABANDON_AFTER_MS = 10 * 60_000

export interface ReconcileDeps extends RecordDeps {
  intents: Intents
  journal: Pick<Journal, 'pending' | 'remove'>
  broker: Pick<Broker, 'findByClientOrderId'>
  logger: Logger
}

/** Records these orders one by one; one that cannot be recorded never stops the next. */
const deliver = async (
  deps: ReconcileDeps,
  orders: readonly PlacedOrder[],
  now: Date,
): Promise<{ recorded: string[]; waiting: string[] }> => {
  const recorded: string[] = []
  const waiting: string[] = []
  for (const order of orders) {
    try {
      await recordOrder(deps, order, now)
      await deps.journal.remove(order.order_id)
      recorded.push(order.order_id)
    } catch (error) {
      waiting.push(order.order_id)
      deps.logger.warn('order.unrecorded', {
        order_id: order.order_id,
        workflow_id: order.workflow_id,
        problem: messageOf(error),
      })
    }
  }
  return { recorded, waiting }
}

/**
 * Records the orders of this run and those that an earlier run left in the journal. Returns the
 * order ids that are in the trail now, and those that wait in the journal for the next run.
 */
export const deliverOrders = async (
  deps: ReconcileDeps,
  fresh: readonly PlacedOrder[],
  now: Date,
): Promise<{ recorded: string[]; waiting: string[] }> => {
  const freshIds = new Set(fresh.map(({ order_id }) => order_id))
  const pending = await deps.journal.pending().catch((error: unknown) => {
    deps.logger.error('journal.unavailable', { problem: messageOf(error) })
    return []
  })
  const left = pending.filter(({ order_id }) => !freshIds.has(order_id))
  return deliver(deps, [...fresh, ...left], now)
}

/**
 * Follows up on claims that nobody finished: what the broker has is recorded with the broker's
 * time; what it has not, long after the claim, is given up. Returns the order ids of both.
 */
export const reconcile = async (
  deps: ReconcileDeps,
  now: Date,
): Promise<{ recovered: string[]; abandoned: string[] }> => {
  const recovered: string[] = []
  const abandoned: string[] = []
  for (const { order_id, order, claimed_at } of await deps.intents.unresolved()) {
    try {
      const found = await deps.broker.findByClientOrderId(order.client_order_id)
      if (found) {
        await recordOrder(deps, asPlaced(order, found), now)
        recovered.push(order_id)
        deps.logger.warn('order.recovered', { order_id, workflow_id: order.workflow_id })
      } else if (now.getTime() - Date.parse(claimed_at) > ABANDON_AFTER_MS) {
        await deps.intents.close(order_id, 'abandoned', 'the broker never had it', now)
        abandoned.push(order_id)
        deps.logger.warn('order.abandoned', { order_id, workflow_id: order.workflow_id })
      }
    } catch (error) {
      deps.logger.warn('order.unreconciled', { order_id, problem: messageOf(error) })
    }
  }
  return { recovered, abandoned }
}
