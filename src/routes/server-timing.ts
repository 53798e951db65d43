import type { MiddlewareHandler } from 'hono'
import type { Meter } from '../domain/ports.ts'

/** Tells how many requests to the store an answer took, and how long they took together. */
export const serverTiming =
  (meter: Meter): MiddlewareHandler =>
  async (c, next) => {
    const { count, ms } = await meter.measure(next)
    c.res.headers.append('Server-Timing', `dynamodb;dur=${ms.toFixed(1)};desc="${count} requests"`)
  }
