import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { aDefinition, anUnfittingDefinition } from '../support/builders.ts'
import { aFolder, openInstallation, writeCandles } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')
const CANDLE = {
  date: '2026-11-20T08:00:00.000Z',
  open: 99,
  high: 100.5,
  low: 97.25,
  close: 98,
}

const openApp = async (folder: string) => {
  await writeCandles(folder, 'DAX.I_h1', [CANDLE])
  await writeCandles(folder, 'GER40.I_h1', [CANDLE])
  const product = await openInstallation(folder)
  const app = createApp({ ...product, clock: { now: () => NOW }, newId, logger: recordingLogger() })
  const send = async (
    method: string,
    path: string,
    { body, ...headers }: { body?: unknown } & Record<string, unknown> = {},
  ) => {
    return app.request(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(headers as Record<string, string>),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
  const create = (changes = {}) => product.workflows.create(newId(), aDefinition(changes), NOW)
  return { ...product, send, create }
}

const tagOf = (response: Response): string => response.headers.get('ETag') ?? ''

describe('a change that is based on a revision', () => {
  test('is made when nobody else has changed the workflow, and refused when somebody has', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.create()
    const path = paths.api.workflow(id)
    const read = await api.send('GET', path)
    expect(tagOf(read)).toMatch(/^"1\.[0-9a-f]{32}"$/)

    const mine = await api.send('PATCH', path, {
      body: { enable: false },
      'If-Match': tagOf(read),
    })
    expect(mine.status).toBe(200)
    expect(await mine.json()).toMatchObject({ revision: 2, enable: false })
    for (const [method, body] of [
      ['PATCH', { enable: true }],
      ['PUT', aDefinition()],
      ['DELETE', undefined],
    ] as const) {
      for (const tag of [tagOf(read), '"1"', '"7"']) {
        const stale = await api.send(method, path, { body, 'If-Match': tag })
        expect(stale.status).toBe(412)
        expect(await stale.json()).toMatchObject({ detail: expect.stringMatching(/revision 2/) })
      }
    }
    expect(await api.workflows.find(id, NOW)).toMatchObject({ revision: 2, enable: false })
    const put = await api.send('PUT', path, { body: aDefinition(), 'If-Match': '"2"' })
    expect(put.status).toBe(200)
    expect((await api.send('DELETE', path, { 'If-Match': tagOf(put) })).status).toBe(204)
    expect((await api.send('DELETE', path, { 'If-Match': '"3"' })).status).toBe(404)
  })

  test.each(['3', 'W/"1"', '"1", "2"', '"abc"', '""'])(
    'is refused when If-Match is %s, which nobody can go by',
    async (tag) => {
      await using folder = await aFolder()
      await using api = await openApp(folder.path)
      const { id } = await api.create()
      const path = paths.api.workflow(id)
      const response = await api.send('PATCH', path, { body: { enable: false }, 'If-Match': tag })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ errors: [{ field: 'If-Match' }] })
      expect(await api.workflows.find(id, NOW)).toMatchObject({ revision: 1 })
    },
  )

  test('knows a workflow by its tag although it is compressed on the way', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.create()
    const path = paths.api.workflow(id)
    const read = await api.send('GET', path, { 'Accept-Encoding': 'gzip' })
    expect(tagOf(read)).toMatch(/^"1\./)
    const again = await api.send('GET', path, { 'If-None-Match': tagOf(read) })
    expect(again.status).toBe(304)
  })
})

describe('a merge patch', () => {
  test('changes what it names and leaves the rest', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const before = await api.create({ end_date: '2030-12-31' })
    const response = await api.send('PATCH', paths.api.workflow(before.id), {
      body: { trigger: { quantity: 7 }, end_date: null },
      'Content-Type': 'application/merge-patch+json',
    })
    expect(response.status).toBe(200)
    const { trigger, conditions, name } = before
    expect(await response.json()).toMatchObject({
      name,
      conditions,
      trigger: { ...trigger, quantity: 7 },
      end_date: null,
      revision: 2,
    })
  })

  test.each([
    [{ trigger: { quantity: 0 } }, 'trigger.quantity'],
    [{ name: '' }, 'name'],
    [{ surprise: 1 }, 'surprise'],
    [{ conditions: [] }, 'conditions'],
  ])('that makes no valid definition is refused: %j', async (body, field) => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.create()
    const response = await api.send('PATCH', paths.api.workflow(id), { body })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ field }] })
    expect(await api.workflows.find(id, NOW)).toMatchObject({ revision: 1 })
  })

  test('switches a workflow off whose trigger can never fire, and not on again', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.workflows.create(newId(), anUnfittingDefinition(), NOW)
    const path = paths.api.workflow(id)
    const off = await api.send('PATCH', path, { body: { enable: false } })
    expect(off.status).toBe(200)
    expect(await off.json()).toMatchObject({ enable: false, revision: 2 })
    const on = await api.send('PATCH', path, { body: { enable: true } })
    expect(on.status).toBe(422)
    expect(await on.json()).toMatchObject({ errors: [{ field: 'trigger.location' }] })
  })

  test('is no list, and no other type', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.create()
    const path = paths.api.workflow(id)
    expect((await api.send('PATCH', path, { body: [] })).status).toBe(422)
    const xml = await api.send('PATCH', path, { body: {}, 'Content-Type': 'application/xml' })
    expect(xml.status).toBe(415)
    const unknown = await api.send('PATCH', paths.api.workflow(newId()), { body: {} })
    expect(unknown.status).toBe(404)
  })
})

