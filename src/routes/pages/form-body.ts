import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'

const TYPE = 'application/x-www-form-urlencoded'

/**
 * What a form sent, by name and in order. It is no object, so that no name means more than a name.
 * @throws HTTPException 415 for anything else than a form
 */
export const formBody = async (c: Context): Promise<URLSearchParams> => {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== TYPE) throw new HTTPException(415, { message: `expected Content-Type: ${TYPE}` })
  return new URLSearchParams(await c.req.text())
}
