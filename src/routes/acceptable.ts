import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { parseAccept } from 'hono/utils/accept'
import { isForPrograms } from './errors.tsx'

const JSON_RANGES = ['application/json', 'application/*', '*/*']

/** Refuses with 406 what asks for anything but JSON where there is nothing else. */
export const acceptable: MiddlewareHandler = async (c, next) => {
  const header = c.req.header('Accept')
  if (header !== undefined && header.trim() !== '' && isForPrograms(c.req.path)) {
    const isWanted = parseAccept(header).some(
      ({ type, q }) => q > 0 && JSON_RANGES.includes(type.toLowerCase()),
    )
    if (!isWanted) {
      throw new HTTPException(406, {
        message: `expected an Accept header that allows application/json, got "${header}"`,
      })
    }
  }
  await next()
}
