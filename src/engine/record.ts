import { messageOf } from '../domain/errors.ts'
import type { IntendedOrder, PlacedOrder } from '../domain/order.ts'
import type {
  BrokerOrder,
  HostClaims,
  Intents,
  Journal,
  Logger,
  Trail,
  Workflows,
} from '../domain/ports.ts'

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

/** Records one order. False when it has to wait for the next delivery. */
const deliver = async (
  { journal, logger, ...deps }: DeliverDeps,
  order: PlacedOrder,
  { isFresh, now }: { isFresh: boolean; now: Date },
): Promise<boolean> => {
  const { order_id, workflow_id } = order
  try {
    await recordOrder(deps, order, now)
  } catch (error) {
    logger.warn('order.unrecorded', { order_id, workflow_id, problem: messageOf(error) })
    if (isFresh && !journal.keepsEveryOrder) {
      await journal.append(order).catch((refusal: unknown) => {
        // The sweep finds it at the broker.
        logger.error('journal.unavailable', { order_id, problem: messageOf(refusal) })
      })
    }
    return false
  }
  await journal.remove(order_id).catch((error: unknown) => {
    // It is recorded; to deliver it again does no harm.
    logger.warn('journal.unavailable', { order_id, problem: messageOf(error) })
  })
  return true
}

/**
 * Records the orders of this run and those that an earlier run left in the journal; one that cannot
 * be recorded never stops the next. Returns the order ids that are in the trail now, and those that
 * wait for a later delivery.
 */
export const deliverOrders = async (
  deps: DeliverDeps,
  fresh: readonly PlacedOrder[],
  now: Date,
): Promise<{ recorded: string[]; spooled: string[] }> => {
  const freshIds = new Set(fresh.map(({ order_id }) => order_id))
  const pending = await deps.journal.pending().catch((error: unknown) => {
    deps.logger.error('journal.unavailable', { problem: messageOf(error) })
    return []
  })
  const left = pending.filter(({ order_id }) => !freshIds.has(order_id))
  const recorded: string[] = []
  const spooled: string[] = []
  for (const order of [...fresh, ...left]) {
    const isFresh = freshIds.has(order.order_id)
    const list = (await deliver(deps, order, { isFresh, now })) ? recorded : spooled
    list.push(order.order_id)
  }
  return { recorded, spooled }
}
