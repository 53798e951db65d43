import { z } from 'zod'
import { boundedFetch, fetchProblem, type BoundedRequest } from '../bounded-fetch.ts'
import { messageOf } from '../domain/errors.ts'
import { BrokerOrder } from '../domain/order.ts'
import type { Broker } from '../domain/ports.ts'

const Accepted = z.object({ order: BrokerOrder, repeated: z.boolean().default(false) })
const Found = z.object({ order: BrokerOrder })
const Listed = z.object({ orders: z.array(BrokerOrder) })
const Refusal = z.object({ code: z.string(), reason: z.string() })

/** Failures before there was a connection, so before anything was written. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const LARGEST_ORDER_BYTES = 64 * 1024
const LARGEST_LIST_BYTES = 16 * 1024 * 1024

interface HttpBrokerOptions {
  /** Where the broker's `/orders` is. */
  url: string
  /** What the broker does with a client order id that it knows; see the port. */
  dedupesClientOrderIds: boolean
  settleMs: number
  /** The secret that the broker knows us by, asked for with every request. */
  token?: (() => Promise<string>) | undefined
  /** How long sending an order may take in all, answer included. */
  placeDeadlineMs?: number
  /** The same for a look-up. */
  readDeadlineMs?: number
  /** The same for a list; as for a look-up unless it is given. */
  listDeadlineMs?: number
}

interface Answer {
  status: number
  body: unknown
}

/** A body as JSON, undefined when it is none. */
const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

const wasNotConnected = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && NOT_CONNECTED.has(String(cause.code))
}

const unexpected = ({ status, body }: Answer): Error => {
  const told = Refusal.safeParse(body)
  return new Error(
    `the broker answered ${status}${told.success ? ` (${told.data.code}: ${told.data.reason})` : ''}`,
  )
}

/**
 * A broker that is reached over HTTP: `POST /orders`, `GET /orders/{client_order_id}` and
 * `GET /orders?since=`. One request per call and one deadline for all of it; nothing is repeated.
 * Refused is only what the broker names so, unsent only what never had a connection or was turned
 * away with 429; whatever else is no proof, and is thrown.
 */
export const createHttpBroker = ({
  url,
  dedupesClientOrderIds,
  settleMs,
  token,
  placeDeadlineMs = 10_000,
  readDeadlineMs = 5_000,
  listDeadlineMs = readDeadlineMs,
}: HttpBrokerOptions): Broker => {
  const authorization = async (): Promise<Record<string, string>> =>
    token ? { Authorization: `Bearer ${await token()}` } : {}
  const request = async (path: string, init: BoundedRequest): Promise<Answer> => {
    const { status, body } = await boundedFetch(`${url}${path}`, init)
    return { status, body: parseJson(body) }
  }
  const read = async (path: string, bounds: BoundedRequest): Promise<Answer> => {
    const headers = await authorization()
    return request(path, { ...bounds, headers }).catch((error: unknown) => {
      throw new Error(`the broker cannot be asked: ${fetchProblem(error)}`, { cause: error })
    })
  }

  return {
    dedupesClientOrderIds,
    settleMs,

    place: async ({ at: _theBrokerHasItsOwnClock, ...order }) => {
      let headers: Record<string, string>
      try {
        headers = { 'Content-Type': 'application/json', ...(await authorization()) }
      } catch (error) {
        return { kind: 'unsent', reason: messageOf(error) }
      }
      let answer: Answer
      try {
        answer = await request('/orders', {
          method: 'POST',
          headers,
          body: JSON.stringify(order),
          deadlineMs: placeDeadlineMs,
          limit: LARGEST_ORDER_BYTES,
        })
      } catch (error) {
        if (wasNotConnected(error)) return { kind: 'unsent', reason: fetchProblem(error) }
        throw new Error(`no answer that can be read: ${fetchProblem(error)}`, { cause: error })
      }
      const { status, body } = answer
      if (status === 429) return { kind: 'unsent', reason: 'the broker takes no more requests now' }
      if (status === 422) {
        const refusal = Refusal.safeParse(body)
        if (refusal.success && refusal.data.code === 'refused') {
          return { kind: 'refused', reason: refusal.data.reason }
        }
      }
      if (status !== 200 && status !== 201) throw unexpected(answer)
      const accepted = Accepted.safeParse(body)
      if (!accepted.success) throw new Error(`the broker answered ${status} without an order`)
      if (accepted.data.order.client_order_id !== order.client_order_id) {
        throw new Error('the broker answered with another order')
      }
      return { kind: 'accepted', ...accepted.data }
    },

    findByClientOrderId: async (client_order_id): Promise<BrokerOrder | null> => {
      const path = `/orders/${encodeURIComponent(client_order_id)}`
      const answer = await read(path, {
        deadlineMs: readDeadlineMs,
        limit: LARGEST_ORDER_BYTES,
      })
      const told = Refusal.safeParse(answer.body)
      // Any other 404 may come from a wrong address.
      if (answer.status === 404 && told.success && told.data.code === 'unknown_order') return null
      const found = Found.safeParse(answer.body)
      if (answer.status !== 200 || !found.success) throw unexpected(answer)
      return found.data.order
    },

    list: async ({ since }) => {
      const path = `/orders?since=${encodeURIComponent(since.toISOString())}`
      const answer = await read(path, {
        deadlineMs: listDeadlineMs,
        limit: LARGEST_LIST_BYTES,
      })
      const listed = Listed.safeParse(answer.body)
      if (answer.status !== 200 || !listed.success) throw unexpected(answer)
      return listed.data.orders
    },
  }
}
