import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { orderIdOf } from '../../src/domain/order.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { aDefinition } from '../support/builders.ts'
import { aFolder, openInstallation, writeCandles } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')
const CANDLE = { date: '2026-11-20T08:00:00.000Z', open: 99, high: 100.5, low: 97.25, close: 98 }

const openApi = async (folder: string) => {
  await writeCandles(folder, 'DAX.I_h1', [CANDLE])
  await writeCandles(folder, 'GER40.I_h1', [CANDLE])
  const product = await openInstallation(folder)
  const app = createApp({ ...product, clock: { now: () => NOW }, newId, logger: recordingLogger() })
  const send = async (method: string, path: string, init: RequestInit = {}) => {
    return app.request(path, { ...init, method })
  }
  const put = (id: string, definition: unknown, headers: Record<string, string>) =>
    send('PUT', paths.api.workflow(id), {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(definition),
    })
  return { ...product, send, put }
}

describe('a run of the engine that a program asks for', () => {
  test('places what is due, once, and tells what it did', async () => {
    await using folder = await aFolder()
    await using api = await openApi(folder.path)
    const due = await api.workflows.create(newId(), aDefinition(), NOW)
    const off = await api.workflows.create(newId(), aDefinition({ enable: false }), NOW)

    const run = await api.send('POST', paths.api.runs)
    expect(run.status).toBe(200)
    expect(await run.json()).toMatchObject({ at: NOW.toISOString(), placed: 1, recorded: 1 })
    const again = await api.send('POST', paths.api.runs)
    expect(await again.json()).toMatchObject({ placed: 0, duplicate: 1 })
    const { orders } = await api.trail.getWorkflowOrders({
      workflow_id: due.id,
      page: 1,
      per_page: 20,
      sort: '-placed_at',
      now: NOW,
    })
    const order = await api.trail.getOrder(orders[0]?.order_id ?? '', NOW)
    expect(order?.execution_context).toMatchObject({ trigger_source: 'api', user: null })

    const one = await api.send('POST', `${paths.api.runs}?workflow_id=${off.id}`)
    expect(await one.json()).toMatchObject({
      skipped: 1,
      workflows: [{ workflow_id: off.id, outcome: 'disabled' }],
    })
  })

  test('is refused for an unknown workflow and an unknown parameter', async () => {
    await using folder = await aFolder()
    await using api = await openApi(folder.path)
    const id = newId()
    expect((await api.send('POST', `${paths.api.runs}?workflow_id=${id}`)).status).toBe(404)
    const odd = await api.send('POST', `${paths.api.runs}?dry_run=true`)
    expect(odd.status).toBe(400)
    expect(await odd.json()).toMatchObject({ errors: [{ field: 'dry_run' }] })
  })
})

test("a reconciliation compares the broker's book with the trail, and places nothing", async () => {
  await using folder = await aFolder()
  await using api = await openApi(folder.path)
  const client_order_id = orderIdOf(newId(), CANDLE.date)
  await api.broker.place({
    client_order_id,
    code: 'GER40.I',
    direction: 'SELL',
    order_type: 'OPEN_STOP',
    price: 96.25,
    quantity: 1,
    at: NOW,
  })
  const done = await api.send('POST', paths.api.reconciliations)
  expect(done.status).toBe(200)
  expect(await done.json()).toMatchObject({
    recorded: 0,
    recovered: 0,
    unrecognised: [{ client_order_id, code: 'GER40.I', price: 96.25 }],
    warnings: [expect.stringMatching(/no workflow accounts for it/)],
  })
  expect(await api.broker.list({ since: new Date(0) })).toHaveLength(1)
})

describe('a workflow under an id of the client', () => {
  test('is created once: the second time there is something to match', async () => {
    await using folder = await aFolder()
    await using api = await openApi(folder.path)
    const id = newId()
    expect((await api.put(id, aDefinition(), {})).status).toBe(404)
    const made = await api.put(id, aDefinition({ name: 'mine' }), { 'If-None-Match': '*' })
    expect(made.status).toBe(201)
    expect(made.headers.get('ETag')).toMatch(/^"1\./)
    expect(await made.json()).toMatchObject({ id, revision: 1, name: 'mine' })

    const again = await api.put(id, aDefinition({ name: 'other' }), { 'If-None-Match': '*' })
    expect(again.status).toBe(412)
    expect(await again.json()).toMatchObject({ detail: `there is a workflow ${id} already` })
    expect(await api.workflows.find(id, NOW)).toMatchObject({ name: 'mine' })
  })

  test('is refused when the id is no real UUID, or when it is to replace as well', async () => {
    await using folder = await aFolder()
    await using api = await openApi(folder.path)
    const nil = '00000000-0000-0000-0000-000000000001'
    const refused = await api.put(nil, aDefinition(), { 'If-None-Match': '*' })
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ errors: [{ field: 'workflow_id', value: nil }] })
    for (const headers of [
      { 'If-None-Match': '"1"' },
      { 'If-None-Match': '*', 'If-Match': '"1"' },
    ]) {
      expect((await api.put(newId(), aDefinition(), headers)).status).toBe(400)
    }
    expect((await api.workflows.list(NOW)).workflows).toEqual([])
  })
})
