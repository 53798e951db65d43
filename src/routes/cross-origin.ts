import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'

const ended = () => Promise.resolve()

/**
 * Lets pages of the given origins use what is behind it, without cookies. No other origin is told
 * anything.
 */
export const crossOrigin = (origins: readonly string[]): MiddlewareHandler => {
  if (origins.length === 0) return (_c, next) => next()
  const permit = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match'],
    exposeHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'Server-Timing', 'X-Request-Id'],
    maxAge: 600,
  })
  return async (c, next) => {
    const isListed = origins.includes(c.req.header('Origin') ?? '')
    const isOptions = c.req.method === 'OPTIONS'
    // Without the name of a method it is no preflight, but asks what is possible.
    if (isListed && isOptions && c.req.header('Access-Control-Request-Method')) {
      return permit(c, next)
    }
    await next()
    // Afterwards, as a 304 drops what was set before.
    if (isListed && !isOptions) await permit(c, ended)
    else c.header('Vary', 'Origin', { append: true })
  }
}
