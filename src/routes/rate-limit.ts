import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Clock } from '../domain/ports.ts'
import { addressOf } from './address.ts'

/** Whoever asked longest ago is forgotten first, which gives a full bucket back early at worst. */
const MOST_BUCKETS = 10_000

interface Bucket {
  tokens: number
  /** When the tokens were counted, in epoch milliseconds. */
  at: number
}

/**
 * A token bucket per key: it fills by `per_second` tokens a second, and holds `burst` of them. The
 * function takes a token, and returns 0, or after how many seconds there will be one.
 */
export const createTokenBuckets = (
  per_second: number,
  { burst = 2 * per_second, most = MOST_BUCKETS } = {},
) => {
  const buckets = new Map<string, Bucket>()
  return (key: string, now: Date): number => {
    const at = now.getTime()
    const last = buckets.get(key) ?? { tokens: burst, at }
    // A clock that was set back takes nothing away.
    const gained = (Math.max(0, at - last.at) / 1000) * per_second
    const tokens = Math.min(burst, last.tokens + gained)
    const isTaken = tokens >= 1
    buckets.delete(key)
    buckets.set(key, { tokens: isTaken ? tokens - 1 : tokens, at })
    const [oldest] = buckets.keys()
    if (buckets.size > most && oldest !== undefined) buckets.delete(oldest)
    return isTaken ? 0 : (1 - tokens) / per_second
  }
}

/**
 * Refuses with 429 what one address asks for beyond `per_second`; 0 refuses nothing. The address is
 * that of the connection, as a header could name any other; what comes without one is not counted.
 */
export const rateLimit = (per_second: number, clock: Clock): MiddlewareHandler => {
  const take = createTokenBuckets(per_second)
  return async (c, next) => {
    const address = addressOf(c)
    if (per_second > 0 && address !== undefined) {
      const wait = take(address, clock.now())
      if (wait > 0) {
        c.header('Retry-After', String(Math.ceil(wait)))
        throw new HTTPException(429, {
          message: `expected at most ${per_second} requests a second from one address`,
        })
      }
    }
    await next()
  }
}
