import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, messageOf } from '../domain/errors.ts'
import type { IntendedOrder, PlacedOrder } from '../domain/order.ts'
import type {
  Broker,
  HostClaims,
  Intent,
  Intents,
  Journal,
  Logger,
  OrderRequest,
  Placement,
} from '../domain/ports.ts'
import { asPlaced, closeOrder } from './record.ts'

export interface PlaceDeps {
  intents: Pick<Intents, 'claim' | 'takeOver' | 'close' | 'find' | 'markPlaced' | 'markRecorded'>
  /** Null where no disk lasts. */
  hostClaims: Pick<HostClaims, 'take' | 'settle'> | null
  broker: Pick<Broker, 'dedupesClientOrderIds' | 'place' | 'findByClientOrderId'>
  journal: Pick<Journal, 'keepsEveryOrder' | 'append'>
  logger: Logger
}

/** What became of one order. `order` is there when the broker has it and it must be recorded. */
export type PlaceResult =
  | { outcome: 'placed' | 'duplicate'; reason: string | null; order: PlacedOrder | null }
  | { outcome: 'refused' | 'unsent' | 'unknown'; reason: string; order: null }

const ALREADY: Record<Intent['state'], string> = {
  claimed: 'another run has claimed the order of this candle',
  placed: 'the order of this candle is placed',
  recorded: 'the order of this candle is placed and recorded',
  rejected: 'the broker refused the order of this candle before',
  abandoned: 'the order of this candle was given up: it never reached the broker',
}

/** Why an order counts as placed that the broker did not clearly accept. */
export const DOUBTFUL = 'the broker gave no clear answer at first, and has the order'

/** Long enough for a connection to come back, short enough for the price. */
const RETRY_UNSENT_MS = 250

/** What may be placed: the order as it was claimed first; or why nothing may. */
type Claim =
  | { order: IntendedOrder }
  | { outcome: 'duplicate' | 'unsent'; reason: string; order: null }

const stopped = (reason: string): Claim => ({ outcome: 'duplicate', reason, order: null })

const unsafe = (problem: string): Claim => ({
  outcome: 'unsent',
  reason: `not sent, as it could not be claimed and this broker does not tell a repeated order apart: ${problem}`,
  order: null,
})

/** How far the order of a claim got, in words. */
const progressOf = async ({ intents }: PlaceDeps, order_id: string): Promise<string> => {
  const found = await intents.find([order_id]).catch(() => new Map<string, Intent>())
  return ALREADY[found.get(order_id)?.state ?? 'claimed']
}

/** The claim on this host's disk. `error` when the disk failed. */
const claimOnDisk = async (
  deps: PlaceDeps,
  intended: IntendedOrder,
  owner: string,
  now: Date,
): Promise<Claim | { error: string }> => {
  if (!deps.hostClaims) return { error: 'the store did not answer' }
  try {
    const held = await deps.hostClaims.take(intended, owner, now)
    if (!held) return { order: intended }
    // Who holds it may be dead or only slow. Only a broker that tells a repeat apart may be asked.
    const mayTakeOver = deps.broker.dedupesClientOrderIds && !held.settled
    return mayTakeOver ? { order: held.order } : stopped(await progressOf(deps, intended.order_id))
  } catch (error) {
    const problem = messageOf(error)
    deps.logger.error('claim.disk_failed', { order_id: intended.order_id, problem })
    return { error: `the claim could not be written to the disk: ${problem}` }
  }
}

/** Whether the order was given up is to be judged by the request that follows, not by the first one. */
const takeOver = async (
  { intents, logger }: PlaceDeps,
  { order_id }: Intent,
  now: Date,
): Promise<void> => {
  try {
    await intents.takeOver(order_id, now)
  } catch (error) {
    // At worst it is shown as given up too soon, until the broker's list says otherwise.
    logger.warn('claim.not_renewed', { order_id, problem: messageOf(error) })
  }
}

/**
 * Claims the order, on the disk and in the table. With the table away, the disk keeps the executions
 * of this host apart; with both away, only a broker that dedupes may get the order. A host whose
 * disk fails must not go by the table alone: another execution may have had only the disk.
 */
const claimOrder = async (
  deps: PlaceDeps,
  intended: IntendedOrder,
  owner: string,
  now: Date,
): Promise<Claim> => {
  const dedupes = deps.broker.dedupesClientOrderIds
  const onDisk = await claimOnDisk(deps, intended, owner, now)
  if ('outcome' in onDisk) return onDisk
  if ('error' in onDisk && deps.hostClaims && !dedupes) return unsafe(onDisk.error)
  const order = 'error' in onDisk ? intended : onDisk.order
  try {
    const stored = await deps.intents.claim(order, owner, now)
    if (!stored) return { order }
    // The claim froze the order: a run that sees other prices places what was claimed.
    if (!dedupes || stored.state !== 'claimed') return stopped(ALREADY[stored.state])
    await takeOver(deps, stored, now)
    return { order: stored.order }
  } catch (error) {
    if (!hasCode(error, 'store_unavailable')) throw error
    deps.logger.warn('order.unclaimed', { order_id: order.order_id, problem: error.message })
    return 'error' in onDisk && !dedupes ? unsafe(onDisk.error) : { order }
  }
}

