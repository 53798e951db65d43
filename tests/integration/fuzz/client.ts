import { Agent, request as sendRequest, type IncomingMessage } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Answer } from '../../support/raw-http.ts'
import type { FuzzRequest } from './requests.ts'

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const DECODERS: Record<string, (body: Buffer) => Buffer> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

const headersOf = (raw: readonly string[]): Headers => {
  const headers = new Headers()
  for (let at = 0; at < raw.length; at += 2) headers.append(raw[at] ?? '', raw[at + 1] ?? '')
  return headers
}

/** Sends requests over connections that are kept alive, each target byte by byte as it is given. */
export const createSender = (url: string) => {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const headersToSend = ({ headers, body, isChunked }: FuzzRequest): string[] => {
    const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
    const length = isChunked
      ? ['Transfer-Encoding', 'chunked']
      : ['Content-Length', `${body?.length}`]
    return [
      ...(hasHost ? [] : ['Host', `${hostname}:${port}`]),
      ...headers.flat(),
      ...(body === null ? [] : length),
    ]
  }
  const send = (request: FuzzRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { method, target, body } = request
      const outgoing = sendRequest(
        // A list, so that Node sends these headers and no others, in this order.
        { agent, hostname, port, method, path: target, headers: headersToSend(request) },
        (incoming) => {
          bodyOf(incoming).then((sent) => {
            const received = headersOf(incoming.rawHeaders)
            const decode = DECODERS[received.get('Content-Encoding') ?? '']
            const plain = decode && sent.length > 0 ? decode(sent) : sent
            resolve({ status: incoming.statusCode ?? 0, headers: received, body: plain.toString() })
          }, reject)
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body ?? undefined)
    })
  return { send, [Symbol.dispose]: () => agent.destroy() }
}
