import { randomBytes } from 'node:crypto'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { listen } from '../../src/entrypoints/listen.ts'
import { paths } from '../../src/paths.ts'
import { compression } from '../../src/routes/compression.ts'
import { createApp } from '../support/app.ts'
import { aDefinition } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const breakingOff = async function* () {
  yield Buffer.from('x'.repeat(100_000))
  throw new Error('the store is gone')
}

const NOW = new Date('2026-11-20T09:30:00.000Z')

const openApp = async (folder: string, environment: Record<string, string> = {}) => {
  const product = await openInstallation(folder, environment)
  const app = createApp({
    ...product,
    clock: { now: () => NOW },
    newId,
    logger: recordingLogger(),
  })
  for (let index = 0; index < 3; index += 1) {
    await product.workflows.create(newId(), aDefinition({ name: `workflow ${index}` }), NOW)
  }
  return { ...product, app }
}

describe('a method that is not possible', () => {
  test('is 405, and Allow says what is', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const response = await product.app.request(paths.api.workflows, { method: 'DELETE' })
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS, POST')
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 405, instance: paths.api.workflows })

    const page = await product.app.request(paths.workflows, { method: 'PUT' })
    expect(page.status).toBe(405)
    expect(page.headers.get('Content-Type')).toMatch(/text\/html/)
  })

  test('is not what OPTIONS is: it asks what is possible', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const path = paths.api.workflow(newId())
    const response = await product.app.request(path, { method: 'OPTIONS' })
    expect(response.status).toBe(204)
    expect(response.headers.get('Allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH, PUT')
    // Another site gets no permission with it.
    expect(response.headers.has('Access-Control-Allow-Origin')).toBe(false)
    expect((await product.app.request('/nowhere', { method: 'OPTIONS' })).status).toBe(404)
  })
})

describe('Accept', () => {
  test.each(['text/html', 'application/xml', 'application/json;q=0', 'image/*'])(
    'of %s is 406 in the API',
    async (Accept) => {
      await using folder = await aFolder()
      await using product = await openApp(folder.path)
      const response = await product.app.request(paths.api.workflows, { headers: { Accept } })
      expect(response.status).toBe(406)
      expect(await response.json()).toMatchObject({ status: 406, detail: expect.any(String) })
    },
  )

  test.each([undefined, '', '*/*', 'text/html, */*;q=0.1', 'Application/JSON', 'application/*'])(
    'of %s gets JSON',
    async (accept) => {
      await using folder = await aFolder()
      await using product = await openApp(folder.path)
      const headers = accept === undefined ? {} : { Accept: accept }
      const response = await product.app.request(paths.api.workflows, { headers })
      expect(response.status).toBe(200)
    },
  )
})

