import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { WorkflowDefinition } from '../../src/domain/workflow.ts'
import { createLogger } from '../../src/logger.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { anIntendedOrder, anOrder, aPlacedOrder } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')

const aBody = (changes: Record<string, unknown> = {}) => ({
  name: 'Sell under 100',
  index: 'TEST',
  cfd: 'TEST',
  conditions: [
    {
      indicator: { name: 'polarite', unit_time: 'daily', value: 100 },
      close: { direction: 'below', unit_time: 'daily', spread: 5 },
    },
  ],
  trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 2 },
  ...changes,
})

const openApp = async (folder: string, environment: Record<string, string> = {}) => {
  const installation = await openInstallation(folder, environment)
  const app = createApp({
    ...installation,
    clock: { now: () => NOW },
    newId,
    logger: createLogger(
      'silent',
      () => undefined,
      () => NOW,
    ),
  })
  const send = async (method: string, path: string, body?: unknown) => {
    return app.request(path, {
      method,
      ...(body === undefined
        ? {}
        : {
            body: typeof body === 'string' ? body : JSON.stringify(body),
            headers: { 'Content-Type': 'application/json' },
          }),
    })
  }
  const get = (path: string) => send('GET', path)
  const aStoredWorkflow = () =>
    installation.workflows.create(newId(), WorkflowDefinition.parse(aBody()), NOW)
  return { ...installation, app, send, get, aStoredWorkflow }
}

/** Asserts that an answer is a problem document of this status, and returns it. */
const problemOf = async (response: Response, status: number) => {
  expect(response.status).toBe(status)
  expect(response.headers.get('Content-Type')).toBe('application/problem+json')
  const problem = (await response.json()) as Record<string, unknown>
  expect(problem).toMatchObject({ status, type: 'about:blank', request_id: expect.any(String) })
  return problem
}

const minutesAgo = (minutes: number): string =>
  new Date(NOW.getTime() - minutes * 60_000).toISOString()

describe("a workflow's history", () => {
  test('is exactly the page that was asked for, newest first', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.aStoredWorkflow()
    for (const minutes of [30, 10, 20]) {
      await api.trail.recordWorkflowOrder(
        anOrder({
          order_id: newId(),
          workflow_id: id,
          placed_at: minutesAgo(minutes),
          price: minutes,
        }),
      )
    }

    const first = await api.get(`${paths.api.workflowOrders(id)}?per_page=2`)
    expect(first.status).toBe(200)
    const body = (await first.json()) as { orders: Record<string, unknown>[] }
    expect(Object.keys(body)).toEqual([
      'orders',
      'total',
      'page',
      'per_page',
      'next_cursor',
      'previous_cursor',
    ])
    expect(body).toMatchObject({ total: 3, page: 1, per_page: 2 })
    expect(body.orders.map(({ price }) => price)).toEqual([10, 20])
    expect(Object.keys(body.orders[0] ?? {}).sort()).toEqual([
      'direction',
      'order_id',
      'placed_at',
      'price',
      'quantity',
      'workflow_id',
    ])
    expect(body.orders[0]?.['placed_at']).toBe(minutesAgo(10))

    const oldest = await api.get(`${paths.api.workflowOrders(id)}?sort=placed_at&per_page=1&page=3`)
    expect(await oldest.json()).toMatchObject({ orders: [{ price: 10 }], total: 3, page: 3 })
  })

  test('is an empty list for a workflow without orders', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.aStoredWorkflow()
    expect(await (await api.get(paths.api.workflowOrders(id))).json()).toEqual({
      next_cursor: null,
      previous_cursor: null,
      orders: [],
      total: 0,
      page: 1,
      per_page: 20,
    })
  })

  test('is there for a stored workflow that cannot be read', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const broken = { ...WorkflowDefinition.parse(aBody()), conditions: [] }
    const { id } = await api.workflows.create(newId(), broken, NOW)
    await problemOf(await api.get(paths.api.workflow(id)), 422)
    for (const path of [
      paths.api.workflowOrders(id),
      `${paths.api.workflowOrders(id)}?to=${minutesAgo(1)}`,
    ]) {
      const response = await api.get(path)
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ orders: [] })
    }
    const summary = await api.get(paths.api.workflowOrdersSummary(id))
    expect(await summary.json()).toEqual({ workflow_id: id, count: 0, last_order: null })
  })

  test('outlives its workflow, and is not found for an id that has neither', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.aStoredWorkflow()
    await api.trail.recordWorkflowOrder(anOrder({ workflow_id: id, placed_at: minutesAgo(1) }))
    expect((await api.send('DELETE', paths.api.workflow(id))).status).toBe(204)

    expect(await (await api.get(paths.api.workflowOrders(id))).json()).toMatchObject({ total: 1 })
    await problemOf(await api.get(paths.api.workflow(id)), 404)
    await problemOf(await api.get(paths.api.workflowOrders(newId())), 404)
  })

  test.each([
    ['per_page=0', 'per_page', '0'],
    ['per_page=101', 'per_page', '101'],
    ['page=abc', 'page', 'abc'],
    ['page=1e2', 'page', '1e2'],
    ['page=-1', 'page', '-1'],
    ['sort=price', 'sort', 'price'],
    ['limit=5', 'limit', '5'],
  ])('refuses ?%s and names the field and its value', async (query, field, value) => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.aStoredWorkflow()
    const problem = await problemOf(await api.get(`${paths.api.workflowOrders(id)}?${query}`), 400)
    expect(problem['errors']).toEqual([expect.objectContaining({ field, value })])
  })

  test('refuses a parameter that is given twice', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.aStoredWorkflow()
    await problemOf(await api.get(`${paths.api.workflowOrders(id)}?page=1&page=2`), 400)
  })

  test('refuses an id that is no UUID', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const problem = await problemOf(await api.get(paths.api.workflowOrders('not-a-uuid')), 400)
    expect(problem['errors']).toMatchObject([{ field: 'workflow_id', value: 'not-a-uuid' }])
  })
})

