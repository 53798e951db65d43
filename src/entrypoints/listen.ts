import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { DomainError } from '../domain/errors.ts'

interface Listening {
  url: string
  /** Takes no more connections; requests under way go on. */
  close: () => void
  /** Ends the connections that are left. */
  closeAll: () => void
}

/**
 * Serves an app on an address; port 0 takes a free one.
 * @throws DomainError `conflict` when the port is in use
 */
export const listen = async (
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port }: { host: string; port: number },
): Promise<Listening> => {
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(port, host)
  await once(server, 'listening').catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new DomainError('conflict', `port ${port} at ${host} is in use; set PORT to another one`)
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () => void server.close(),
    closeAll: () => {
      if ('closeAllConnections' in server) server.closeAllConnections()
    },
  }
}