describe('an answer that has not changed', () => {
  test.each([
    ['a list', paths.api.workflows],
    ['a page', paths.workflows],
    ['the document', paths.api.document],
  ])('is 304 without a body: %s', async (_, path) => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const first = await product.app.request(path)
    const tag = first.headers.get('ETag') ?? ''
    expect(tag).toMatch(/^"[0-9a-f]+"$/)
    expect(first.headers.get('Cache-Control')).toBe('private, no-cache')

    const again = await product.app.request(path, { headers: { 'If-None-Match': tag } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    expect(again.headers.get('ETag')).toBe(tag)

    await product.workflows.create(newId(), aDefinition({ name: 'new' }), NOW)
    const changed = await product.app.request(path, { headers: { 'If-None-Match': tag } })
    expect(changed.status).toBe(path === paths.api.document ? 304 : 200)
  })

  test('has another tag in each encoding, and the same content', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const plain = await product.app.request(paths.api.workflows)
    const text = await plain.text()
    const tags = new Set([plain.headers.get('ETag')])
    for (const [encoding, decode] of Object.entries({
      br: brotliDecompressSync,
      gzip: gunzipSync,
      deflate: inflateSync,
    })) {
      const headers = { 'Accept-Encoding': encoding }
      const packed = await product.app.request(paths.api.workflows, { headers })
      expect(packed.headers.get('Content-Encoding')).toBe(encoding)
      expect(packed.headers.get('Vary')).toContain('Accept-Encoding')
      expect(packed.headers.has('Content-Length')).toBe(false)
      expect(decode(await packed.arrayBuffer()).toString()).toBe(text)
      const tag = packed.headers.get('ETag') ?? ''
      expect(tag).toMatch(/^"/)
      tags.add(tag)
      const again = await product.app.request(paths.api.workflows, {
        headers: { ...headers, 'If-None-Match': tag },
      })
      expect(again.status).toBe(304)
      expect(again.headers.get('Vary')).toContain('Accept-Encoding')
    }
    expect(tags.size).toBe(4)
  })
})

describe('the encoding of an answer', () => {
  test.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['BR', 'br'],
    ['*', 'br'],
    ['gzip', 'gzip'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['deflate, gzip;q=0.9', 'deflate'],
    ['br;q=0, gzip;q=0', null],
    ['identity, br;q=0.5', null],
    ['zstd', null],
    ['', null],
  ])('for Accept-Encoding: %s is %s', async (header, encoding) => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const headers = { 'Accept-Encoding': header }
    const response = await product.app.request(paths.workflows, { headers })
    expect(response.headers.get('Content-Encoding')).toBe(encoding)
    expect(response.headers.get('Vary')).toContain('Accept-Encoding')
  })

  const ACCEPTS = { headers: { 'Accept-Encoding': 'br, gzip' } }

  test('of a stream is made while it is read', async () => {
    let pulled = 0
    const app = new Hono().use(compression()).get('/', (c) =>
      c.body(
        new ReadableStream({
          pull: (controller) => {
            pulled += 1
            controller.enqueue(randomBytes(65_536))
            if (pulled === 100) controller.close()
          },
        }),
        { headers: { 'Content-Type': 'text/plain' } },
      ),
    )
    const response = await app.request('/', ACCEPTS)
    expect(response.headers.get('Content-Encoding')).toBe('br')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    expect((await reader.read()).done).toBe(false)
    expect(pulled).toBeLessThan(50)
    await reader.cancel()
  })

  test('of a stream that breaks off breaks off, too', async () => {
    const app = new Hono()
      .use(compression())
      .get('/', (c) =>
        c.body(ReadableStream.from(breakingOff()), { headers: { 'Content-Type': 'text/plain' } }),
      )
    const response = await app.request('/', ACCEPTS)
    await expect(response.text()).rejects.toThrow('the store is gone')
  })

  test.each<[string, Record<string, string>, boolean]>([
    ['text', { 'Content-Type': 'text/plain' }, true],
    ['what its maker calls text', { 'Content-Type': 'application/x-rows' }, true],
    ['an image', { 'Content-Type': 'image/png' }, false],
    ['what is short', { 'Content-Type': 'text/plain', 'Content-Length': '1023' }, false],
    ['what is encoded', { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' }, false],
    [
      'what nobody may touch',
      { 'Content-Type': 'text/plain', 'Cache-Control': 'no-transform' },
      false,
    ],
  ])('is there for %s: %o, %s', async (_what, headers, isPacked) => {
    const app = new Hono()
      .use(compression('application/x-rows'))
      .get('/', (c) => c.body('x'.repeat(2000), { headers: { ...headers, ETag: '"1"' } }))
    const response = await app.request('/', ACCEPTS)
    expect(response.headers.get('Content-Encoding') === 'br').toBe(isPacked)
    // The tag is that of other bytes, then.
    expect(response.headers.get('ETag')).toBe(isPacked ? 'W/"1"' : '"1"')
  })
})

describe('more requests than one caller may ask for', () => {
  test('are 429 and say when to come again, in the API alone', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path, { API_REQUESTS_PER_SECOND: '2' })
    const server = await listen(product.app, { host: '127.0.0.1', port: 0 })
    // Whoever makes up another address counts as the one that it is.
    const ask = (address: string) =>
      fetch(server.url + paths.api.workflows, { headers: { 'X-Real-IP': address } })
    const answers = []
    for (const digit of [1, 2, 3, 4, 5]) answers.push(await ask(`10.0.0.${digit}`))
    // One more before them was for the document that their answers are checked against.
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
    const [refused] = answers.slice(3)
    expect(refused?.headers.get('Retry-After')).toBe('1')
    expect(refused?.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await refused?.json()).toMatchObject({
      status: 429,
      detail: 'expected at most 2 requests a second',
    })
    for (const path of [paths.workflows, paths.health]) {
      expect((await fetch(server.url + path)).status).toBe(200)
    }
    // What has no connection is not counted.
    expect((await product.app.request(paths.api.workflows)).status).toBe(200)
    server.closeAll()
    server.close()
  })

  test('are none when there is no limit', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path, { API_REQUESTS_PER_SECOND: '0' })
    const connection = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }
    for (let count = 0; count < 5; count += 1) {
      const response = await product.app.request(paths.api.indicatorTypes, {}, connection)
      expect(response.status).toBe(200)
    }
  })
})

