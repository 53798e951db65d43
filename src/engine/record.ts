import { messageOf } from '../domain/errors.ts'
import type { IntendedOrder, PlacedOrder, BrokerOrder } from '../domain/order.ts'
import type { HostClaims, Intents, Journal, Logger, Trail, Workflows } from '../domain/ports.ts'
import { inParallel } from '../domain/in-parallel.ts'

export interface RecordDeps {
  intents: Pick<Intents, 'claim' | 'close' | 'markPlaced' | 'markRecorded'>
  /** Null where no disk lasts. */
  hostClaims: Pick<HostClaims, 'settle'> | null
  trail: Pick<Trail, 'recordWorkflowOrder'>
  workflows: Pick<Workflows, 'saveLastOrder'>
}

/**
 * Brings one placed order into the trail. Every step may be repeated by anybody at any time: the
 * engine, the journal's delivery and the sweep all come here, and a crash between two steps is
 * mended by doing all of them again.
 * @throws DomainError `store_unavailable`; nothing is lost, the caller tries again later
 */
export const recordOrder = async (
  { intents, hostClaims, trail, workflows }: RecordDeps,
  placed: PlacedOrder,
  now: Date,
): Promise<void> => {
  // The first placement time that was noted counts, or two attempts would make two records.
  const placed_at = await intents.markPlaced(placed)
  const order = await trail.recordWorkflowOrder({ ...placed, placed_at })
  await workflows.saveLastOrder(order)
  // Last, because an intent that says `recorded` is never looked at again.
  await intents.markRecorded(order, now)
  await hostClaims?.settle(order.order_id)
}

/**
 * Closes a claim whose order is surely not at the broker. It is put in the table first if it is not
 * there, as an order that was claimed while the store was away would be dropped without a trace.
 * @throws DomainError `store_unavailable`; the sweep comes back to it
 */
export const closeOrder = async (
  { intents, hostClaims }: Pick<RecordDeps, 'intents' | 'hostClaims'>,
  claim: { order: IntendedOrder; owner: string; claimed_at: string },
  { state, reason, now }: { state: 'rejected' | 'abandoned'; reason: string; now: Date },
): Promise<void> => {
  await intents.claim(claim.order, claim.owner, new Date(claim.claimed_at))
  await intents.close(claim.order.order_id, state, reason, now)
  await hostClaims?.settle(claim.order.order_id)
}

/** What we meant to order, as it stands in the broker's book: the book has the last word. */
export const asPlaced = (
  intended: IntendedOrder,
  { placed_at, broker_order_id, price, quantity, direction, order_type }: BrokerOrder,
): PlacedOrder => ({
  ...intended,
  placed_at,
  broker_order_id,
  price,
  quantity,
  direction,
  order_type,
})

export interface DeliverDeps extends RecordDeps {
  journal: Journal
  logger: Logger
}

const RECORDS_AT_ONCE = 8

/**
 * Records one order. `spooled`: it waits for the next delivery. `unrecorded`: nothing but the broker
 * has it, so the sweep has to find it.
 */
type Delivery = 'recorded' | 'spooled' | 'unrecorded'

/** Keeps a fresh order for the next delivery. A disk has it already, unless it failed then. */
const keep = async (
  { journal, logger }: DeliverDeps,
  order: PlacedOrder,
): Promise<'spooled' | 'unrecorded'> => {
  try {
    await journal.append(order)
    return 'spooled'
  } catch (error) {
    const { order_id, workflow_id } = order
    logger.error('order.unrecorded', { order_id, workflow_id, problem: messageOf(error) })
    return 'unrecorded'
  }
}

const deliver = async (
  deps: DeliverDeps,
  order: PlacedOrder,
  { isFresh, now }: { isFresh: boolean; now: Date },
): Promise<Delivery> => {
  const { journal, logger } = deps
  const { order_id, workflow_id } = order
  try {
    await recordOrder(deps, order, now)
  } catch (error) {
    logger.warn('order.waits', { order_id, workflow_id, problem: messageOf(error) })
    return isFresh ? keep(deps, order) : 'spooled'
  }
  await journal.remove(order_id).catch((error: unknown) => {
    // It is recorded; to deliver it again does no harm.
    logger.warn('journal.unavailable', { order_id, problem: messageOf(error) })
  })
  return 'recorded'
}

/**
 * Records the orders of this run and those that an earlier run left in the journal or the queue; one
 * that cannot be recorded never stops another. Returns how many orders ended in which way, and those
 * that still wait to be recorded.
 */
export const deliverOrders = async (
  deps: DeliverDeps,
  fresh: readonly PlacedOrder[],
  now: Date,
): Promise<Record<Delivery, number> & { waiting: PlacedOrder[] }> => {
  // Asked before anything of this run can get there.
  const pending = await deps.journal.pending().catch((error: unknown) => {
    deps.logger.error('journal.unavailable', { problem: messageOf(error) })
    return []
  })
  const freshIds = new Set(fresh.map(({ order_id }) => order_id))
  const left = pending.filter(({ order_id }) => !freshIds.has(order_id))
  const delivered = await inParallel([...fresh, ...left], RECORDS_AT_ONCE, async (order) => ({
    order,
    end: await deliver(deps, order, { isFresh: freshIds.has(order.order_id), now }),
  }))
  const count = (end: Delivery): number => delivered.filter((each) => each.end === end).length
  return {
    recorded: count('recorded'),
    spooled: count('spooled'),
    unrecorded: count('unrecorded'),
    waiting: delivered.filter(({ end }) => end !== 'recorded').map(({ order }) => order),
  }
}
