import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { openEmbedded } from '../../src/data/embedded.ts'
import type { Candle } from '../../src/domain/candle.ts'
import { orderIdOf } from '../../src/domain/order.ts'
import { WorkflowDefinition } from '../../src/domain/workflow.ts'
import { recordingLogger } from '../support/logger.ts'
import { aContext, aFolder, openInstallation, writeCandles } from '../support/installation.ts'

type Installation = Awaited<ReturnType<typeof openInstallation>>

const CLOSED_PORT = 'http://127.0.0.1:9'
const NOW = new Date('2026-11-20T09:30:00.250Z')
const SLOT = '2026-11-19T00:00:00.000Z'

/** A candle that reached the level 100 and closed just under it. */
const aCandle = (changes: Partial<Candle> = {}): Candle => ({
  date: SLOT,
  open: 99,
  high: 100.5,
  low: 97.25,
  close: 98,
  ...changes,
})

/** Sells the break of a level that `aCandle` is at. */
const aDefinition = (changes: Record<string, unknown> = {}): WorkflowDefinition =>
  WorkflowDefinition.parse({
    name: 'Sell under 100',
    index: 'TEST',
    cfd: 'TEST',
    dry_run: false,
    conditions: [
      {
        indicator: { name: 'polarite', unit_time: 'daily', value: 100 },
        close: { direction: 'below', unit_time: 'daily', spread: 5 },
      },
    ],
    trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 2 },
    ...changes,
  })

const create = ({ workflows }: Installation, changes: Record<string, unknown> = {}) =>
  workflows.create(newId(), aDefinition(changes), NOW)

const run = ({ engine }: Installation, options: { now?: Date; workflow_id?: string } = {}) =>
  engine.run({ now: NOW, context: aContext(), ...options })

const history = async ({ trail }: Installation, workflow_id: string, now = NOW) =>
  (await trail.getWorkflowOrders({ workflow_id, page: 1, per_page: 100, sort: '-placed_at', now }))
    .orders

const journal = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'journal'))).filter((name) => name.endsWith('.json'))

describe('a workflow whose condition holds', () => {
  test('places one order and leaves its whole story in the trail', async () => {
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    const workflow = await create(installation)

    const summary = await run(installation)

    expect(summary).toMatchObject({ evaluated: 1, placed: 1, skipped: 0, failed: 0, recorded: 1 })
    const order_id = orderIdOf(workflow.id, SLOT)
    const order = await installation.trail.getOrder(order_id, NOW)
    expect(order).toMatchObject({
      order_id,
      client_order_id: order_id,
      workflow_id: workflow.id,
      workflow_name: 'Sell under 100',
      revision: 1,
      placed_at: '2026-11-20T09:30:00.250Z',
      price: 96.25,
      quantity: 2,
      direction: 'SELL',
      order_type: 'OPEN_STOP',
      asset: { code: 'TEST', index: 'TEST', asset_type: null },
      trigger_close: 98,
      slot: SLOT,
      execution_context: { trigger_source: 'cli', request_id: summary.request_id, user: 'ada' },
      ttl: Math.floor(NOW.getTime() / 1000) + 604_800,
    })
    expect(order?.trace.conditions[0]).toMatchObject({ indicator_value: 100, holds: true })
    expect(await installation.broker.list({ since: new Date(0) })).toMatchObject([
      { client_order_id: order_id, broker_order_id: order?.broker_order_id, price: 96.25 },
    ])
    expect(await journal(folder.path)).toEqual([])

    const stored = await installation.workflows.find(workflow.id, NOW)
    expect(stored?.last_order).toMatchObject({ order_id, direction: 'SELL', price: 96.25 })
    expect(stored?.last_run).toMatchObject({ outcome: 'placed', order_id, at: NOW.toISOString() })
  })

  test('places nothing on a second run of the same candle, and says so', async () => {
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation)

    await run(installation)
    const second = await run(installation, { now: new Date('2026-11-20T10:00:00.000Z') })

    expect(second).toMatchObject({ placed: 0, skipped: 1, recorded: 0 })
    expect(second.workflows[0]).toMatchObject({
      outcome: 'duplicate',
      order_id: orderIdOf(id, SLOT),
    })
    expect(await installation.broker.list({ since: new Date(0) })).toHaveLength(1)
    expect(await history(installation, id)).toHaveLength(1)
  })

  test('places again when the next candle holds too', async () => {
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation)
    await run(installation)

    const next = aCandle({ date: '2026-11-20T00:00:00.000Z', close: 97.5 })
    await writeCandles(folder.path, 'TEST_daily', [aCandle(), next])
    const tomorrow = new Date('2026-11-21T09:30:00.000Z')
    const second = await run(installation, { now: tomorrow })

    expect(second).toMatchObject({ placed: 1, recorded: 1 })
    expect(await history(installation, id, tomorrow)).toHaveLength(2)
  })

  test('sends and records nothing in a dry run, but keeps the decision', async () => {
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation, { dry_run: true })

    expect(await run(installation)).toMatchObject({ evaluated: 1, placed: 0, skipped: 1 })

    expect(await installation.broker.list({ since: new Date(0) })).toEqual([])
    expect(await history(installation, id)).toEqual([])
    const stored = await installation.workflows.find(id, NOW)
    expect(stored?.last_order).toBeNull()
    expect(stored?.last_run).toMatchObject({
      outcome: 'dry_run',
      decision: { kind: 'order', order: { price: 96.25, direction: 'SELL' } },
    })
  })
})

