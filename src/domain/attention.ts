import type { UnitTime } from './candle.ts'
import type { Order } from './order.ts'
import type { Intent } from './ports.ts'

/** What is under way that long is not simply under way any more. */
const UNDER_WAY_MS = 60_000

type AttentionState = Exclude<Intent['state'], 'recorded' | 'rejected'>

/** An order that a person may have to look after: what is known of it, and what to do. */
export interface AttentionEntry {
  order_id: string
  workflow_id: string
  /** The name that the workflow had at the time. */
  workflow_name: string
  state: AttentionState
  /** When a run claimed the order. */
  claimed_at: string
  /** When the broker accepted it, and the broker's own id; null unless it is known that it did. */
  placed_at: string | null
  broker_order_id: string | null
  order: Pick<Order, 'direction' | 'quantity' | 'price' | 'order_type' | 'slot'> & {
    code: string
    unit_time: UnitTime
  }
  known: string
  /** Commands stand between backticks. */
  to_do: string
}

const knownOf = (state: AttentionState, reason: string | null): string => {
  switch (state) {
    case 'claimed':
      return 'It is not known whether the broker has the order: the run that was to place it did not finish, or the broker gave no clear answer.'
    case 'placed':
      return 'The broker accepted the order; it is not in the trail yet.'
    case 'abandoned':
      return `The order was not placed: ${reason ?? 'the broker never had it'}.`
  }
}

const TO_DO: Record<AttentionState, string> = {
  claimed:
    'Look for it at the broker before you trade by hand; a later run may still place it. Every run asks the broker again, and `ordertrail reconcile` asks at once.',
  placed:
    'There is nothing to do at the broker. Every run tries again to record it; if it stays here, run `ordertrail reconcile` and read what it reports.',
  abandoned:
    'If you still want the trade, place it at the broker yourself: ordertrail will not place it again. This entry leaves the list by itself.',
}

const needsAttention = (
  { state, claimed_at }: Intent,
  now: Date,
  retention_seconds: number,
): AttentionState | null => {
  const age = now.getTime() - Date.parse(claimed_at)
  if (state === 'recorded' || state === 'rejected') return null
  const isShown = state === 'abandoned' ? age <= retention_seconds * 1000 : age >= UNDER_WAY_MS
  return isShown ? state : null
}

/**
 * What to show of these intents, newest first: claims and placed orders that are not recorded after
 * a minute, and orders that were given up within the retention (in seconds).
 */
export const attentionOf = (
  intents: readonly Intent[],
  now: Date,
  retention_seconds: number,
): AttentionEntry[] =>
  intents
    .flatMap((intent): AttentionEntry[] => {
      const state = needsAttention(intent, now, retention_seconds)
      if (state === null) return []
      const { order_id, claimed_at, placed_at, broker_order_id, reason, order } = intent
      const { workflow_id, workflow_name, direction, quantity, price, order_type, slot } = order
      const { asset, trace } = order
      const { unit_time } = trace.trigger.candle
      return [
        {
          order_id,
          workflow_id,
          workflow_name,
          state,
          claimed_at,
          placed_at,
          broker_order_id,
          order: {
            code: asset.code,
            direction,
            quantity,
            price,
            order_type,
            unit_time,
            slot,
          },
          known: knownOf(state, reason),
          to_do: TO_DO[state],
        },
      ]
    })
    .toSorted((a, b) => b.claimed_at.localeCompare(a.claimed_at))
