import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import openapiTS, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { allOrders, ApiError, createClient, parseResponse } from '../../src/client/client.ts'
import { newId } from '../../src/system.ts'
import { listen } from '../../src/entrypoints/listen.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { aDefinition, anOrder } from '../support/builders.ts'
import { eventually, startServer } from '../support/command.ts'
import { createConsumer } from '../support/consumer.ts'
import { aFolder, openInstallation, writeCandles } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')

/** The product over one folder, and a client of it. */
const openApp = async (folder: string, environment: Record<string, string> = {}) => {
  const product = await openInstallation(folder, environment)
  const app = createApp({ ...product, clock: { now: () => NOW }, newId, logger: recordingLogger() })
  const client = createClient({ url: 'http://localhost', fetch: app.request })
  /** Records an order that was placed so many minutes ago. */
  const trade = (minutes: number, changes: Parameters<typeof anOrder>[0] = {}) =>
    product.trail.recordWorkflowOrder(
      anOrder({
        order_id: newId(),
        placed_at: new Date(NOW.getTime() - minutes * 60_000).toISOString(),
        ...changes,
      }),
    )
  return { ...product, app, client, trade }
}

/** The ApiError that a call is rejected with. */
const failureOf = async (call: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await call.then(
    () => 'no failure',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}

describe('the client', () => {
  test('walks a list to its end, each order once, whatever is placed meanwhile', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const placed: string[] = []
    for (let index = 0; index < 11; index += 1) {
      placed.push((await api.trade(60 + index * 300)).order_id)
    }
    const { orders } = api.client
    const seen: string[] = []
    for await (const { order_id } of allOrders((cursor) =>
      orders.$get({ query: { per_page: 2, cursor } }),
    )) {
      seen.push(order_id)
      await api.trade(1)
    }
    expect(seen).toEqual(placed)
  })

  test('tells what is wrong with a request, field by field', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { workflows, orders } = api.client
    const bad = await failureOf(orders.$get({ query: { per_page: 101, latest: false } }))
    expect(bad).toMatchObject({
      name: 'ApiError',
      status: 400,
      message: expect.stringMatching(/^per_page: expected a whole number from 1 to 100/),
      errors: [{ field: 'per_page', value: '101' }],
      request_id: expect.stringMatching(/./),
      retry_after: null,
    })
    const gone = await failureOf(
      workflows[':workflow_id'].$get({ param: { workflow_id: newId() } }),
    )
    expect(gone).toMatchObject({ status: 404, errors: [] })
  })

  test('tells when to ask again a store that did not answer', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path, {
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    })
    const failure = await failureOf(api.client.workflows.$get({ query: {} }))
    expect(failure).toMatchObject({ status: 503, retry_after: 5 })
  })

  test('tells what it was answered when that was not ordertrail', async () => {
    const proxy = createServer((_, response) => {
      response.writeHead(502, { 'Retry-After': 'Fri, 20 Nov 2026 09:31:00 GMT' })
      response.end('<h1>Bad gateway</h1>')
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void proxy.close())
    await once(proxy, 'listening')
    const { port } = proxy.address() as AddressInfo
    const client = createClient({ url: `http://127.0.0.1:${port}` })
    const failure = await failureOf(client.workflows.$get({ query: {} }))
    expect(failure).toMatchObject({
      status: 502,
      message: 'the server answered 502 Bad Gateway',
      errors: [],
      request_id: null,
      retry_after: null,
    })
  })

  test('sends its token with every request, beside the headers of the request', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const sent: Headers[] = []
    const client = createClient({
      url: 'http://localhost/',
      token: 'secret',
      fetch: (input, init) => {
        sent.push(new Headers(init?.headers))
        return api.app.request(input, init)
      },
    })
    const { id } = await parseResponse(
      client.workflows.$post({ header: { 'Idempotency-Key': 'once' }, json: aDefinition() }),
    )
    const param = { workflow_id: id }
    const header = { 'If-Match': '"1"' }
    await client.workflows[':workflow_id'].$delete({ param, header })
    expect(sent.map((headers) => headers.get('Authorization'))).toEqual([
      'Bearer secret',
      'Bearer secret',
    ])
    expect(sent[0]?.get('Idempotency-Key')).toBe('once')
    expect(sent[1]?.get('If-Match')).toBe('"1"')
  })
})

interface Operation {
  responses: Record<string, { content?: Record<string, unknown> }>
}

/** Rows of text, such as CSV, have no type that a client could show. */
const hasTypedAnswer = ({ responses }: Operation): boolean =>
  Object.entries(responses).some(([status, { content = {} }]) => {
    const types = Object.keys(content)
    return status.startsWith('2') && (types.length === 0 || types.includes('application/json'))
  })

