import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import type { Candle } from '../../src/domain/candle.ts'
import { DomainError } from '../../src/domain/errors.ts'
import { orderIdOf } from '../../src/domain/order.ts'
import { createWorkflowEngine, type EngineDeps } from '../../src/engine/run.ts'
import { createHttpMarket } from '../../src/market/http.ts'
import { aDefinition } from '../support/builders.ts'
import { aContext, aFolder, openInstallation, writeCandles } from '../support/installation.ts'
import { startServer } from '../support/lambda.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')
const CANDLE: Candle = {
  date: '2026-11-20T08:00:00.000Z',
  open: 99,
  high: 100.5,
  low: 97.25,
  close: 98,
}

/**
 * The real product, with a candle at which every workflow orders, and one of its parts in trouble.
 * `trouble` gets the real parts and returns the ones that take their place.
 */
const setUp = async (
  folder: string,
  trouble: (
    parts: Awaited<ReturnType<typeof openInstallation>>,
  ) => Partial<
    Pick<EngineDeps, 'broker' | 'hostClaims' | 'intents' | 'journal' | 'market' | 'trail'>
  >,
) => {
  await writeCandles(folder, 'DAX.I_h1', [CANDLE])
  await writeCandles(folder, 'GER40.I_h1', [CANDLE])
  const installation = await openInstallation(folder)
  const logger = recordingLogger()
  const engine = createWorkflowEngine({
    ...installation,
    ...trouble(installation),
    logger,
    newId,
    lastKnownWorkflows: async () => null,
  })
  const create = (name: string) =>
    installation.workflows.create(newId(), aDefinition({ name }), NOW)
  const run = (now = NOW) => engine.run({ now, context: aContext() })
  const total = async (workflow_id: string) =>
    (await installation.trail.summarizeWorkflowOrders(workflow_id, NOW)).count
  return { ...installation, engine, logger, create, run, total }
}

test('an order that the broker refuses is not recorded, says why, and is not tried again', async () => {
  await using folder = await aFolder()
  await using product = await setUp(folder.path, ({ broker }) => ({
    broker: { ...broker, place: async () => ({ kind: 'refused', reason: 'no margin' }) },
  }))
  const { id } = await product.create('refused')

  const first = await product.run()

  expect(first).toMatchObject({ placed: 0, skipped: 1, failed: 0, recorded: 0 })
  expect(first.workflows[0]).toMatchObject({
    outcome: 'refused',
    reason: 'the broker refused it: no margin',
  })
  expect((await product.run()).workflows[0]).toMatchObject({
    outcome: 'duplicate',
    reason: 'the broker refused the order of this candle before',
  })
  expect(await product.total(id)).toBe(0)
})

test('an order whose answer got lost is found at the broker and recorded, in the same run', async () => {
  await using folder = await aFolder()
  await using product = await setUp(folder.path, ({ broker }) => ({
    broker: {
      ...broker,
      place: async (request) => {
        await broker.place(request)
        throw new Error('socket hang up')
      },
    },
  }))
  const { id } = await product.create('unclear')

  const summary = await product.run()

  expect(summary).toMatchObject({ placed: 1, failed: 0, recorded: 1 })
  expect(summary.workflows[0]?.reason).toMatch(/no clear answer at first/)
  expect((await product.workflows.find(id, NOW))?.last_run).toMatchObject({ outcome: 'placed' })
  expect(await product.broker.list({ since: new Date(0) })).toHaveLength(1)
  expect(await product.total(id)).toBe(1)
  expect(await product.intents.unresolved()).toEqual([])
})

test('an order that surely never reached the broker is placed by the next run', async () => {
  await using folder = await aFolder()
  let reachable = false
  await using product = await setUp(folder.path, ({ broker }) => ({
    broker: {
      ...broker,
      place: async (request) => {
        if (!reachable) throw new Error('connect ECONNREFUSED')
        return broker.place(request)
      },
    },
  }))
  const { id } = await product.create('late')

  expect(await product.run()).toMatchObject({ placed: 0, failed: 1, recovered: 0 })
  reachable = true
  const later = new Date(NOW.getTime() + 60_000)
  expect(await product.run(later)).toMatchObject({ placed: 1, recorded: 1 })
  expect(await product.broker.list({ since: new Date(0) })).toHaveLength(1)
  expect(await product.total(id)).toBe(1)
})

test('an order that a later run sends once more is not given up by the age of the first try', async () => {
  await using folder = await aFolder()
  await using product = await setUp(folder.path, ({ broker }) => ({
    broker: { ...broker, place: () => Promise.reject(new Error('socket hang up')) },
  }))
  const { id } = await product.create('twice unclear')
  const after = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000)

  expect(await product.run()).toMatchObject({ unknown: 1, abandoned: 0 })
  // The candle is still the newest one, so this run sends it again.
  expect(await product.run(after(11))).toMatchObject({ unknown: 1, abandoned: 0 })
  expect(await product.intents.unresolved()).toMatchObject([
    { state: 'claimed', claimed_at: after(11).toISOString() },
  ])
  expect(await product.engine.reconcile({ now: after(22), context: aContext() })).toMatchObject({
    abandoned: 1,
  })
  expect(await product.total(id)).toBe(0)
})

test('a journal that cannot be written stops neither the order nor its record', async () => {
  await using folder = await aFolder()
  await using product = await setUp(folder.path, ({ journal }) => ({
    journal: {
      ...journal,
      append: () => Promise.reject(new Error('ENOSPC: no space left on device')),
    },
  }))
  const { id } = await product.create('no disk')

  expect(await product.run()).toMatchObject({ placed: 1, recorded: 1, spooled: 0, failed: 0 })
  expect(await product.total(id)).toBe(1)
  expect(product.logger.events).toContainEqual(
    expect.objectContaining({ level: 'error', event: 'journal.unavailable' }),
  )
})

