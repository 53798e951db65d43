import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { orderIdOf } from '../../src/domain/order.ts'
import { WorkflowRun } from '../../src/domain/workflow.ts'
import { createWorkflowEngine } from '../../src/engine/run.ts'
import { aDefinition } from '../support/builders.ts'
import { aContext, aFolder, openInstallation, writeCandles } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

type Installation = Awaited<ReturnType<typeof openInstallation>>

const NOW = new Date('2026-11-20T09:30:00.250Z')
const CANDLE = {
  date: '2026-11-20T08:00:00.000Z',
  open: 99,
  high: 100.5,
  low: 97.25,
  close: 98,
}

/** A folder with a candle on which the workflow of `aDefinition` sells at 96.25. */
const aMarket = async () => {
  const folder = await aFolder()
  await writeCandles(folder.path, 'DAX.I_h1', [CANDLE])
  await writeCandles(folder.path, 'GER40.I_h1', [CANDLE])
  return folder
}

const create = ({ workflows }: Installation, changes: Record<string, unknown> = {}) =>
  workflows.create(newId(), aDefinition(changes), NOW)

const runOne = ({ engine }: Installation, workflow_id: string, { dry_run }: { dry_run: boolean }) =>
  engine.runOne({ workflow_id, dry_run, now: NOW, context: aContext() })

const anOrderDecision = {
  kind: 'order',
  slot: CANDLE.date,
  order: {
    code: 'GER40.I',
    direction: 'SELL',
    order_type: 'OPEN_STOP',
    price: 96.25,
    quantity: 2,
  },
  trace: { conditions: [{ indicator_value: 100, holds: true }], trigger: { price: 96.25 } },
}

/** Nothing was claimed, sent, recorded or noted. */
const expectUntouched = async (installation: Installation, folder: string, id: string) => {
  expect(await installation.broker.list({ since: new Date(0) })).toEqual([])
  expect((await installation.intents.find([orderIdOf(id, CANDLE.date)])).size).toBe(0)
  expect(await installation.hostClaims?.open()).toEqual([])
  expect(await installation.trail.getOrder(orderIdOf(id, CANDLE.date), NOW)).toBeNull()
  expect(await readdir(join(folder, 'journal')).catch(() => [])).toEqual([])
  expect(await installation.workflows.find(id, NOW)).toMatchObject({
    last_run: null,
    last_order: null,
  })
}

describe('one workflow that is run at once', () => {
  test('places and records its order, tells why, and leaves all others alone', async () => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation)
    const other = await create(installation, { name: 'other' })

    const run = await runOne(installation, id, { dry_run: false })

    const order_id = orderIdOf(id, CANDLE.date)
    expect(run).toMatchObject({
      workflow_id: id,
      workflow_name: 'Sell under 100',
      outcome: 'placed',
      reason: null,
      order_id,
      at: NOW.toISOString(),
      decision: anOrderDecision,
      warnings: [],
    })
    expect(WorkflowRun.parse(run)).toEqual(run)
    expect(await installation.trail.getOrder(order_id, NOW)).toMatchObject({
      price: 96.25,
      execution_context: { request_id: run.request_id },
    })
    const { workflow_id: _, workflow_name: _name, warnings: _none, ...lastRun } = run
    expect((await installation.workflows.find(id, NOW))?.last_run).toEqual(lastRun)
    expect((await installation.workflows.find(other.id, NOW))?.last_run).toBeNull()
    expect(await installation.broker.list({ since: new Date(0) })).toHaveLength(1)
  })

  test('places nothing on the candle of an earlier run, and still tells its decision', async () => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation)
    await installation.engine.run({ now: NOW, context: aContext() })

    expect(await runOne(installation, id, { dry_run: false })).toMatchObject({
      outcome: 'duplicate',
      reason: 'the order of this candle is placed and recorded',
      order_id: orderIdOf(id, CANDLE.date),
      decision: anOrderDecision,
    })
    expect(await installation.broker.list({ since: new Date(0) })).toHaveLength(1)
  })

  test('places once when it is run by many at the same time', async () => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation)

    const runs = await Promise.all([
      ...Array.from({ length: 4 }, () => runOne(installation, id, { dry_run: false })),
      installation.engine.run({ now: NOW, context: aContext() }),
    ])

    expect(runs).toHaveLength(5)
    expect(await installation.broker.list({ since: new Date(0) })).toHaveLength(1)
    const summary = await installation.trail.summarizeWorkflowOrders(id, NOW)
    expect(summary.count).toBe(1)
  })

  test.each([
    { changes: { enable: false }, outcome: 'disabled', reason: null },
    {
      changes: { end_date: '2026-11-19' },
      outcome: 'expired',
      reason: 'its end date 2026-11-19 has passed',
    },
  ])('places nothing when it is $outcome', async ({ changes, outcome, reason }) => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation, changes)

    expect(await runOne(installation, id, { dry_run: false })).toMatchObject({
      outcome,
      reason,
      order_id: null,
      decision: null,
    })
    expect(await installation.broker.list({ since: new Date(0) })).toEqual([])
    expect((await installation.workflows.find(id, NOW))?.last_run).toMatchObject({ outcome })
  })

  test('sends nothing when its definition is a dry run, and notes what it decided', async () => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation, { dry_run: true })

    expect(await runOne(installation, id, { dry_run: false })).toMatchObject({
      outcome: 'dry_run',
      decision: anOrderDecision,
    })
    expect(await installation.broker.list({ since: new Date(0) })).toEqual([])
    expect((await installation.workflows.find(id, NOW))?.last_run).toMatchObject({
      outcome: 'dry_run',
      decision: anOrderDecision,
    })
  })

  test('records what an earlier run left behind, as every run does', async () => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation)
    await runOne(installation, id, { dry_run: false })
    const order = await installation.trail.getOrder(orderIdOf(id, CANDLE.date), NOW)
    if (!order) throw new Error('nothing was placed')
    const { ttl: _, ...placed } = order
    const left = { ...placed, order_id: orderIdOf(id, '2026-11-20T07:00:00.000Z') }
    await installation.journal.append(left)
    const idle = await create(installation, { enable: false })

    await runOne(installation, idle.id, { dry_run: false })

    expect(await installation.trail.getOrder(left.order_id, NOW)).not.toBeNull()
    expect(await installation.journal.pending()).toEqual([])
  })

  test('is placed by the copy of the workflows while DynamoDB is away', async () => {
    await using folder = await aMarket()
    const { id } = await (async () => {
      await using before = await openInstallation(folder.path)
      const workflow = await create(before)
      await create(before, { name: 'other' })
      await before.workflows.list(NOW)
      return workflow
    })()
    await using away = await openInstallation(folder.path, {
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    })

    const run = await runOne(away, id, { dry_run: false })

    expect(run).toMatchObject({ outcome: 'placed', decision: anOrderDecision })
    expect(run.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^the workflow table did not answer; 1 workflow as of .* ran$/),
        expect.stringMatching(/^1 placed order waits in the journal/),
      ]),
    )
    expect(await away.broker.list({ since: new Date(0) })).toHaveLength(1)
    await expect(runOne(away, newId(), { dry_run: false })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(runOne(away, id, { dry_run: true })).rejects.toMatchObject({
      code: 'store_unavailable',
    })
  })
})

