import type { Context, MiddlewareHandler } from 'hono'
import type { AccessControl } from './deps.ts'
import { isOwnHost } from './own-origin.ts'

type Known = Pick<AccessControl, 'public_url'>

/** True for a request that came over https, or whose way people know to be https. */
const isHttps = (c: Context, { public_url }: Known): boolean =>
  c.req.url.startsWith('https:') || (public_url?.startsWith('https:') ?? false)

/** True where nobody can listen, so that a browser keeps a session: over https, or on one machine. */
export const isConfidential = (c: Context, known: Known): boolean =>
  isHttps(c, known) || isOwnHost(c, null)

/** For a year a browser comes over https alone, where it came so, or where people know us so. */
export const strictTransport =
  (known: Known): MiddlewareHandler =>
  async (c, next) => {
    await next()
    if (isHttps(c, known)) {
      c.res.headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
    }
  }