describe('a page of another origin', () => {
  const LISTED = 'https://app.example'
  const CONFIGURED = { CORS_ORIGINS: `https://other.example,${LISTED}` }

  const corsHeaders = ({ headers }: Response): string[] =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'))
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'content-type,if-match',
    },
  })
  const created = (origin: string) => ({
    method: 'POST',
    headers: {
      Origin: origin,
      'Sec-Fetch-Site': 'cross-site',
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(aDefinition()),
  })

  test('is told nothing when no origin is configured', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const headers = { Origin: LISTED }
    for (const [path, init] of [
      [paths.api.workflows, { headers }],
      [paths.api.workflows, preflight(LISTED)],
      ['/api/nothing', { headers }],
      [paths.workflows, { headers }],
    ] as const) {
      const response = await product.app.request(path, init)
      expect(corsHeaders(response)).toEqual([])
      expect(response.headers.get('Vary') ?? '').not.toContain('Origin')
    }
    expect((await product.app.request(paths.api.workflows, created(LISTED))).status).toBe(403)
  })

  test('may read and change when it is configured, failures and 304 included', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path, CONFIGURED)
    const headers = { Origin: LISTED }
    const list = await product.app.request(paths.api.workflows, { headers })
    const tag = list.headers.get('ETag') ?? ''
    for (const response of [
      list,
      await product.app.request(paths.api.workflows, {
        headers: { ...headers, 'If-None-Match': tag },
      }),
      await product.app.request(paths.api.order(newId()), { headers }),
      await product.app.request(paths.api.workflows, { method: 'HEAD', headers }),
      await product.app.request(paths.api.workflows, created(LISTED)),
    ]) {
      expect([200, 201, 304, 404]).toContain(response.status)
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(LISTED)
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
      expect(response.headers.get('Access-Control-Expose-Headers')?.split(',')).toEqual(
        expect.arrayContaining(['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id']),
      )
      expect(response.headers.get('Vary')).toContain('Origin')
    }
  })

  test('is told beforehand what it may send', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path, CONFIGURED)
    const path = paths.api.workflow(newId())
    const answer = await product.app.request(path, preflight(LISTED))
    expect(answer.status).toBe(204)
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(LISTED)
    expect(answer.headers.get('Access-Control-Allow-Methods')).toBe(
      'GET,HEAD,POST,PUT,PATCH,DELETE',
    )
    expect(answer.headers.get('Access-Control-Allow-Headers')).toBe(
      'Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match',
    )
    expect(answer.headers.get('Access-Control-Max-Age')).toBe('600')
    // To ask what is possible is no preflight.
    const asked = await product.app.request(path, {
      method: 'OPTIONS',
      headers: { Origin: LISTED },
    })
    expect(asked.headers.get('Allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH, PUT')
  })

  test.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'null',
    'http://app.example',
  ])('is told nothing when it is %s and another one is configured', async (origin) => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path, CONFIGURED)
    for (const init of [{ headers: { Origin: origin } }, preflight(origin)]) {
      const response = await product.app.request(paths.api.workflows, init)
      expect(corsHeaders(response)).toEqual([])
      // A cache must not give this answer to the other one.
      expect(response.headers.get('Vary')).toContain('Origin')
    }
    expect((await product.app.request(paths.api.workflows, created(origin))).status).toBe(403)
    expect((await product.workflows.list(NOW)).workflows).toHaveLength(3)
  })

  test('gets the API and nothing else, even when it is configured', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path, CONFIGURED)
    const page = await product.app.request(paths.workflows, { headers: { Origin: LISTED } })
    expect(corsHeaders(page)).toEqual([])
  })
})

test('HEAD answers like GET, without the body', async () => {
  await using folder = await aFolder()
  await using product = await openApp(folder.path)
  const get = await product.app.request(paths.api.workflows)
  const head = await product.app.request(paths.api.workflows, { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(await head.text()).toBe('')
  for (const name of ['ETag', 'Content-Type', 'Cache-Control']) {
    expect(head.headers.get(name)).toBe(get.headers.get(name))
  }
})

test('Server-Timing tells how many requests an answer took at DynamoDB, and how long', async () => {
  await using folder = await aFolder()
  await using product = await openApp(folder.path)
  const timingOf = async (path: string) =>
    (await product.app.request(path)).headers.get('Server-Timing')
  expect(await timingOf(paths.api.workflows)).toMatch(/^dynamodb;dur=\d+\.\d;desc="1 requests"$/)
  expect(await timingOf(paths.workflows)).toMatch(/desc="3 requests"/)
  expect(await timingOf(paths.health)).toBe('dynamodb;dur=0.0;desc="0 requests"')
})