describe('a workflow that does not place', () => {
  test('needs all of its conditions to hold', async () => {
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    const [holds] = aDefinition().conditions
    const far = { ...holds, indicator: { name: 'polarite', unit_time: 'daily', value: 200 } }
    const { id } = await create(installation, { conditions: [holds, far] })

    expect(await run(installation)).toMatchObject({
      evaluated: 1,
      placed: 0,
      skipped: 0,
      failed: 0,
    })

    const stored = await installation.workflows.find(id, NOW)
    expect(
      stored?.last_run?.decision?.trace.conditions.map((condition) => condition.holds),
    ).toEqual([true, false])
  })

  test('is skipped when it is disabled or its end date has passed', async () => {
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    await create(installation, { name: 'off', enable: false })
    await create(installation, { name: 'over', end_date: '2026-11-19' })
    await create(installation, { name: 'last day', end_date: '2026-11-20' })

    const summary = await run(installation)

    expect(summary).toMatchObject({ evaluated: 1, placed: 1, skipped: 2 })
    expect(summary.workflows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ workflow_name: 'off', outcome: 'disabled' }),
        expect.objectContaining({ workflow_name: 'over', outcome: 'expired' }),
      ]),
    )
  })

  test('never stops another one when it fails', async () => {
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    await create(installation, { name: 'no such file', index: 'MISSING', cfd: 'MISSING' })
    const [level] = aDefinition().conditions
    const average = { ...level, indicator: { name: 'ma50', unit_time: 'daily' } }
    await create(installation, { name: 'too few candles', conditions: [average] })
    await create(installation, {
      name: 'price below zero',
      trigger: { ...aDefinition().trigger, offset: 500 },
    })
    await create(installation, { name: 'works' })

    const summary = await run(installation)

    expect(summary).toMatchObject({ placed: 1, failed: 2, skipped: 1, recorded: 1 })
    const reasonOf = (name: string) =>
      summary.workflows.find(({ workflow_name }) => workflow_name === name)
    expect(reasonOf('no such file')).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('MISSING'),
    })
    expect(reasonOf('too few candles')?.reason).toMatch(/50/)
    expect(reasonOf('price below zero')).toMatchObject({ outcome: 'refused' })
    expect(reasonOf('works')).toMatchObject({ outcome: 'placed' })
  })
})

