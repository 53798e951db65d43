import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { expect, test } from 'vitest'
import { createHttpBroker } from '../../../src/brokers/http.ts'
import { createPaperBroker } from '../../../src/brokers/paper.ts'
import { paperBrokerApp } from '../../../src/brokers/paper-server.ts'
import type { OrderRequest } from '../../../src/domain/ports.ts'
import { PLACE_FAULTS, startFaultBroker, type PlaceFault } from '../../support/fault-broker.ts'
import { aFolder } from '../../support/installation.ts'

const NOW = new Date('2026-11-23T09:30:00.250Z')

const aRequest = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
  client_order_id: '4ba56d54-21ad-5653-876c-486c1e128e19',
  code: 'GER40.I',
  direction: 'SELL',
  order_type: 'OPEN_STOP',
  price: 96.25,
  quantity: 2,
  at: NOW,
  ...changes,
})

const brokerAt = (url: string, deadlineMs = 2000) =>
  createHttpBroker({
    url,
    dedupesClientOrderIds: true,
    settleMs: 0,
    placeDeadlineMs: deadlineMs,
    readDeadlineMs: deadlineMs,
  })

/** The kind of the answer, or that there was none that says anything. */
const outcome = (placement: Promise<{ kind: string }>): Promise<string> =>
  placement.then(
    ({ kind }) => kind,
    () => 'not clear',
  )

const CERTAIN: Partial<Record<PlaceFault, string>> = {
  refuse: 'refused',
  too_many: 'unsent',
  answer_late: 'accepted',
}

test.each(Object.entries(PLACE_FAULTS))(
  'what comes of an order when the broker does this: %s',
  async (fault, { booked }) => {
    await using server = await startFaultBroker({ dedupes: false })
    server.inject('place', fault as PlaceFault)

    const placement = brokerAt(server.url, 800).place(aRequest())

    expect(await outcome(placement)).toBe(CERTAIN[fault as PlaceFault] ?? 'not clear')
    expect(server.book()).toHaveLength(booked ? 1 : 0)
    // Whatever happens, an order is sent once.
    expect(server.requests).toEqual(['place'])
  },
)

test('an order is not sent again over a connection that the broker has closed', async () => {
  await using server = await startFaultBroker({ dedupes: false })
  const broker = brokerAt(server.url)
  await broker.place(aRequest())
  server.inject('place', 'reset_after')

  expect(await outcome(broker.place(aRequest()))).toBe('not clear')
  expect(server.requests).toHaveLength(2)
})

test('where nobody listens, nothing was sent', async () => {
  const { url } = await (async () => {
    await using server = await startFaultBroker({ dedupes: true })
    return server
  })()
  expect(await brokerAt(url).place(aRequest())).toMatchObject({
    kind: 'unsent',
    reason: expect.stringContaining('ECONNREFUSED'),
  })
})

test('a server that accepts connections and never answers is not waited for beyond the deadline', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const broker = brokerAt(`http://127.0.0.1:${port}`, 200)
    expect(await outcome(broker.place(aRequest()))).toBe('not clear')
    await expect(broker.findByClientOrderId('x')).rejects.toThrow(/cannot be asked/)
  } finally {
    server.close()
  }
})

test('an order is unknown only when the broker says so', async () => {
  await using server = await startFaultBroker({ dedupes: true })
  const broker = brokerAt(server.url, 300)
  const { client_order_id } = aRequest()
  expect(await broker.findByClientOrderId(client_order_id)).toBeNull()
  await broker.place(aRequest())
  expect(await broker.findByClientOrderId(client_order_id)).toMatchObject({ price: 96.25 })

  for (const fault of ['error', 'reset', 'no_answer'] as const) {
    server.inject('find', fault)
    server.inject('list', fault)
    await expect(broker.findByClientOrderId(client_order_id)).rejects.toThrow(/broker/)
    await expect(broker.list({ since: NOW })).rejects.toThrow(/broker/)
  }
  await expect(brokerAt(`${server.url}/elsewhere`).list({ since: NOW })).rejects.toThrow(/404/)
})

test('the paper broker over HTTP keeps its promise: one order per client order id, dated by itself', async () => {
  await using folder = await aFolder()
  const paper = createPaperBroker({ file: join(folder.path, 'book.sqlite') })
  const server = createAdaptorServer({ fetch: paperBrokerApp(paper, () => NOW).fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const broker = brokerAt(`http://127.0.0.1:${port}`)
    const later = new Date('2026-11-24T00:00:00.000Z')
    const first = await broker.place(aRequest({ at: later }))
    expect(first).toMatchObject({
      kind: 'accepted',
      repeated: false,
      order: { placed_at: NOW.toISOString(), price: 96.25 },
    })
    expect(await broker.place(aRequest({ price: 1 }))).toMatchObject({
      repeated: true,
      order: { price: 96.25 },
    })
    expect(await broker.place(aRequest({ client_order_id: 'other', quantity: 0 }))).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('quantity'),
    })
    expect(await broker.list({ since: NOW })).toHaveLength(1)
    expect(await broker.list({ since: later })).toEqual([])
    expect(await broker.findByClientOrderId('nobody')).toBeNull()
    const bad = await fetch(`http://127.0.0.1:${port}/orders`, { method: 'POST', body: '{' })
    expect([bad.status, await bad.json()]).toMatchObject([400, { code: 'invalid' }])
  } finally {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
    paper.close()
  }
})

test('the broker is told who asks with every request, over a connection of its own', async () => {
  await using folder = await aFolder()
  const paper = createPaperBroker({ file: join(folder.path, 'book.sqlite') })
  const app = paperBrokerApp(paper, () => NOW)
  const seen: (string | null)[] = []
  const server = createAdaptorServer({
    fetch: (request: Request) => {
      seen.push(request.headers.get('Authorization'))
      return app.fetch(request)
    },
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  let connections = 0
  server.on('connection', () => (connections += 1))
  let secret = Promise.resolve('the secret')
  const broker = createHttpBroker({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dedupesClientOrderIds: true,
    settleMs: 0,
    token: () => secret,
  })

  await broker.place(aRequest())
  await broker.findByClientOrderId(aRequest().client_order_id)
  await broker.list({ since: NOW })
  expect(seen).toEqual(Array.from({ length: 3 }, () => 'Bearer the secret'))
  expect(connections).toBe(3)

  secret = Promise.reject(new Error('it cannot be read'))
  // Without the secret nothing is sent.
  expect(await broker.place(aRequest())).toEqual({ kind: 'unsent', reason: 'it cannot be read' })
  await expect(broker.list({ since: NOW })).rejects.toThrow('it cannot be read')
  expect(seen).toHaveLength(3)

  server.close()
  paper.close()
})
