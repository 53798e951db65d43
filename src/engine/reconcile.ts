import { version as uuidVersion, validate as isUuid } from 'uuid'
import { messageOf } from '../domain/errors.ts'
import type { PlacedOrder, BrokerOrder } from '../domain/order.ts'
import type { Broker, Execution, HostClaim, HostClaims, Intent, Intents } from '../domain/ports.ts'
import { recognise, type RecogniseDeps } from './recognise.ts'
import { asPlaced, closeOrder, recordOrder, type DeliverDeps } from './record.ts'
import { hasTimeFor } from './time-left.ts'

/** How wrong our clock may have been when the last sweep noted how far it got. */
const CLOCK_ERROR_MS = 3_600_000

export interface ReconcileDeps extends DeliverDeps, RecogniseDeps {
  intents: Intents
  hostClaims: HostClaims | null
  workflows: DeliverDeps['workflows'] & RecogniseDeps['workflows']
  broker: Pick<Broker, 'findByClientOrderId' | 'list' | 'settleMs'>
  /** How long an order stays in the trail; older ones are of no interest to it. */
  retention_seconds: number
}

export interface ReconcileRequest extends Execution {
  /**
   * Which of the broker's orders are compared with the trail: all that can still be in it, those
   * since the last sweep, or none but those that a claim is open for.
   */
  listing: 'whole' | 'recent' | 'none'
}

export interface Reconciliation {
  /** Order ids that were found at the broker and are in the trail now. */
  recovered: string[]
  /** Order ids that the broker surely never had. */
  abandoned: string[]
  /** Orders with an id like ours that no workflow accounts for. */
  unrecognised: BrokerOrder[]
  /** Orders that the broker has, and that could not be recorded this time. */
  waiting: PlacedOrder[]
  /** When each order was claimed of which it is not settled yet whether the broker has it. */
  doubtful: string[]
  /** Whether the claims were read, and the broker's list if it was asked for. */
  complete: boolean
  /** What could not be looked at or mended this time. */
  problems: string[]
}

/** What there is to tell before anything was looked at. */
export const nothingReconciled = (): Reconciliation => ({
  recovered: [],
  abandoned: [],
  unrecognised: [],
  waiting: [],
  doubtful: [],
  complete: true,
  problems: [],
})

/** What is known of one order before the broker is asked. */
interface Known {
  intent: Intent | undefined
  claim: HostClaim | undefined
}

/** Ours are version 5; whatever else is traded on the account has other ids or none. */
const isOurs = ({ client_order_id }: BrokerOrder): boolean =>
  isUuid(client_order_id) && uuidVersion(client_order_id) === 5

const windowStart = (
  { broker, retention_seconds }: ReconcileDeps,
  { now, listing }: ReconcileRequest,
  sweptUntil: string | null,
): Date => {
  const oldest = now.getTime() - retention_seconds * 1000
  const seen = sweptUntil === null ? Number.NaN : Date.parse(sweptUntil)
  // A time still to come was noted by a clock that had jumped ahead.
  const isUsable = listing === 'recent' && seen <= now.getTime()
  return new Date(isUsable ? Math.max(oldest, seen - broker.settleMs - CLOCK_ERROR_MS) : oldest)
}

/** The order of an intent that was placed, as far as the intent knows. */
const placedOf = ({ state, order, placed_at, broker_order_id }: Intent): PlacedOrder | null =>
  state === 'placed' && placed_at !== null && broker_order_id !== null
    ? { ...order, placed_at, broker_order_id }
    : null

const isClosed = (intent: Intent | undefined): boolean =>
  intent?.state === 'recorded' || intent?.state === 'rejected' || intent?.state === 'abandoned'

/**
 * Compares what we meant with what the broker has, and mends the trail. What the broker has is
 * recorded with the broker's time, whatever the claim says and even if there is none. What it does
 * not have, long after the claim, is given up. One order's failure never stops another.
 * @throws DomainError `store_unavailable` when the claims cannot be read
 */