test('a run can be for one workflow alone', async () => {
  await using folder = await aFolder()
  await writeCandles(folder.path, 'TEST_daily', [aCandle()])
  await using installation = await openInstallation(folder.path)
  const wanted = await create(installation)
  const other = await create(installation, { name: 'other' })

  expect(await run(installation, { workflow_id: wanted.id })).toMatchObject({ placed: 1 })
  expect(await history(installation, other.id)).toEqual([])
  await expect(run(installation, { workflow_id: newId() })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('while DynamoDB is away, due orders are placed, and recorded afterwards with their own time', async () => {
  await using folder = await aFolder()
  await writeCandles(folder.path, 'TEST_daily', [aCandle()])
  const { id } = await (async () => {
    await using before = await openInstallation(folder.path)
    const workflow = await create(before)
    await before.workflows.list(NOW)
    return workflow
  })()

  {
    await using away = await openInstallation(folder.path, {
      AWS_ENDPOINT_URL_DYNAMODB: CLOSED_PORT,
    })
    const summary = await run(away)
    expect(summary).toMatchObject({ placed: 1, recorded: 0, spooled: 1, failed: 0 })
    expect(summary.warnings.join()).toMatch(/did not answer/)
    const again = await run(away, { now: new Date('2026-11-20T09:45:00.000Z') })
    expect(again).toMatchObject({ placed: 0, spooled: 1 })
    expect(await away.broker.list({ since: new Date(0) })).toHaveLength(1)
  }
  expect(await journal(folder.path)).toHaveLength(1)

  await using back = await openInstallation(folder.path)
  const later = new Date('2026-11-20T10:00:00.000Z')
  expect(await run(back, { now: later })).toMatchObject({ placed: 0, recorded: 1, spooled: 0 })
  expect(await history(back, id, later)).toMatchObject([{ placed_at: NOW.toISOString() }])
  expect(await journal(folder.path)).toEqual([])
  expect((await back.workflows.find(id, later))?.last_order).toMatchObject({
    placed_at: NOW.toISOString(),
  })
})

test('a store without tables is no outage: nothing is placed by the copy of the workflows', async () => {
  await using folder = await aFolder()
  await writeCandles(folder.path, 'TEST_daily', [aCandle()])
  {
    await using before = await openInstallation(folder.path)
    await create(before)
    await before.workflows.list(NOW)
  }
  await using elsewhere = await aFolder()
  const other = await openEmbedded({ directory: elsewhere.path, logger: recordingLogger() })
  try {
    await using empty = await openInstallation(folder.path, {
      AWS_ENDPOINT_URL_DYNAMODB: other.endpoint,
    })
    await expect(run(empty)).rejects.toMatchObject({ code: 'tables_missing' })
    expect(await empty.broker.list({ since: new Date(0) })).toEqual([])
  } finally {
    await other.close()
  }
})

describe('a run that finds what a dead one left behind', () => {
  /** Everything that a run does before it dies, taken from a real one in another folder. */
  const whatARunIntends = async (installation: Installation, id: string) => {
    await run(installation, { workflow_id: id })
    const order = await installation.trail.getOrder(orderIdOf(id, SLOT), NOW)
    if (!order) throw new Error('the rehearsal placed nothing')
    const { placed_at: _placed, broker_order_id: _broker, ttl: _ttl, ...intended } = order
    return intended
  }

  const rehearse = async (id: string) => {
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    await installation.workflows.create(id, aDefinition(), NOW)
    return await whatARunIntends(installation, id)
  }

  test('places what was claimed, at the price that was claimed', async () => {
    const id = newId()
    const intended = { ...(await rehearse(id)), price: 95.5 }
    await using folder = await aFolder()
    await writeCandles(folder.path, 'TEST_daily', [aCandle()])
    await using installation = await openInstallation(folder.path)
    await installation.workflows.create(id, aDefinition(), NOW)
    await installation.intents.claim(intended, 'died before placing', NOW)

    expect(await run(installation)).toMatchObject({ placed: 1, recorded: 1 })
    expect(await history(installation, id)).toMatchObject([{ price: 95.5 }])
    expect(await installation.broker.list({ since: new Date(0) })).toMatchObject([{ price: 95.5 }])
  })

  test("records what the broker has, with the broker's time, when the candle is long gone", async () => {
    const id = newId()
    const intended = await rehearse(id)
    await using folder = await aFolder()
    await using installation = await openInstallation(folder.path)
    await installation.workflows.create(id, aDefinition({ enable: false }), NOW)
    await installation.intents.claim(intended, 'died after placing', NOW)
    await installation.broker.place({
      client_order_id: intended.client_order_id,
      code: intended.asset.code,
      direction: intended.direction,
      order_type: intended.order_type,
      price: intended.price,
      quantity: intended.quantity,
      at: new Date('2026-11-20T09:30:01.000Z'),
    })

    const later = new Date('2026-11-20T11:00:00.000Z')
    expect(await run(installation, { now: later })).toMatchObject({ placed: 0, recovered: 1 })
    expect(await history(installation, id, later)).toMatchObject([
      { placed_at: '2026-11-20T09:30:01.000Z', price: 96.25 },
    ])
    expect(await run(installation, { now: later })).toMatchObject({ recovered: 0 })
    expect(await history(installation, id, later)).toHaveLength(1)
  })

  test('gives up a claim that never reached the broker, but not before it is old', async () => {
    const id = newId()
    const intended = await rehearse(id)
    await using folder = await aFolder()
    await using installation = await openInstallation(folder.path)
    await installation.workflows.create(id, aDefinition({ enable: false }), NOW)
    await installation.intents.claim(intended, 'died before placing', NOW)

    const soon = new Date(NOW.getTime() + 60_000)
    expect(await run(installation, { now: soon })).toMatchObject({ recovered: 0, abandoned: 0 })
    const late = new Date(NOW.getTime() + 3_600_000)
    expect(await run(installation, { now: late })).toMatchObject({ recovered: 0, abandoned: 1 })
    expect(await installation.intents.unresolved()).toEqual([])
  })
})