describe('one order', () => {
  test('has all fields, and the time at which it expires', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const placed = anOrder({ placed_at: minutesAgo(5) })
    const order = await api.trail.recordWorkflowOrder(placed)
    const response = await api.get(paths.api.order(order.order_id))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      ...placed,
      ttl: Math.floor(Date.parse(placed.placed_at) / 1000) + 604_800,
      expires_at: '2026-11-27T09:25:00.000Z',
    })
  })

  test('is not found when it is unknown or has expired', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const old = anOrder({ placed_at: '2026-11-13T09:30:00.000Z' })
    await api.trail.recordWorkflowOrder(old)
    await problemOf(await api.get(paths.api.order(old.order_id)), 404)
    await problemOf(await api.get(paths.api.order(newId())), 404)
    await problemOf(await api.get(paths.api.order('42')), 400)
  })
})

describe('workflows', () => {
  test('are created, read, replaced and deleted', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)

    const created = await api.send('POST', paths.api.workflows, aBody())
    expect(created.status).toBe(201)
    const workflow = (await created.json()) as { id: string }
    expect(created.headers.get('Location')).toBe(paths.api.workflow(workflow.id))
    expect(workflow).toMatchObject({
      revision: 1,
      dry_run: true,
      last_order: null,
      created_at: NOW.toISOString(),
    })

    const read = await api.get(paths.api.workflow(workflow.id))
    expect(await read.json()).toEqual(workflow)

    const replaced = await api.send('PUT', paths.api.workflow(workflow.id), {
      ...workflow,
      name: 'Renamed',
      dry_run: false,
    })
    expect(replaced.status).toBe(200)
    expect(await replaced.json()).toMatchObject({ name: 'Renamed', dry_run: false, revision: 2 })

    expect((await api.send('DELETE', paths.api.workflow(workflow.id))).status).toBe(204)
    await problemOf(await api.send('DELETE', paths.api.workflow(workflow.id)), 404)
    await problemOf(await api.send('PUT', paths.api.workflow(workflow.id), aBody()), 404)
  })

  test('are listed with their last order', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.aStoredWorkflow()
    await api.aStoredWorkflow()
    const placed = anOrder({ workflow_id: id, placed_at: minutesAgo(3) })
    await api.workflows.saveLastOrder(await api.trail.recordWorkflowOrder(placed))

    const list = (await (await api.get(paths.api.workflows)).json()) as {
      total: number
      workflows: { id: string; last_order: unknown }[]
    }
    expect(list.total).toBe(2)
    expect(list.workflows.find((workflow) => workflow.id === id)?.last_order).toEqual({
      placed_at: placed.placed_at,
      direction: placed.direction,
      price: placed.price,
      quantity: placed.quantity,
    })
    expect(list.workflows.find((workflow) => workflow.id !== id)?.last_order).toBeNull()
  })

  test('are refused with every bad field named, and nothing is stored', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const bad = aBody({ name: '', end_date: '2026-12-01T10:00', enabled: true })
    const problem = await problemOf(await api.send('POST', paths.api.workflows, bad), 422)
    expect(problem['errors']).toMatchObject([
      { field: 'name', value: '' },
      { field: 'end_date', value: '2026-12-01T10:00' },
      { field: 'enabled' },
    ])
    expect((await api.workflows.list(NOW)).workflows).toEqual([])
  })

  test.each([
    ['nested very deeply', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['nested very deeply in a field', `{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    [
      'an indicator that every object has',
      JSON.stringify(aBody()).replace('polarite', 'constructor'),
    ],
  ])('are refused as %s', async (_case, body) => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    await problemOf(await api.send('POST', paths.api.workflows, body), 422)
  })

  test('are refused as broken JSON, another type, or too large a body', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    await problemOf(await api.send('POST', paths.api.workflows, '{"name":'), 400)
    await problemOf(
      await api.send('POST', paths.api.workflows, aBody({ name: 'x'.repeat(70_000) })),
      413,
    )
    const form = await api.app.request(paths.api.workflows, { method: 'POST', body: 'name=x' })
    await problemOf(form, 415)
  })
})

describe('what needs attention', () => {
  /** Makes claims in the real store, and asks the API about them. */
  const openAttention = async (folder: string) => {
    const api = await openApp(folder)
    /** An order that a run claimed so many minutes ago, on the candle of that time. */
    const claimed = async (minutes: number, workflow_id = newId()) => {
      const order = anIntendedOrder({ workflow_id, slot: minutesAgo(minutes) })
      await api.intents.claim(order, 'a run that died', new Date(minutesAgo(minutes)))
      return order
    }
    const told = async (query = '') => {
      const response = await api.get(`${paths.api.attention}${query}`)
      expect(response.status).toBe(200)
      return (await response.json()) as { attention: Record<string, unknown>[]; total: number }
    }
    return { ...api, claimed, told }
  }

  test('is an empty list when nothing does', async () => {
    await using folder = await aFolder()
    await using api = await openAttention(folder.path)
    expect(await api.told()).toEqual({ attention: [], total: 0 })
  })

  test('is each claim, placed order and order given up, newest first, with what to do', async () => {
    await using folder = await aFolder()
    await using api = await openAttention(folder.path)
    const left = await api.claimed(30)
    const placed = await api.claimed(20)
    const broker_order_id = 'paper-7'
    await api.intents.markPlaced(
      aPlacedOrder({ ...placed, placed_at: minutesAgo(19), broker_order_id }),
    )
    const abandoned = await api.claimed(10)
    await api.intents.close(abandoned.order_id, 'abandoned', 'no connection', NOW)
    const refused = await api.claimed(5)
    await api.intents.close(refused.order_id, 'rejected', 'no money', NOW)

    const { attention, total } = await api.told()
    expect(total).toBe(3)
    expect(attention).toMatchObject([
      {
        order_id: abandoned.order_id,
        state: 'abandoned',
        known: 'The order was not placed: no connection.',
        to_do: expect.stringContaining('place it at the broker yourself'),
      },
      { order_id: placed.order_id, state: 'placed', placed_at: minutesAgo(19), broker_order_id },
      { order_id: left.order_id, state: 'claimed', placed_at: null, broker_order_id: null },
    ])
    expect(attention[2]).toEqual({
      order_id: left.order_id,
      workflow_id: left.workflow_id,
      workflow_name: 'Sell under 100',
      state: 'claimed',
      claimed_at: minutesAgo(30),
      placed_at: null,
      broker_order_id: null,
      order: {
        code: 'GER40.I',
        direction: 'SELL',
        quantity: 2,
        price: 96.25,
        order_type: 'OPEN_STOP',
        unit_time: 'h1',
        slot: minutesAgo(30),
      },
      known: expect.stringContaining('not known whether the broker has the order'),
      to_do: expect.stringContaining('Look for it at the broker'),
    })
  })

  test('is not an order that is under way for less than a minute, nor one that is recorded', async () => {
    await using folder = await aFolder()
    await using api = await openAttention(folder.path)
    await api.claimed(0.5)
    const late = await api.claimed(2)
    expect(await api.told()).toMatchObject({ total: 1, attention: [{ order_id: late.order_id }] })

    await api.intents.markRecorded(anOrder({ ...late, placed_at: minutesAgo(1) }), NOW)
    expect(await api.told()).toEqual({ attention: [], total: 0 })
    expect(await (await api.get(paths.workflows)).text()).not.toContain('Needs attention')
  })

  test("is one workflow's when it is asked for, in capital letters too", async () => {
    await using folder = await aFolder()
    await using api = await openAttention(folder.path)
    const ours = await api.claimed(3)
    await api.claimed(4)
    for (const id of [ours.workflow_id, ours.workflow_id.toUpperCase()]) {
      const found = await api.told(`?workflow_id=${id}`)
      expect(found).toMatchObject({ total: 1, attention: [{ order_id: ours.order_id }] })
    }
    expect(await api.told(`?workflow_id=${newId()}`)).toEqual({ attention: [], total: 0 })
  })

  test('is on the pages too, that of a deleted workflow included', async () => {
    await using folder = await aFolder()
    await using api = await openAttention(folder.path)
    const { id } = await api.aStoredWorkflow()
    await api.claimed(3, id)
    for (const path of [paths.workflows, paths.workflow(id)]) {
      expect(await (await api.get(path)).text()).toContain('Needs attention: 1 order')
    }
    expect((await api.send('DELETE', paths.api.workflow(id))).status).toBe(204)
    const page = await api.get(paths.workflow(id))
    expect(page.status).toBe(200)
    const html = await page.text()
    expect(html).toContain('This workflow was deleted.')
    expect(html).toContain('Needs attention: 1 order')
  })

  test.each([
    ['workflow_id=42', 'workflow_id', '42'],
    ['workflow_id=', 'workflow_id', ''],
    ['state=placed', 'state', 'placed'],
  ])('refuses ?%s and names the field and its value', async (query, field, value) => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const problem = await problemOf(await api.get(`${paths.api.attention}?${query}`), 400)
    expect(problem['errors']).toEqual([expect.objectContaining({ field, value })])
  })

  test('refuses a workflow that is given twice', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const twice = `workflow_id=${newId()}&workflow_id=${newId()}`
    await problemOf(await api.get(`${paths.api.attention}?${twice}`), 400)
  })
})

test('a store that does not answer is a 503 with Retry-After, never an empty list', async () => {
  await using folder = await aFolder()
  await using api = await openApp(folder.path, {
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
  })
  for (const path of [
    paths.api.workflows,
    paths.api.workflowOrders(newId()),
    paths.api.order(newId()),
    paths.api.attention,
    paths.ready,
  ]) {
    const response = await api.get(path)
    expect(response.headers.get('Retry-After')).toBe('5')
    const problem = await problemOf(response, 503)
    expect(JSON.stringify(problem)).not.toContain('127.0.0.1')
  }
  for (const path of [paths.workflows, paths.workflowOrders(newId()), paths.order(newId())]) {
    const page = await api.get(path)
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('did not answer')
  }
  expect((await api.get(paths.health)).status).toBe(200)
})

test('an unknown address is a problem for programs and a page for people', async () => {
  await using folder = await aFolder()
  await using api = await openApp(folder.path)
  await problemOf(await api.get('/api/nothing'), 404)
  const page = await api.get('/nothing')
  expect(page.status).toBe(404)
  expect(page.headers.get('Content-Type')).toContain('text/html')
})

describe('the door', () => {
  test('is closed to a host name that was rebound to this machine', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const response = await api.app.request(paths.api.workflows, {
      headers: { Host: 'evil.example' },
    })
    await problemOf(response, 403)
  })

  test.each([
    ['Sec-Fetch-Site', 'cross-site'],
    ['Origin', 'https://evil.example'],
  ])('is closed to a change with a foreign %s', async (name, value) => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const response = await api.app.request(paths.api.workflows, {
      method: 'POST',
      body: JSON.stringify(aBody()),
      headers: { 'Content-Type': 'application/json', Host: '127.0.0.1:3000', [name]: value },
    })
    await problemOf(response, 403)
    expect((await api.workflows.list(NOW)).workflows).toEqual([])
  })

  test('answers with a strict content security policy', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const policy = (await api.get(paths.workflows)).headers.get('Content-Security-Policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
  })
})
