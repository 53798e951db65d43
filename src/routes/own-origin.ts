import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/**
 * The server listens on loopback and has no sign-in, so the one door left is the user's own browser.
 * A foreign Host header is a name that was rebound to this machine; a request that changes something
 * must come from our own pages, from those of the given origins, or from a program, which sends
 * neither Sec-Fetch-Site nor Origin.
 */
export const ownOriginOnly =
  (origins: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('Host') ?? new URL(c.req.url).host
    if (!LOOPBACK_HOST.test(host)) {
      throw new HTTPException(403, { message: `the host ${host} is not this server's own name` })
    }
    const origin = c.req.header('Origin')
    if (!SAFE_METHODS.includes(c.req.method) && !origins.includes(origin ?? '')) {
      const site = c.req.header('Sec-Fetch-Site')
      const foreign = site
        ? !['same-origin', 'none'].includes(site)
        : origin && !sameHost(origin, host)
      if (foreign)
        throw new HTTPException(403, { message: 'changes are taken from our own pages only' })
    }
    await next()
  }

const sameHost = (origin: string, host: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === host