describe('the package', () => {
  let folder: Awaited<ReturnType<typeof aFolder>>
  let consumer: Awaited<ReturnType<typeof createConsumer>>
  beforeAll(async () => {
    folder = await aFolder()
    consumer = await createConsumer(folder.path)
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  test('serves, once it is installed, with its examples and all that the pages need', async () => {
    await using data = await aFolder()
    await using server = await startServer({ DATA_DIR: data.path }, consumer.bin)
    await eventually(() => Promise.resolve(/example workflows are loaded/.test(server.stdout())), {
      within_ms: 20_000,
      what: 'the examples',
    })
    const page = await (await fetch(`${server.url}${paths.workflows}`)).text()
    const assets = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, url]) => url)
    expect(assets.length).toBeGreaterThan(2)
    for (const asset of assets) expect((await fetch(`${server.url}${asset}`)).status).toBe(200)
  })

  test('has a client of every operation that answers in JSON or in nothing', async () => {
    await using data = await aFolder()
    await using api = await openApp(data.path)
    const document = (await (await api.app.request(paths.api.document)).json()) as {
      paths: Record<string, Record<string, Operation>>
    }
    const documented = Object.entries(document.paths)
      .filter(([path]) => path.startsWith(paths.api.base))
      .flatMap(([path, operations]) =>
        Object.keys(operations)
          .filter((method) => operations[method] && hasTypedAnswer(operations[method]))
          .map((method) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
      )
    const types = await consumer.read('node_modules/ordertrail/dist/client/client.d.ts')
    const typed = types.split('.ClientRequest<string, "').flatMap((route) => {
      const path = route.slice(0, route.indexOf('"'))
      return [...route.matchAll(/\$(\w+): \{/g)].map(([, method]) => `${method} ${path}`)
    })
    expect(typed.toSorted()).toEqual(documented.toSorted())
  })

  test('comes with a client that does in strict TypeScript what a generated one does', async () => {
    await using data = await aFolder()
    await writeCandles(data.path, 'US500.I_daily', [
      { date: '2026-11-18T00:00:00.000Z', open: 2010, high: 2020, low: 1990, close: 1998 },
    ])
    await using api = await openApp(data.path)
    await api.workflows.create(newId(), aDefinition({ name: 'Rest', enable: false }), NOW)
    await api.workflows.create(newId(), aDefinition({ name: 'Wait' }), NOW)
    const { id: workflow_id } = await api.workflows.create(
      newId(),
      aDefinition({ name: 'Trade' }),
      NOW,
    )
    for (const minutes of [50, 40, 30, 20, 10]) {
      await api.trade(minutes, { workflow_id, direction: 'BUY' })
    }
    const sold = await api.trade(5, { workflow_id, direction: 'SELL', price: 101.5 })
    await api.workflows.saveLastOrder(sold)
    const server = await listen(api.app, { host: '127.0.0.1', port: 0 })
    onTestFinished(() => {
      server.close()
      server.closeAll()
    })

    const document = await openapiTS(new URL(paths.api.document, server.url), {
      defaultNonNullable: false,
    })
    await consumer.write('ordertrail.d.ts', astToString(document))
    const wrong: Record<string, unknown> = {}
    for (const [index, [file, right, mistake]] of MISTAKES.entries()) {
      const example = await consumer.read(file)
      expect(example).toContain(right)
      const name = `wrong-${index}-${file}`
      await consumer.write(name, example.replace(right, mistake))
      wrong[name] = expect.stringMatching(/^TS/)
    }
    expect(await consumer.compile()).toEqual(wrong)

    const printed = await consumer.run('client.js', server.url)
    expect(printed).toEqual([
      'Trade: SELL 101.5',
      'Wait: no order',
      'created Sell the break of 2000, revision 1',
      'run now: dry_run',
      'bought 10.0 in 5 orders',
      'changed to revision 2',
      expect.stringMatching(/^not changed: workflow \S+ was changed since it was read/),
    ])
    expect(await consumer.run('generated-client.js', server.url)).toEqual(printed)
  })
})

/** What must not compile: an example, a part of it, and that part with a mistake. */
const MISTAKES = [
  ['client.ts', "direction: 'BUY'", "side: 'BUY'"],
  ['client.ts', "direction: 'BUY'", "direction: 'buy'"],
  ['client.ts', 'last_order.price', 'last_order.prize'],
  ['client.ts', 'index:', 'instrument:'],
  [
    'client.ts',
    "name: 'polarite', unit_time: 'daily', value",
    "name: 'zone', unit_time: 'daily', value",
  ],
  ['client.ts', 'enable: false', 'enabled: false'],
  ['client.ts', 'runs.$post', 'run.$post'],
  ['client.ts', 'error.status', 'error.code'],
  ['generated-client.ts', "direction: 'BUY'", "side: 'BUY'"],
  ['generated-client.ts', 'last_order.price', 'last_order.prize'],
  ['generated-client.ts', 'index:', 'instrument:'],
  ['generated-client.ts', "workflow_id}/runs'", "workflow_id}/run'"],
] as const