export const reconcile = async (
  deps: ReconcileDeps,
  request: ReconcileRequest,
): Promise<Reconciliation> => {
  const { intents, hostClaims, broker, logger } = deps
  const { now } = request
  const result = nothingReconciled()

  const attempt = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      if (!hasTimeFor(request, 'order')) throw new Error('there was no time left')
      await work()
      return true
    } catch (error) {
      const problem = messageOf(error)
      logger.warn('sweep.failed', { what, problem })
      result.problems.push(`${what}: ${problem}`)
      return false
    }
  }
  const recover = async (order: PlacedOrder): Promise<void> => {
    const { order_id, workflow_id } = order
    try {
      await recordOrder(deps, order, now)
    } catch (error) {
      result.waiting.push(order)
      throw error
    }
    result.recovered.push(order_id)
    logger.warn('order.recovered', { order_id, workflow_id })
  }

  const unresolved = await intents.unresolved()
  const claims: HostClaim[] = []
  result.complete = await attempt('the claims on the disk', async () => {
    claims.push(...((await hostClaims?.open()) ?? []))
  })

  const sweptUntil = request.listing === 'none' ? null : await intents.sweptUntil()
  const listed = new Map<string, BrokerOrder>()
  /** Whether the next sweep may begin where this one ends. */
  let isSwept =
    request.listing !== 'none' &&
    (await attempt("the broker's list", async () => {
      const since = windowStart(deps, request, sweptUntil)
      for (const order of (await broker.list({ since })).filter(isOurs)) {
        listed.set(order.client_order_id, order)
      }
    }))
  result.complete &&= isSwept || request.listing === 'none'

  const known = new Map<string, Known>()
  for (const intent of unresolved) known.set(intent.order_id, { intent, claim: undefined })
  const claimed = new Map(claims.map((claim) => [claim.order.order_id, claim]))
  const unseen = [...new Set([...listed.keys(), ...claimed.keys()])].filter((id) => !known.has(id))
  const found = unseen.length > 0 ? await intents.find(unseen) : new Map<string, Intent>()
  for (const id of unseen) known.set(id, { intent: found.get(id), claim: undefined })
  for (const [id, claim] of claimed) known.set(id, { intent: known.get(id)?.intent, claim })

  const isOver = (order_id: string, intent: Intent | undefined): boolean =>
    intent?.state === 'recorded' || (isClosed(intent) && !listed.has(order_id))

  /** An order that has a claim: recorded if the broker has it, given up if it surely has not. */
  const settle = async (order_id: string, { intent, claim }: Known): Promise<void> => {
    if (isOver(order_id, intent)) return claim && hostClaims?.settle(order_id)
    const source = intent ?? claim
    if (!source) return
    const recorded = intent && placedOf(intent)
    const inBook =
      listed.get(order_id) ??
      (await broker.findByClientOrderId(source.order.client_order_id).catch((error: unknown) => {
        if (recorded) return null
        throw error
      }))
    if (inBook) return recover(asPlaced(source.order, inBook))
    // The broker shows it no more, or not yet; that it has it was noted.
    if (recorded) return recover(recorded)
    if (now.getTime() - Date.parse(source.claimed_at) <= broker.settleMs) return
    const reason = 'the broker never had it'
    await closeOrder(deps, source, { state: 'abandoned', reason, now })
    result.abandoned.push(order_id)
    logger.error('order.abandoned', { order_id, workflow_id: source.order.workflow_id })
  }
  for (const [order_id, one] of known) {
    const done = await attempt(`order ${order_id}`, () => settle(order_id, one))
    isSwept &&= done || !listed.has(order_id)
  }
  const settled = new Set([
    ...result.recovered,
    ...result.abandoned,
    ...result.waiting.map(({ order_id }) => order_id),
  ])
  for (const [order_id, { intent, claim }] of known) {
    const source = intent ?? claim
    if (source && !isOver(order_id, intent) && !settled.has(order_id)) {
      result.doubtful.push(source.claimed_at)
    }
  }

  const strangers = [...listed.values()].filter(({ client_order_id }) => {
    const one = known.get(client_order_id)
    return !one?.intent && !one?.claim
  })
  if (strangers.length > 0) {
    const identified = await attempt('orders without a claim', async () => {
      const { context } = request
      const window_seconds = deps.retention_seconds
      const orders = await recognise(deps, strangers, { now, context, window_seconds })
      const ours = new Set(orders.map(({ order_id }) => order_id))
      result.unrecognised.push(...strangers.filter((one) => !ours.has(one.client_order_id)))
      for (const order of orders) {
        const done = await attempt(`order ${order.order_id}`, () => recover(order))
        isSwept &&= done
      }
    })
    isSwept &&= identified
  }

  const newest = [...listed.values()]
    .map(({ placed_at }) => placed_at)
    .sort()
    .at(-1)
  if (isSwept && newest !== undefined && newest !== sweptUntil) {
    await attempt('the mark of the sweep', () => intents.saveSweptUntil(newest))
  }
  return result
}
