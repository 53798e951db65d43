import type { PlacedOrder } from '../domain/order.ts'
import type { BrokerOrder, Intents, Trail, Workflows } from '../domain/ports.ts'
import type { IntendedOrder } from '../domain/order.ts'

export interface RecordDeps {
  intents: Pick<Intents, 'markPlaced' | 'markRecorded'>
  trail: Pick<Trail, 'recordWorkflowOrder'>
  workflows: Pick<Workflows, 'saveLastOrder'>
}

/**
 * Brings one placed order into the trail. Every step may be repeated by anybody at any time: the
 * engine, the journal's delivery and the reconciliation all come here, and a crash between two
 * steps is mended by doing all of them again.
 * @throws DomainError `store_unavailable`; nothing is lost, the caller tries again later
 */
export const recordOrder = async (
  { intents, trail, workflows }: RecordDeps,
  placed: PlacedOrder,
  now: Date,
): Promise<void> => {
  // The first placement time that was noted counts, or two attempts would make two records.
  const placed_at = await intents.markPlaced(placed)
  const order = await trail.recordWorkflowOrder({ ...placed, placed_at })
  await workflows.saveLastOrder(order)
  // Last, because an intent that says `recorded` is never looked at again.
  await intents.markRecorded(order, now)
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
