import { z } from 'zod'
import { Instant } from '../domain/candle.ts'
import { DomainError, describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import { Order, type IntendedOrder, type PlacedOrder } from '../domain/order.ts'
import type { Intent } from '../domain/ports.ts'

const StoredIntent = z.object({
  order_id: z.string(),
  state: z.enum(['claimed', 'placed', 'recorded', 'rejected', 'abandoned']),
  owner: z.string(),
  claimed_at: Instant,
  order: Order.omit({ placed_at: true, broker_order_id: true, ttl: true }),
  placed_at: Instant.nullable().default(null),
  broker_order_id: z.string().nullable().default(null),
  reason: z.string().nullable().default(null),
})

/** @throws DomainError `invalid` for an item that is no intent */
export const parseIntent = (item: Record<string, unknown>): Intent => {
  const parsed = StoredIntent.safeParse(item)
  if (parsed.success) return parsed.data
  const problem = describeFieldErrors(fieldErrors(parsed.error.issues, item))
  throw new DomainError(
    'invalid',
    `the claim of order ${String(item['order_id'])} is stored but cannot be read: ${problem}`,
  )
}

/** The attribute of an intent that a person may have to look at; only these intents are indexed. */
export const OPEN = { unresolved: 'yes' }
/** The same for one that was given up: nothing is left to do, so no run reads it again. */
export const GIVEN_UP = { unresolved: 'abandoned' }

export const intentToItem = (order: IntendedOrder, owner: string, claimed_at: string) => ({
  order_id: order.order_id,
  workflow_id: order.workflow_id,
  slot: order.slot,
  order,
  state: 'claimed',
  owner,
  claimed_at,
  ...OPEN,
})

/** The intent of an order that nobody could claim, as the store was down when it was placed. */
export const intentOfPlaced = ({ placed_at, broker_order_id, ...order }: PlacedOrder) => {
  const {
    order_id: _,
    state: __,
    unresolved: ___,
    ...attributes
  } = intentToItem(order, 'none', placed_at)
  return { ...attributes, placed_at, broker_order_id }
}
