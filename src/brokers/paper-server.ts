import { Hono } from 'hono'
import { z } from 'zod'
import { Instant } from '../domain/candle.ts'
import { ProposedOrder } from '../domain/decision.ts'
import { describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import type { PaperBroker } from './paper.ts'

const PlaceBody = ProposedOrder.extend({ client_order_id: z.string().min(1).max(100) })
const ListQuery = z.object({ since: Instant.optional() })

/**
 * The paper broker's book over HTTP, in the wire format of `createHttpBroker`. Like a real broker it
 * dates orders by its own clock.
 */
export const paperBrokerApp = (broker: PaperBroker, now: () => Date) => {
  const refusal = (code: string, reason: string) => ({ code, reason })
  return new Hono()
    .post('/orders', async (c) => {
      const body: unknown = await c.req.json().catch(() => undefined)
      const parsed = PlaceBody.safeParse(body)
      if (!parsed.success) {
        const reason = describeFieldErrors(fieldErrors(parsed.error.issues, body))
        return c.json(refusal('invalid', reason), 400)
      }
      const placement = await broker.place({ ...parsed.data, at: now() })
      if (placement.kind !== 'accepted') return c.json(refusal('refused', placement.reason), 422)
      const { order, repeated } = placement
      return c.json({ order, repeated }, repeated ? 200 : 201)
    })
    .get('/orders', async (c) => {
      const parsed = ListQuery.safeParse(c.req.query())
      if (!parsed.success) {
        const reason = describeFieldErrors(fieldErrors(parsed.error.issues, c.req.query()))
        return c.json(refusal('invalid', reason), 400)
      }
      const { since } = parsed.data
      return c.json({
        orders: await broker.list(since === undefined ? {} : { since: new Date(since) }),
      })
    })
    .get('/orders/:client_order_id', async (c) => {
      const order = await broker.findByClientOrderId(c.req.param('client_order_id'))
      return order
        ? c.json({ order })
        : c.json(refusal('unknown_order', 'no order has this client order id'), 404)
    })
}
