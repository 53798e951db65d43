import type { Context } from 'hono'
import { z } from 'zod'

/** What the platform knows of a connection: Node's own socket, or the event of an HTTP API. */
const Connection = z.union([
  z
    .object({ incoming: z.object({ socket: z.object({ remoteAddress: z.string() }) }) })
    .transform(({ incoming }) => incoming.socket.remoteAddress),
  z
    .object({ requestContext: z.object({ http: z.object({ sourceIp: z.string() }) }) })
    .transform(({ requestContext }) => requestContext.http.sourceIp),
])

/**
 * The address that a request came from; undefined for one within this process. No header is asked,
 * as that could name any other.
 */
export const addressOf = (c: Context): string | undefined => Connection.safeParse(c.env).data
