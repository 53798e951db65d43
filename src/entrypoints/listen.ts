import { once } from 'node:events'
import { createServer, STATUS_CODES, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import { newId } from '../system.ts'
import { DomainError } from '../domain/errors.ts'

/** Against clients that are too large, too slow or too many, which no app ever gets to see. */
const MAX_HEADER_BYTES = 16 * 1024
const HEADERS_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 15_000
const CHECK_EVERY_MS = 5_000
const MAX_CONNECTIONS = 256

/** What Node's parser refuses, by its own codes; anything else is no HTTP. */
const REFUSED: Record<string, { status: number; detail: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    detail: `expected a target and headers of at most ${MAX_HEADER_BYTES} bytes together`,
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'expected chunks without extensions' },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: `expected the whole request within ${REQUEST_WITHIN_MS / 1000} s`,
  },
}
const NO_HTTP = { status: 400, detail: 'expected an HTTP/1.1 request' }

/** Node's account of what it could not read. */
type ParseError = Error & { code?: string; rawPacket?: Buffer }

interface Listening {
  url: string
  /** Takes no more connections; requests under way go on. */
  close: () => void
  /** Ends the connections that are left. */
  closeAll: () => void
}

/** Of an answer that no page shows and nobody keeps. */
const UNSEEN = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
}

/** A problem document like those of the app, for a request that never gets to it. */
const problem = (status: number, detail: string) => {
  const request_id = newId()
  const title = STATUS_CODES[status] ?? 'Error'
  const instance = `urn:uuid:${request_id}`
  return {
    headers: {
      'Content-Type': 'application/problem+json',
      'X-Request-Id': request_id,
      ...UNSEEN,
    },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, instance, request_id }),
  }
}

/** Refuses a request whose target or Host makes no URL. */
const refuse = (error: unknown): Response => {
  const isRefused = error instanceof RequestError
  const status = isRefused ? 400 : 500
  const detail = isRefused
    ? 'expected a request target and a Host header that make a URL together'
    : 'This is a fault of ours.'
  const { headers, body } = problem(status, detail)
  return new Response(body, { status, headers })
}

/** Refuses what could not be read as a request, and ends the connection. */
const refuseUnread = (error: ParseError, socket: Duplex): void => {
  const { code = '', rawPacket } = error
  const { status, detail } = REFUSED[code] ?? NO_HTTP
  const { headers, body } = problem(status, detail)
  const fields = Object.entries({
    ...headers,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...fields]
  const isHead = rawPacket?.toString('latin1', 0, 5) === 'HEAD '
  socket.end(`${head.join('\r\n')}\r\n\r\n${isHead ? '' : body}`, () => socket.destroy())
}

/**
 * Serves an app on an address; port 0 takes a free one. What is too odd to become a request of the app
 * is answered with a problem document as well.
 * @throws DomainError `conflict` when the port is in use
 */
export const listen = async (
  app: { fetch: (request: Request, env: object) => Response | Promise<Response> },
  { host, port }: { host: string; port: number },
): Promise<Listening> => {
  const handle = getRequestListener(app.fetch, { errorHandler: refuse })
  const answers = new WeakMap<Duplex, ServerResponse>()
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      // Node would refuse a request without a Host by itself, and say nothing.
      requireHostHeader: false,
    },
    (request, response) => {
      answers.set(request.socket, response)
      // What is left of a body that the app did not read to its end would hold up the next request.
      response.once('finish', () => {
        request.removeAllListeners('data').resume()
      })
      void handle(request, response)
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  server.on('clientError', (error, socket) => {
    const answer = answers.get(socket)
    // Nothing must get into the middle of an answer that has begun.
    const isAnswering = answer?.headersSent === true && !answer.writableFinished
    if (!socket.writable || isAnswering) socket.destroy()
    else refuseUnread(error, socket)
  })
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    const { headers, body } = problem(417, 'expected no Expect header but 100-continue')
    response.writeHead(417, headers).end(body)
  })
  server.listen(port, host)
  await once(server, 'listening').catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new DomainError('conflict', `port ${port} at ${host} is in use; set PORT to another one`)
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () => void server.close(),
    closeAll: () => server.closeAllConnections(),
  }
}
