import type { MiddlewareHandler } from 'hono'
import { etag, RETAINED_304_HEADERS } from 'hono/etag'

declare module 'hono' {
  interface ContextVariableMap {
    /** The body is made while it is sent. */
    isStreamed?: boolean
  }
}

const ended = () => Promise.resolve()

/**
 * Tags an answer by its bytes, and answers 304 to those who have them. A stream is not held back for
 * that; it goes out in chunks from the first byte on, so that one that breaks off is seen to.
 */
export const entityTag = (): MiddlewareHandler => {
  // A session is renewed by any answer.
  const tag = etag({ retainedHeaders: [...RETAINED_304_HEADERS, 'set-cookie'] })
  return async (c, next) => {
    await next()
    if (c.get('isStreamed')) c.res.headers.set('Transfer-Encoding', 'chunked')
    else await tag(c, ended)
  }
}