/** `doubtful`: the broker did not say clearly at first that it has the order. */
type Answer =
  | (Placement & { doubtful?: true })
  | { kind: 'unknown'; reason: string; doubtful?: true }

const ask = (broker: PlaceDeps['broker'], request: OrderRequest): Promise<Answer> =>
  broker
    .place(request)
    .catch((error: unknown) => ({ kind: 'unknown', reason: messageOf(error) }) as const)

/**
 * Sends an order. What surely did not leave is sent once more. After no clear answer it is looked
 * up, and sent again only to a broker that would tell the repeat apart.
 */
const send = async ({ broker, logger }: PlaceDeps, request: OrderRequest): Promise<Answer> => {
  let answer = await ask(broker, request)
  if (answer.kind === 'unsent') {
    await sleep(RETRY_UNSENT_MS)
    answer = await ask(broker, request)
  }
  if (answer.kind !== 'unknown') return answer
  const { client_order_id } = request
  logger.warn('order.unclear', { order_id: client_order_id, problem: answer.reason })
  const found = await broker.findByClientOrderId(client_order_id).catch(() => null)
  if (found) return { kind: 'accepted', order: found, repeated: false, doubtful: true }
  if (!broker.dedupesClientOrderIds) return answer
  const again = await ask(broker, request)
  // That the second did not leave says nothing about the first, which may still arrive.
  if (again.kind === 'unsent') return answer
  // A repeat of our own first request is no other run's order.
  return again.kind === 'accepted' ? { ...again, repeated: false, doubtful: true } : again
}

/** Closes the claim of an order that is surely not at the broker. */
const close = async (
  deps: PlaceDeps,
  claim: { order: IntendedOrder; owner: string; claimed_at: string },
  end: Parameters<typeof closeOrder>[2],
): Promise<void> => {
  try {
    await closeOrder(deps, claim, end)
  } catch (error) {
    // The sweep comes back to it: the broker has no order to find.
    const { order_id } = claim.order
    deps.logger.warn('order.not_closed', { order_id, problem: messageOf(error) })
  }
}

/** A disk that is full must not turn a placed order into a failure: it is recorded without a journal. */
const keepInJournal = async ({ journal, logger }: PlaceDeps, order: PlacedOrder): Promise<void> => {
  if (!journal.keepsEveryOrder) return
  try {
    await journal.append(order)
  } catch (error) {
    const { order_id } = order
    logger.error('journal.unavailable', { order_id, problem: messageOf(error) })
  }
}

/**
 * Places one order at most once: claim, place, journal. Never throws for what the broker, the disk
 * or an outage of the store does; the answer says how it went.
 */
export const placeOrder = async (
  deps: PlaceDeps,
  intended: IntendedOrder,
  owner: string,
  now: Date,
): Promise<PlaceResult> => {
  const claimed = await claimOrder(deps, intended, owner, now)
  if ('outcome' in claimed) return claimed
  const { order } = claimed
  const answer = await send(deps, {
    client_order_id: order.client_order_id,
    code: order.asset.code,
    direction: order.direction,
    order_type: order.order_type,
    price: order.price,
    quantity: order.quantity,
    at: now,
  })
  const claim = { order, owner, claimed_at: now.toISOString() }
  switch (answer.kind) {
    case 'accepted': {
      const placed = asPlaced(order, answer.order)
      await keepInJournal(deps, placed)
      return answer.repeated
        ? { outcome: 'duplicate', reason: ALREADY.placed, order: placed }
        : { outcome: 'placed', reason: answer.doubtful ? DOUBTFUL : null, order: placed }
    }
    case 'refused':
      await close(deps, claim, { state: 'rejected', reason: answer.reason, now })
      return {
        outcome: 'refused',
        reason: `the broker refused it: ${answer.reason}`,
        order: null,
      }
    case 'unsent': {
      const reason = `it could not be sent to the broker: ${answer.reason}`
      // With a broker that dedupes the claim is left: the next run takes it over and tries again.
      if (!deps.broker.dedupesClientOrderIds) {
        await close(deps, claim, { state: 'abandoned', reason, now })
      }
      return { outcome: 'unsent', reason, order: null }
    }
    case 'unknown':
      return {
        outcome: 'unknown',
        reason: `no clear answer from the broker: ${answer.reason}`,
        order: null,
      }
  }
}