test('an order that cannot be recorded waits in the journal and keeps no other from the trail', async () => {
  await using folder = await aFolder()
  let poisoned = ''
  await using product = await setUp(folder.path, ({ trail }) => ({
    trail: {
      ...trail,
      recordWorkflowOrder: (order) =>
        order.order_id === poisoned
          ? Promise.reject(new Error('the item is too large'))
          : trail.recordWorkflowOrder(order),
    },
  }))
  const workflows = await Promise.all(['a', 'b', 'c'].map(product.create))
  const bad = workflows[1]?.id ?? ''
  poisoned = orderIdOf(bad, CANDLE.date)

  const summary = await product.run()

  expect(summary).toMatchObject({ placed: 3, recorded: 2, spooled: 1, failed: 0 })
  expect(summary.warnings.join()).toContain('1 placed order waits in the journal')
  expect((await product.journal.pending()).map(({ order_id }) => order_id)).toEqual([poisoned])
  poisoned = ''
  expect(await product.run()).toMatchObject({ placed: 0, recorded: 1, spooled: 0 })
  expect(await product.total(bad)).toBe(1)
})

test('a market that fails in an unforeseen way fails its workflows, not the run', async () => {
  await using folder = await aFolder()
  await using product = await setUp(folder.path, () => ({
    market: {
      candles: () => Promise.reject(new TypeError('cannot read properties of undefined')),
      calendar: () => Promise.reject(new Error('down')),
      instrument: () => Promise.reject(new Error('down')),
    },
  }))
  await product.create('blind')
  const summary = await product.run()
  expect(summary).toMatchObject({ placed: 0, failed: 1 })
  expect(summary.workflows[0]?.reason).toContain('cannot read properties of undefined')
})

test('an order that could not be claimed counts as unsent, and the next run places it', async () => {
  await using folder = await aFolder()
  let isAway = true
  await using product = await setUp(folder.path, ({ broker, intents }) => ({
    broker: { ...broker, dedupesClientOrderIds: false },
    // As on Lambda, where no disk lasts.
    hostClaims: null,
    intents: {
      ...intents,
      claim: (...claim) =>
        isAway
          ? Promise.reject(new DomainError('store_unavailable', 'it did not answer'))
          : intents.claim(...claim),
    },
  }))
  const { id } = await product.create('unclaimed')

  const summary = await product.run()

  expect(summary).toMatchObject({ placed: 0, failed: 1, unsent: 1, unknown: 0 })
  expect(summary.warnings).toEqual(['1 order surely did not reach the broker'])
  isAway = false
  expect(await product.run()).toMatchObject({ placed: 1, unsent: 0, warnings: [] })
  expect(await product.total(id)).toBe(1)
})

test('an order that may be at the broker is told with its age until that is settled', async () => {
  await using folder = await aFolder()
  let answers = false
  await using product = await setUp(folder.path, ({ broker }) => ({
    broker: {
      ...broker,
      place: () => Promise.reject(new Error('socket hang up')),
      findByClientOrderId: (id) =>
        answers ? broker.findByClientOrderId(id) : Promise.reject(new Error('socket hang up')),
    },
  }))
  await product.create('doubtful')
  const reconcile = (minutes: number) =>
    product.engine.reconcile({
      now: new Date(NOW.getTime() + minutes * 60_000),
      context: aContext(),
    })
  const doubtful_since = NOW.toISOString()

  expect(await product.run()).toMatchObject({ unknown: 1, doubtful_since })
  expect(await reconcile(5)).toMatchObject({ doubtful_since, oldest_unrecorded_at: null })
  answers = true
  // The broker may still be at it.
  expect(await reconcile(6)).toMatchObject({ doubtful_since, abandoned: 0 })
  expect(await reconcile(11)).toMatchObject({ doubtful_since: null, abandoned: 1 })
})

test.each<[string, Parameters<typeof setUp>[1]]>([
  [
    'claims cannot be read',
    ({ intents }) => ({
      intents: { ...intents, unresolved: () => Promise.reject(new Error('it did not answer')) },
    }),
  ],
  [
    'list cannot be read',
    ({ broker }) => ({
      broker: { ...broker, list: () => Promise.reject(new Error('it did not answer')) },
    }),
  ],
])('a reconciliation whose %s says that it is not complete', async (_what, trouble) => {
  await using folder = await aFolder()
  await using product = await setUp(folder.path, trouble)

  const done = await product.engine.reconcile({ now: NOW, context: aContext() })

  expect(done).toMatchObject({ complete: false, doubtful_since: null })
  expect(done.warnings.join()).toContain('it did not answer')
})

test('a run decides on the candles of its own time, however soon after another one', async () => {
  await using folder = await aFolder()
  const header = 'date,open,high,low,close'
  let rows = '2026-11-20T07:00:00.000Z,99,110,97,109'
  await using server = await startServer(
    new Hono().get('/:name', (c) => c.body(`${header}\n${rows}\n`)),
  )
  await using product = await setUp(folder.path, () => ({
    // Its clock stands still.
    market: createHttpMarket({ url: server.url, now: () => 0 }),
  }))
  await product.create('a candle later')

  expect(await product.run()).toMatchObject({ evaluated: 1, placed: 0, failed: 0 })
  rows = `${Object.values(CANDLE).join(',')}\n${rows}`
  expect(await product.run()).toMatchObject({ placed: 1 })
})
