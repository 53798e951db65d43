import type { Order } from './order.ts'
import type { Intent } from './ports.ts'

/** What is under way that long is not simply under way any more. */
const UNDER_WAY_MS = 60_000

/** An order that a person may have to look after: what is known of it, and what to do. */
export interface AttentionEntry {
  order_id: string
  workflow_id: string
  workflow_name: string
  state: 'claimed' | 'placed' | 'abandoned'
  /** When a run claimed the order. */
  claimed_at: string
  order: Pick<Order, 'direction' | 'quantity' | 'price' | 'order_type' | 'slot'> & { code: string }
  known: string
  to_do: string
}

const wordsOf = ({
  state,
  placed_at,
  broker_order_id,
  reason,
}: Intent): Pick<AttentionEntry, 'known' | 'to_do'> => {
  switch (state) {
    case 'placed':
      return {
        known: `The broker accepted the order${placed_at === null ? '' : ` at ${placed_at}`}${broker_order_id === null ? '' : ` as ${broker_order_id}`}; it is not in the trail yet.`,
        to_do:
          'Nothing at the broker. Every run tries again to record it; if it stays here, run `ordertrail reconcile` and read what it reports.',
      }
    case 'abandoned':
      return {
        known: `The order was not placed: ${reason ?? 'the broker never had it'}.`,
        to_do:
          'Decide whether you still want the trade; if so, place it at the broker yourself. ordertrail will not place it again. It leaves this list by itself.',
      }
    case 'claimed':
    case 'recorded':
    case 'rejected':
      return {
        known:
          'A run claimed the order and did not finish, or the broker gave no clear answer. It is not known whether the broker has it.',
        to_do:
          'Look for the order at the broker before you trade by hand. The sweep asks the broker every minute; `ordertrail reconcile` asks at once.',
      }
  }
}

/**
 * What to show of these intents, oldest first: claims and placed orders that are not recorded after
 * a minute, and orders that were given up within the retention (in seconds).
 */
export const attentionOf = (
  intents: readonly Intent[],
  now: Date,
  retention_seconds: number,
): AttentionEntry[] =>
  intents.flatMap((intent) => {
    const { state, order_id, claimed_at, order } = intent
    const age = now.getTime() - Date.parse(claimed_at)
    if (state === 'recorded' || state === 'rejected') return []
    if (state === 'abandoned' ? age > retention_seconds * 1000 : age < UNDER_WAY_MS) return []
    const { workflow_id, workflow_name, direction, quantity, price, order_type, slot, asset } =
      order
    return [
      {
        order_id,
        workflow_id,
        workflow_name,
        state,
        claimed_at,
        order: { code: asset.code, direction, quantity, price, order_type, slot },
        ...wordsOf(intent),
      },
    ]
  })
