import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { startFauxqs } from 'fauxqs'

/** A queue of an SQS-compatible server on loopback. */
export const startQueue = async () => {
  const server = await startFauxqs({ port: 0, logger: false })
  const name = `spool-${randomUUID()}`
  server.createQueue(name)
  const messages = () => {
    const found = server.inspectQueue(name)?.messages
    return { ready: found?.ready.length ?? 0, hidden: found?.inflight.length ?? 0 }
  }
  return {
    url: `${server.address}/000000000000/${name}`,
    messages,
    send: (body: string): void => void server.sendMessage(name, body),
    close: () => server.stop(),
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

/** A server that takes connections and never answers. */
export const startBlackHole = async () => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