describe('a request to create that is sent twice', () => {
  test('makes one workflow when it bears an Idempotency-Key', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const request = { body: aDefinition(), 'Idempotency-Key': 'create-1' }
    const [first, second] = await Promise.all([
      api.send('POST', paths.api.workflows, request),
      api.send('POST', paths.api.workflows, request),
    ])
    expect([first.status, second.status]).toEqual([201, 201])
    expect(await second.json()).toEqual(await first.json())
    expect(second.headers.get('Location')).toBe(first.headers.get('Location'))
    expect((await api.workflows.list(NOW)).workflows).toHaveLength(1)

    const other = await api.send('POST', paths.api.workflows, {
      body: aDefinition({ name: 'another' }),
      'Idempotency-Key': 'create-1',
    })
    expect(other.status).toBe(409)
    const spaces = await api.send('POST', paths.api.workflows, {
      body: aDefinition(),
      'Idempotency-Key': 'with space',
    })
    expect(spaces.status).toBe(400)
  })
})

describe('a run of one workflow', () => {
  test('only explains with dry_run=true, and then places once however often it is asked for', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.create()
    const path = paths.api.workflowRuns(id)

    const explained = await api.send('POST', `${path}?dry_run=true`)
    expect(explained.status).toBe(200)
    expect(await explained.json()).toMatchObject({
      outcome: 'dry_run',
      decision: { kind: 'order', order: { direction: 'SELL', price: 96.25 } },
    })
    expect(await api.broker.list({ since: new Date(0) })).toEqual([])
    expect((await api.workflows.find(id, NOW))?.last_run).toBeNull()

    const placed = (await (await api.send('POST', path)).json()) as { order_id: string }
    expect(placed).toMatchObject({ outcome: 'placed', decision: { kind: 'order' } })
    expect(await (await api.send('POST', path)).json()).toMatchObject({ outcome: 'duplicate' })
    expect(await api.broker.list({ since: new Date(0) })).toHaveLength(1)
    const order = await api.send('GET', paths.api.order(placed.order_id))
    expect(await order.json()).toMatchObject({
      execution_context: { trigger_source: 'api', request_id: expect.any(String) },
    })
  })

  test('is refused for an unknown workflow and an odd parameter', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    expect((await api.send('POST', paths.api.workflowRuns(newId()))).status).toBe(404)
    const { id } = await api.create()
    const odd = await api.send('POST', `${paths.api.workflowRuns(id)}?dry_run=yes`)
    expect(odd.status).toBe(400)
    expect(await api.broker.list({ since: new Date(0) })).toEqual([])
  })
})

test('the indicator types are those of the definition, each with the inputs that it takes', async () => {
  await using folder = await aFolder()
  await using api = await openApp(folder.path)
  const response = await api.send('GET', paths.api.indicatorTypes)
  const { indicator_types } = (await response.json()) as {
    indicator_types: { name: string; inputs: string[] }[]
  }
  const values = {
    value: 100,
    zone_value: 110,
    x1: { x: '2026-01-05', y: 1 },
    x2: { x: '2026-02-05', y: 2 },
  }
  for (const { name, inputs } of indicator_types) {
    const given = Object.fromEntries(inputs.map((input) => [input, Reflect.get(values, input)]))
    const condition = {
      indicator: { name, unit_time: 'daily', ...given },
      close: { direction: 'below', unit_time: 'daily' },
    }
    const body = { name, index: 'DAX.I', cfd: 'DAX.I', conditions: [condition] }
    const created = await api.send('POST', paths.api.workflows, { body })
    expect(created.status).toBe(201)
    expect(await created.json()).toMatchObject({ conditions: [{ indicator: { name, ...given } }] })
  }
  expect(indicator_types).toHaveLength(8)
})