describe('one workflow that is explained', () => {
  test('tells what it would order, and leaves no trace of that', async () => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation)

    const run = await runOne(installation, id, { dry_run: true })

    expect(run).toMatchObject({
      workflow_id: id,
      outcome: 'dry_run',
      reason: null,
      order_id: null,
      decision: anOrderDecision,
      warnings: [],
    })
    expect(WorkflowRun.parse(run)).toEqual(run)
    await expectUntouched(installation, folder.path, id)
    expect(await runOne(installation, id, { dry_run: false })).toMatchObject({ outcome: 'placed' })
  })

  test.each([
    { changes: { enable: false }, outcome: 'disabled', reason: null },
    {
      changes: { end_date: '2026-11-19' },
      outcome: 'expired',
      reason: 'its end date 2026-11-19 has passed',
    },
  ])('has its decision also when it is $outcome', async ({ changes, outcome, reason }) => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation, changes)

    expect(await runOne(installation, id, { dry_run: true })).toMatchObject({
      outcome,
      reason,
      decision: anOrderDecision,
    })
    await expectUntouched(installation, folder.path, id)
  })

  test('tells which condition does not hold', async () => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const [holds] = aDefinition().conditions
    const far = { ...holds, indicator: { name: 'polarite', unit_time: 'h1', value: 200 } }
    const { id } = await create(installation, { conditions: [holds, far] })

    expect(await runOne(installation, id, { dry_run: true })).toMatchObject({
      outcome: 'no_signal',
      decision: {
        kind: 'no_signal',
        slot: CANDLE.date,
        trace: { conditions: [{ holds: true }, { holds: false }] },
      },
    })
  })

  test('tells why an order would be refused', async () => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const trigger = { ...aDefinition().trigger, offset: 500 }
    const { id } = await create(installation, { trigger })

    const run = await runOne(installation, id, { dry_run: true })

    expect(run).toMatchObject({ outcome: 'refused', decision: { kind: 'refused' } })
    expect(run.reason).toBe(run.decision?.kind === 'refused' ? run.decision.reason : null)
  })

  test.each([
    { changes: {}, outcome: 'failed', reason: /^.*MISSING/ },
    {
      changes: { end_date: '2026-11-19' },
      outcome: 'expired',
      reason: /^its end date 2026-11-19 has passed; .*MISSING/,
    },
  ])('tells what the market does not have: $outcome', async ({ changes, outcome, reason }) => {
    await using folder = await aMarket()
    await using installation = await openInstallation(folder.path)
    const { id } = await create(installation, { index: 'MISSING', cfd: 'MISSING', ...changes })

    for (const dry_run of outcome === 'failed' ? [true, false] : [true]) {
      const run = await runOne(installation, id, { dry_run })
      expect(run).toMatchObject({ outcome, decision: null })
      expect(run.reason).toMatch(reason)
    }
  })
})

test.each([true, false])('an unknown workflow is not found (dry run: %s)', async (dry_run) => {
  await using folder = await aMarket()
  await using installation = await openInstallation(folder.path)

  await expect(runOne(installation, newId(), { dry_run })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test.each([true, false])('a broken one is refused and says what is wrong', async (dry_run) => {
  await using folder = await aMarket()
  await using installation = await openInstallation(folder.path)
  const { id } = await installation.workflows.create(
    newId(),
    { ...aDefinition(), conditions: [] },
    NOW,
  )

  await expect(runOne(installation, id, { dry_run })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('conditions: expected at least one condition') as string,
  })
})

test.each([true, false])('no other workflow is read for it (dry run: %s)', async (dry_run) => {
  await using folder = await aMarket()
  await using installation = await openInstallation(folder.path)
  const { id } = await create(installation)
  const engine = createWorkflowEngine({
    ...installation,
    workflows: {
      ...installation.workflows,
      list: () => Promise.reject(new Error('all workflows were read')),
    },
    logger: recordingLogger(),
    newId,
    lastKnownWorkflows: async () => null,
  })

  expect(
    await engine.runOne({ workflow_id: id, dry_run, now: NOW, context: aContext() }),
  ).toMatchObject({ outcome: dry_run ? 'dry_run' : 'placed', warnings: [] })
})
