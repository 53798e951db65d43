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
 * Refuses with 429 what one holder of a credential asks for beyond `per_second`, or one address where
 * nobody needs any; 0 refuses nothing. Whoever is not let in takes nothing away from those who are,
 * though they may share an address. What comes from within this process is not counted.
 */
export const rateLimit = (per_second: number, clock: Clock): MiddlewareHandler => {
  const take = createTokenBuckets(per_second)
  return async (c, next) => {
    const name = c.get('identity')?.name
    const key = name ? `name ${name}` : addressOf(c)
    if (per_second > 0 && key !== undefined) {
      const wait = take(key, clock.now())
      if (wait > 0) {
        c.header('Retry-After', String(Math.ceil(wait)))
        throw new HTTPException(429, {
          message: `expected at most ${per_second} requests a second`,
        })
      }
    }
    await next()
  }
}
