import { hasCode, messageOf } from '../domain/errors.ts'
import type { IntendedOrder, PlacedOrder } from '../domain/order.ts'
import type { Broker, Intent, Intents, Journal, Logger } from '../domain/ports.ts'
import { asPlaced } from './record.ts'

export interface PlaceDeps {
  intents: Pick<Intents, 'claim' | 'close'>
  broker: Pick<Broker, 'place'>
  journal: Pick<Journal, 'append'>
  logger: Logger
}

/** What became of one order. `order` is there when the broker has it and it must be recorded. */
export type PlaceResult =
  | { outcome: 'placed' | 'duplicate'; reason: string | null; order: PlacedOrder | null }
  | { outcome: 'refused' | 'unknown'; reason: string; order: null }

const ALREADY: Record<Exclude<Intent['state'], 'claimed'>, string> = {
  placed: 'the order of this candle is placed',
  recorded: 'the order of this candle is placed and recorded',
  rejected: 'the broker refused the order of this candle before',
  abandoned: 'the order of this candle was given up: it never reached the broker',
}

/** Claims the order. Null: nobody has claimed it. No store, no claim: the broker still tells two apart. */
const claim = async (
  { intents, logger }: PlaceDeps,
  order: IntendedOrder,
  owner: string,
  now: Date,
): Promise<Intent | null> => {
  try {
    return await intents.claim(order, owner, now)
  } catch (error) {
    if (!hasCode(error, 'store_unavailable')) throw error
    logger.warn('order.unclaimed', { order_id: order.order_id, problem: error.message })
    return null
  }
}

/**
 * Places one order at most once: claim, place, journal. The claim freezes the order, so that a run
 * that finds a claim left behind places what was claimed, not what it computed itself. Never throws
 * for what the broker or the store does; the answer says how it went.
 */
export const placeOrder = async (
  deps: PlaceDeps,
  intended: IntendedOrder,
  owner: string,
  now: Date,
): Promise<PlaceResult> => {
  const { order_id } = intended
  const claimed = await claim(deps, intended, owner, now)
  if (claimed && claimed.state !== 'claimed') {
    return { outcome: 'duplicate', reason: ALREADY[claimed.state], order: null }
  }
  // A claim whose owner died before placing would lose the order. To send it again is safe, as a
  // broker that knows the client order id answers with the order that it has.
  const order = claimed?.order ?? intended
  try {
    const placement = await deps.broker.place({
      client_order_id: order.client_order_id,
      code: order.asset.code,
      direction: order.direction,
      order_type: order.order_type,
      price: order.price,
      quantity: order.quantity,
      at: now,
    })
    if (placement.kind === 'refused') {
      await deps.intents
        .close(order_id, 'rejected', placement.reason, now)
        .catch((error: unknown) => {
          // The refusal stands without its note: the broker has no order to find.
          deps.logger.warn('order.refusal_not_noted', { order_id, problem: messageOf(error) })
        })
      return {
        outcome: 'refused',
        reason: `the broker refused it: ${placement.reason}`,
        order: null,
      }
    }
    const placed = asPlaced(order, placement.order)
    await keepInJournal(deps, placed)
    return placement.repeated
      ? { outcome: 'duplicate', reason: ALREADY.placed, order: placed }
      : { outcome: 'placed', reason: null, order: placed }
  } catch (error) {
    deps.logger.error('order.unknown', { order_id, problem: messageOf(error) })
    return {
      outcome: 'unknown',
      reason: `no clear answer from the broker: ${messageOf(error)}`,
      order: null,
    }
  }
}

/** A disk that is full must not turn a placed order into a failure: it is recorded without a journal. */
const keepInJournal = async ({ journal, logger }: PlaceDeps, order: PlacedOrder): Promise<void> => {
  try {
    await journal.append(order)
  } catch (error) {
    logger.error('journal.unavailable', {
      order_id: order.order_id,
      problem: messageOf(error),
    })
  }
}
