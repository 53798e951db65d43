import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, inject, test } from 'vitest'
import { createDynamoClient } from '../../../src/data/client.ts'
import { createTrail } from '../../../src/data/orders.ts'
import { createWorkflows } from '../../../src/data/workflows.ts'
import type { Workflows } from '../../../src/domain/ports.ts'
import { patchWorkflow } from '../../../src/domain/workflow-patch.ts'
import {
  aDefinition,
  aLastRun,
  anOrder,
  ordersByDay,
  RETENTION,
  WORKFLOW_ID,
} from '../../support/builders.ts'
import { startDynamoDbProxy, type DynamoDbFault } from '../../support/dynamodb-proxy.ts'
import { recordingLogger } from '../../support/logger.ts'
import { emptyTables } from '../../support/tables.ts'

const CREATED = new Date('2026-11-23T09:00:00.000Z')
const LATER = new Date('2026-11-23T10:00:00.000Z')
const UNKNOWN = '11111111-2222-4333-8444-555555555555'

const idOf = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

const noWorkflows = async () => {
  const store = await emptyTables()
  return { ...store, workflows: createWorkflows(store) }
}

const oneWorkflow = async () => {
  const store = await noWorkflows()
  await store.workflows.create(WORKFLOW_ID, aDefinition(), CREATED)
  return store
}

describe('a workflow', () => {
  test('that was created is found with revision 1 and no runs or orders', async () => {
    const { workflows } = await noWorkflows()

    const created = await workflows.create(WORKFLOW_ID, aDefinition(), CREATED)

    expect(created).toEqual({
      ...aDefinition(),
      id: WORKFLOW_ID,
      revision: 1,
      created_at: '2026-11-23T09:00:00.000Z',
      updated_at: '2026-11-23T09:00:00.000Z',
      last_order: null,
      orders_by_day: ordersByDay(CREATED),
      last_run: null,
    })
    expect(await workflows.find(WORKFLOW_ID, LATER)).toEqual(created)
    expect(await workflows.list(LATER)).toEqual({ workflows: [created], broken: [] })
  })

  test('is stored under the names of its fields', async () => {
    const { client, tables } = await oneWorkflow()

    const { Item } = await client.send(
      new GetCommand({ TableName: tables.workflows, Key: { id: WORKFLOW_ID } }),
    )

    expect(Item).toMatchObject({ name: 'Sell under 100', dry_run: false, is_us: false })
    expect(Item).toMatchObject({ conditions: [{ indicator: { unit_time: 'h1' } }] })
  })

  test('cannot be created over another one', async () => {
    const { workflows } = await oneWorkflow()

    await expect(
      workflows.create(WORKFLOW_ID, aDefinition({ name: 'Another' }), LATER),
    ).rejects.toMatchObject({ code: 'conflict' })
    expect(await workflows.find(WORKFLOW_ID, LATER)).toMatchObject({ name: 'Sell under 100' })
  })

  test('is created by a request that is repeated as its answer was lost', async () => {
    const { workflows } = await oneWorkflow()

    expect(await workflows.create(WORKFLOW_ID, aDefinition(), CREATED)).toMatchObject({
      revision: 1,
    })
  })

  test('keeps its orders, last run and birthday when it is replaced', async () => {
    const { workflows } = await oneWorkflow()
    await workflows.saveLastRun(WORKFLOW_ID, aLastRun())
    await workflows.saveLastOrder(anOrder())

    const replaced = await workflows.replace(
      WORKFLOW_ID,
      aDefinition({ name: 'Renamed', end_date: '2026-12-31' }),
      LATER,
    )

    expect(replaced).toMatchObject({
      name: 'Renamed',
      end_date: '2026-12-31',
      revision: 2,
      created_at: '2026-11-23T09:00:00.000Z',
      updated_at: '2026-11-23T10:00:00.000Z',
      last_order: { order_id: anOrder().order_id },
      orders_by_day: ordersByDay(LATER, { '2026-11-23': 1 }),
      last_run: aLastRun(),
    })
    expect(await workflows.find(WORKFLOW_ID, LATER)).toEqual(replaced)
  })

  test('that does not exist is neither found, replaced nor removed', async () => {
    const { workflows } = await noWorkflows()

    expect(await workflows.find(UNKNOWN, LATER)).toBeNull()
    expect(await workflows.replace(UNKNOWN, aDefinition(), LATER)).toBeNull()
    expect(await workflows.remove(UNKNOWN)).toBe(false)
    expect((await workflows.list(LATER)).workflows).toEqual([])
  })

  test('that was removed does not come back with its next run or order', async () => {
    const { workflows } = await oneWorkflow()
    expect(await workflows.remove(WORKFLOW_ID)).toBe(true)

    await workflows.saveLastRun(WORKFLOW_ID, aLastRun())
    await workflows.saveLastOrder(anOrder())

    expect(await workflows.find(WORKFLOW_ID, LATER)).toBeNull()
    expect(await workflows.list(LATER)).toEqual({ workflows: [], broken: [] })
  })
})

describe('a change that is meant for one revision', () => {
  test('is made in one request when the workflow is at it', async () => {
    const { workflows, requests } = await oneWorkflow()
    requests.length = 0

    const renamed = aDefinition({ name: 'Renamed' })
    expect(await workflows.replace(WORKFLOW_ID, renamed, LATER, 1)).toMatchObject({
      name: 'Renamed',
      revision: 2,
    })
    expect(await workflows.remove(WORKFLOW_ID, 2)).toBe(true)

    expect(requests).toEqual(['UpdateItem', 'DeleteItem'])
    expect(await workflows.find(WORKFLOW_ID, LATER)).toBeNull()
  })

  test('is refused when the workflow is at another, which is named, and changes nothing', async () => {
    const { workflows } = await oneWorkflow()
    const current = await workflows.replace(WORKFLOW_ID, aDefinition({ name: 'Theirs' }), LATER)

    const refusal = {
      code: 'precondition_failed',
      message: `workflow ${WORKFLOW_ID} was changed since it was read: expected revision 1, it is at revision 2`,
    }
    await expect(
      workflows.replace(WORKFLOW_ID, aDefinition({ name: 'Ours' }), LATER, 1),
    ).rejects.toMatchObject(refusal)
    await expect(workflows.remove(WORKFLOW_ID, 1)).rejects.toMatchObject(refusal)

    expect(await workflows.find(WORKFLOW_ID, LATER)).toEqual(current)
  })

  test('of a workflow that does not exist is none, and makes none', async () => {
    const { workflows } = await noWorkflows()

    expect(await workflows.replace(UNKNOWN, aDefinition(), LATER, 1)).toBeNull()
    expect(await workflows.remove(UNKNOWN, 1)).toBe(false)
    expect(await workflows.list(LATER)).toEqual({ workflows: [], broken: [] })
  })

  test('mends a stored item that is no valid workflow', async () => {
    const { workflows, client, tables } = await oneWorkflow()
    const { Item } = await client.send(
      new GetCommand({ TableName: tables.workflows, Key: { id: WORKFLOW_ID } }),
    )
    await client.send(
      new PutCommand({ TableName: tables.workflows, Item: { ...Item, conditions: [] } }),
    )

    await expect(workflows.replace(WORKFLOW_ID, aDefinition(), LATER, 7)).rejects.toMatchObject({
      code: 'precondition_failed',
    })
    expect(await workflows.replace(WORKFLOW_ID, aDefinition(), LATER, 1)).toMatchObject({
      revision: 2,
    })
  })

  test('makes a whole workflow of an item that came without revision and times', async () => {
    const { workflows, client, tables } = await noWorkflows()
    const Item = { id: WORKFLOW_ID, name: 'Typed into the table by hand' }
    await client.send(new PutCommand({ TableName: tables.workflows, Item }))

    await expect(workflows.remove(WORKFLOW_ID, 1)).rejects.toMatchObject({
      message: expect.stringMatching(/expected revision 1, it is at revision none/),
    })
    const mended = await workflows.replace(WORKFLOW_ID, aDefinition(), LATER)
    expect(mended).toMatchObject({
      ...aDefinition(),
      revision: 1,
      created_at: LATER.toISOString(),
      updated_at: LATER.toISOString(),
    })
    expect(await workflows.find(WORKFLOW_ID, LATER)).toEqual(mended)
  })

  test('is made by exactly one of many who write at once', async () => {
    const { workflows } = await oneWorkflow()
    const writers = Array.from({ length: 8 }, (_, index) => `Writer ${index}`)

    const answers = await Promise.allSettled([
      ...writers.map((name) => workflows.replace(WORKFLOW_ID, aDefinition({ name }), LATER, 1)),
      ...writers.map(() => workflows.remove(WORKFLOW_ID, 1)),
    ])

    const winners = answers.filter((answer) => answer.status === 'fulfilled' && answer.value)
    expect(winners).toHaveLength(1)
    const refused = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as { code: string }] : [],
    )
    expect(refused.every(({ code }) => code === 'precondition_failed')).toBe(true)
  })
})

describe('a change whose answer was lost', () => {
  /** A workflow behind a proxy that loses answers. */
  const behindProxy = async () => {
    const { workflows, tables } = await oneWorkflow()
    const proxy = await startDynamoDbProxy(inject('endpoint'))
    const client = createDynamoClient({
      endpoint: proxy.endpoint,
      region: 'local',
      now: () => performance.now(),
      deadlineMs: 30_000,
    })
    return {
      ours: createWorkflows({ client, tables }),
      /** Not through the proxy. */
      theirs: workflows,
      proxy,
      [Symbol.asyncDispose]: () => {
        client.close()
        return proxy.close()
      },
    }
  }
  const lost: DynamoDbFault[] = ['lose_answer', 'close_mid_response']

  test.each(lost)('was made, and says so: %s', async (fault) => {
    await using store = await behindProxy()
    await store.theirs.saveLastRun(WORKFLOW_ID, aLastRun())
    await store.theirs.saveLastOrder(anOrder())
    const changed = aDefinition({
      end_date: '2026-12-31',
      conditions: [
        {
          indicator: { name: 'zone', unit_time: 'h1', value: -0, zone_value: 0.1 },
          close: { direction: 'below', unit_time: 'h1' },
          element: 'high',
        },
      ],
    })

    store.proxy.inject(fault, 'UpdateItem workflows')
    const replaced = await store.ours.replace(WORKFLOW_ID, changed, LATER, 1)
    expect(replaced).toMatchObject({ ...changed, revision: 2, last_run: aLastRun() })
    expect(await store.theirs.find(WORKFLOW_ID, LATER)).toEqual(replaced)

    store.proxy.inject(fault, 'DeleteItem workflows')
    expect(await store.ours.remove(WORKFLOW_ID, 2)).toBe(true)
    expect(await store.theirs.find(WORKFLOW_ID, LATER)).toBeNull()
    expect(store.proxy.isSpent()).toBe(true)
  })

  test('removed the workflow also when no revision was meant', async () => {
    await using store = await behindProxy()

    store.proxy.inject('lose_answer', 'DeleteItem workflows')

    expect(await store.ours.remove(WORKFLOW_ID)).toBe(true)
  })

  test.each(lost)('is still refused when it was meant for another revision: %s', async (fault) => {
    await using store = await behindProxy()
    // Theirs is what ours would have made of the same revision, but for one field.
    await store.theirs.replace(WORKFLOW_ID, aDefinition({ name: 'Theirs' }), LATER, 1)

    store.proxy.inject(fault, 'UpdateItem workflows')
    await expect(
      store.ours.replace(WORKFLOW_ID, aDefinition({ name: 'Ours' }), LATER, 1),
    ).rejects.toMatchObject({ code: 'precondition_failed' })
    store.proxy.inject(fault, 'DeleteItem workflows')
    await expect(store.ours.remove(WORKFLOW_ID, 1)).rejects.toMatchObject({
      code: 'precondition_failed',
    })

    expect(await store.theirs.find(WORKFLOW_ID, LATER)).toMatchObject({ name: 'Theirs' })
  })

  test('creates a workflow all the same, with every number as it was given', async () => {
    await using store = await behindProxy()
    const trigger = { ...aDefinition().trigger, offset: -0 }

    store.proxy.inject('lose_answer', 'PutItem workflows')

    expect(await store.ours.create(UNKNOWN, aDefinition({ trigger }), LATER)).toMatchObject({
      revision: 1,
      trigger: { offset: 0 },
    })
  })
})

describe('a patch of a stored workflow', () => {
  test('changes what it names and keeps the rest', async () => {
    const { workflows } = await oneWorkflow()

    const patched = await patchWorkflow(
      workflows,
      WORKFLOW_ID,
      { enable: false, trigger: { quantity: 3 } },
      LATER,
    )

    const trigger = { ...aDefinition().trigger, quantity: 3 }
    expect(patched).toMatchObject({ ...aDefinition({ enable: false, trigger }), revision: 2 })
    expect(await workflows.find(WORKFLOW_ID, LATER)).toEqual(patched)
    expect(await patchWorkflow(workflows, UNKNOWN, { enable: false }, LATER)).toBeNull()
  })

  test('undoes no patch of somebody else who writes at the same time', async () => {
    const { workflows } = await oneWorkflow()
    const patches = [
      { name: 'Renamed' },
      { index: 'CAC40.I' },
      { cfd: 'FRA40.I' },
      { enable: false },
      { dry_run: true },
      { is_us: true },
      { end_date: '2026-12-31' },
      { trigger: { quantity: 5 } },
      { trigger: { offset: 0.5 } },
    ]

    await Promise.all(patches.map((patch) => patchWorkflow(workflows, WORKFLOW_ID, patch, LATER)))

    expect(await workflows.find(WORKFLOW_ID, LATER)).toMatchObject({
      ...aDefinition({
        name: 'Renamed',
        index: 'CAC40.I',
        cfd: 'FRA40.I',
        enable: false,
        dry_run: true,
        is_us: true,
        end_date: '2026-12-31',
        trigger: { ...aDefinition().trigger, quantity: 5, offset: 0.5 },
      }),
      revision: 10,
    })
  })

  test('of one revision is made of no other, whatever it holds', async () => {
    const { workflows } = await oneWorkflow()
    await patchWorkflow(workflows, WORKFLOW_ID, { name: 'Theirs' }, LATER, 1)

    for (const patch of [{ name: 'Ours' }, { name: '' }]) {
      await expect(patchWorkflow(workflows, WORKFLOW_ID, patch, LATER, 1)).rejects.toMatchObject({
        code: 'precondition_failed',
        message: expect.stringContaining('expected revision 1, it is at revision 2') as string,
      })
    }

    expect(await workflows.find(WORKFLOW_ID, LATER)).toMatchObject({ name: 'Theirs', revision: 2 })
  })

  /** Somebody writes between every read and the write that follows it. */
  const contended = (workflows: Workflows, times: number): Workflows => {
    let left = times
    return {
      ...workflows,
      find: async (id, now) => {
        const found = await workflows.find(id, now)
        left -= 1
        if (left >= 0) await workflows.replace(id, aDefinition({ name: `Theirs ${left}` }), now)
        return found
      },
    }
  }

  test('is tried again when somebody wrote in between, but not for ever', async () => {
    const { workflows } = await oneWorkflow()

    const patch = { enable: false }
    expect(await patchWorkflow(contended(workflows, 3), WORKFLOW_ID, patch, LATER)).toMatchObject({
      name: 'Theirs 0',
      enable: false,
      revision: 5,
    })
    await expect(
      patchWorkflow(contended(workflows, 1), WORKFLOW_ID, patch, LATER, 5),
    ).rejects.toMatchObject({ code: 'precondition_failed' })
    await expect(
      patchWorkflow(contended(workflows, Infinity), WORKFLOW_ID, patch, LATER),
    ).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('the last order of a workflow', () => {
  const older = anOrder({
    slot: '2026-11-23T07:00:00.000Z',
    placed_at: '2026-11-23T08:30:00.000Z',
  })
  const newer = anOrder({ placed_at: '2026-11-23T09:30:00.000Z' })

  test.each([
    { arrival: 'in order', sequence: [older, newer] },
    { arrival: 'late', sequence: [newer, older] },
    { arrival: 'twice', sequence: [newer, older, newer] },
  ])('is the newest one when orders arrive $arrival', async ({ sequence }) => {
    const { workflows } = await oneWorkflow()

    for (const order of sequence) await workflows.saveLastOrder(order)

    expect((await workflows.find(WORKFLOW_ID, LATER))?.last_order).toEqual({
      order_id: newer.order_id,
      placed_at: newer.placed_at,
      direction: 'SELL',
      price: 96.25,
      quantity: 2,
      ttl: newer.ttl,
    })
  })

  test('is the same one of two that were placed in one millisecond, whichever came last', async () => {
    const one = anOrder({ slot: '2026-11-23T06:00:00.000Z' })
    const two = anOrder({ slot: '2026-11-23T07:00:00.000Z' })
    const expected = one.order_id > two.order_id ? one.order_id : two.order_id
    for (const sequence of [
      [one, two],
      [two, one],
    ]) {
      const { workflows } = await oneWorkflow()
      for (const order of sequence) await workflows.saveLastOrder(order)
      const found = await workflows.find(WORKFLOW_ID, LATER)
      expect(found?.last_order?.order_id).toBe(expected)
    }
  })

  test.each([
    { when: 'one second before its time', offset: -1, shown: true },
    { when: 'at its time', offset: 0, shown: false },
    { when: 'one second after its time', offset: 1, shown: false },
  ])('is shown $when: $shown', async ({ offset, shown }) => {
    const { workflows } = await oneWorkflow()
    await workflows.saveLastOrder(newer)
    const now = new Date((newer.ttl + offset) * 1000)

    const { workflows: listed } = await workflows.list(now)
    const found = await workflows.find(WORKFLOW_ID, now)

    expect(listed[0]?.last_order !== null).toBe(shown)
    expect(found?.last_order !== null).toBe(shown)
  })
})

describe('the orders of a workflow by day', () => {
  const HOUR_MS = 3_600_000
  const NOW = new Date('2026-11-23T12:00:00.000Z')
  /** An order that was placed so many hours ago; each has a slot of its own. */
  const placed = (hours: number, changes: Parameters<typeof anOrder>[0] = {}) => {
    const placed_at = new Date(NOW.getTime() - hours * HOUR_MS).toISOString()
    return anOrder({ placed_at, slot: placed_at, ...changes })
  }
  const countsAt = async (workflows: Workflows, now: Date) =>
    (await workflows.find(WORKFLOW_ID, now))?.orders_by_day
  /** What the item holds, read past the product. */
  const entriesOf = async ({ client, tables }: Awaited<ReturnType<typeof oneWorkflow>>) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tables.workflows, Key: { id: WORKFLOW_ID } }),
    )
    return [...((Item?.['recent_orders'] ?? []) as Set<string>)].map((entry) => entry.slice(0, 24))
  }

  test('are counted once each, in whatever sequence and however often they arrive', async () => {
    const [first, second, third, fourth] = [placed(80), placed(50), placed(49), placed(1)]
    const expected = ordersByDay(NOW, { '2026-11-20': 1, '2026-11-21': 2, '2026-11-23': 1 })
    for (const sequence of [
      [first, second, third, fourth],
      [fourth, third, second, first],
      [second, fourth, second, first, first, third, fourth],
    ]) {
      const { workflows } = await oneWorkflow()
      for (const order of sequence) await workflows.saveLastOrder(order)
      expect(await countsAt(workflows, NOW)).toEqual(expected)
      const [listed] = (await workflows.list(NOW)).workflows
      expect(listed?.orders_by_day).toEqual(expected)
      expect(listed).toMatchObject({ revision: 1, last_order: { order_id: fourth.order_id } })
    }
  })

  test('are counted all when they arrive at the same time', async () => {
    const { workflows } = await oneWorkflow()
    const orders = Array.from({ length: 40 }, (_, index) => placed(index))

    await Promise.all([...orders, ...orders].map((order) => workflows.saveLastOrder(order)))

    const counts = (await countsAt(workflows, NOW)) ?? []
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(40)
    expect((await workflows.find(WORKFLOW_ID, NOW))?.last_order?.placed_at).toBe(NOW.toISOString())
  })

  test('are two when they were placed in one millisecond', async () => {
    const { workflows } = await oneWorkflow()
    await workflows.saveLastOrder(placed(1, { slot: '2026-11-23T06:00:00.000Z' }))
    await workflows.saveLastOrder(placed(1, { slot: '2026-11-23T07:00:00.000Z' }))

    expect(await countsAt(workflows, NOW)).toEqual(ordersByDay(NOW, { '2026-11-23': 2 }))
  })

  test('are those that the history of the workflow has', async () => {
    const store = await oneWorkflow()
    const trail = createTrail({ ...store, retention_seconds: RETENTION, logger: recordingLogger() })
    for (const hours of [0.5, 24, 24.5, 100, 167.9, 168, 168.1]) {
      const { ttl: _stamped, ...order } = placed(hours)
      await store.workflows.saveLastOrder(await trail.recordWorkflowOrder(order))
    }
    for (const seconds of [0, 1, 359, 360, 361, 12 * 3600, 6 * 86_400, 7 * 86_400]) {
      const now = new Date(NOW.getTime() + seconds * 1000)
      const counts = (await countsAt(store.workflows, now)) ?? []
      const { count } = await trail.summarizeWorkflowOrders(WORKFLOW_ID, now)
      expect([seconds, counts.reduce((sum, day) => sum + day.count, 0)]).toEqual([seconds, count])
    }
  })

  test('go with the orders where the trail keeps them for a shorter time', async () => {
    const { workflows } = await oneWorkflow()
    const ttl = (hours: number) => Math.floor(NOW.getTime() / 1000) + (24 - hours) * 3600
    for (const hours of [30, 23, 2]) {
      await workflows.saveLastOrder(placed(hours, { ttl: ttl(hours) }))
    }

    expect(await countsAt(workflows, NOW)).toEqual(
      ordersByDay(NOW, { '2026-11-22': 1, '2026-11-23': 1 }),
    )
  })

  test('leave nothing behind in the item when they are older than a week', async () => {
    const store = await oneWorkflow()
    for (const hours of [24 * 60, 24 * 30, 24 * 9, 24 * 8, 24 * 3]) {
      await store.workflows.saveLastOrder(placed(hours))
    }
    expect(await entriesOf(store)).toHaveLength(3)

    store.requests.length = 0
    const newest = placed(0)
    await store.workflows.saveLastOrder(newest)
    expect(store.requests).toEqual(['UpdateItem', 'UpdateItem'])
    expect((await entriesOf(store)).toSorted()).toEqual(
      [placed(24 * 3), newest].map(({ placed_at }) => placed_at),
    )

    // One that comes as late as that is not kept either.
    await store.workflows.saveLastOrder(placed(24 * 20))
    expect(await entriesOf(store)).toHaveLength(2)
  })

  test('cost one request an order while none is old, and one more for one that is not the newest', async () => {
    const { workflows, requests } = await oneWorkflow()
    const costOf = async (order: ReturnType<typeof placed>) => {
      requests.length = 0
      await workflows.saveLastOrder(order)
      return requests.length
    }
    expect(await costOf(placed(3))).toBe(1)
    expect(await costOf(placed(2))).toBe(1)
    expect(await costOf(placed(2))).toBe(2)
    expect(await costOf(placed(3))).toBe(2)
  })

  test('do not bring back a workflow that was removed', async () => {
    const { workflows } = await oneWorkflow()
    await workflows.saveLastOrder(placed(1))
    await workflows.remove(WORKFLOW_ID)

    await workflows.saveLastOrder(placed(0))
    await workflows.saveLastOrder(placed(24 * 30))

    expect(await workflows.list(NOW)).toEqual({ workflows: [], broken: [] })
  })

  test('are none where the item holds something else in their place', async () => {
    const { workflows, client, tables } = await oneWorkflow()
    const { Item } = await client.send(
      new GetCommand({ TableName: tables.workflows, Key: { id: WORKFLOW_ID } }),
    )
    await client.send(
      new PutCommand({ TableName: tables.workflows, Item: { ...Item, recent_orders: 7 } }),
    )

    expect(await countsAt(workflows, NOW)).toEqual(ordersByDay(NOW))
  })

  test('are none of a workflow that is made anew under the same id', async () => {
    const { workflows } = await oneWorkflow()
    await workflows.saveLastOrder(placed(1))
    await workflows.remove(WORKFLOW_ID)

    expect(await workflows.create(WORKFLOW_ID, aDefinition(), NOW)).toMatchObject({
      last_order: null,
      orders_by_day: ordersByDay(NOW),
    })
  })
})

describe('the list of workflows', () => {
  test('asks once for 300 workflows with their last orders', async () => {
    const { workflows, requests } = await noWorkflows()
    const ids = Array.from({ length: 300 }, (_, index) => idOf(index))
    await Promise.all(
      ids.map(async (id) => {
        await workflows.create(id, aDefinition(), CREATED)
        await workflows.saveLastOrder(anOrder({ workflow_id: id }))
      }),
    )
    requests.length = 0

    const listed = await workflows.list(LATER)

    expect(listed.workflows).toHaveLength(300)
    expect(listed.workflows.every(({ last_order }) => last_order !== null)).toBe(true)
    expect(requests).toEqual(['Scan'])
  })

  test('has all workflows when they fill more than a megabyte', async () => {
    const { workflows, client, tables } = await noWorkflows()
    await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const workflow = await workflows.create(idOf(index), aDefinition(), CREATED)
        const { last_order: _none, orders_by_day: _zeros, last_run: _never, ...item } = workflow
        const last_run = aLastRun({ reason: 'x'.repeat(380_000) })
        await client.send(
          new PutCommand({ TableName: tables.workflows, Item: { ...item, last_run } }),
        )
      }),
    )

    expect((await workflows.list(LATER)).workflows).toHaveLength(4)
  })

  test('is not spoilt by items that are no workflows, and names them with what is wrong', async () => {
    const { workflows, client, tables } = await oneWorkflow()
    const broken = [
      { id: idOf(1), name: 'Odd indicator', conditions: [{ indicator: { name: 'rsi' } }] },
      { ...aDefinition(), id: idOf(2), revision: 'two', created_at: 'x', updated_at: 'y' },
      { id: 'no-uuid' },
    ]
    for (const Item of broken) {
      await client.send(new PutCommand({ TableName: tables.workflows, Item }))
    }

    const listed = await workflows.list(LATER)

    expect(listed.workflows.map(({ id }) => id)).toEqual([WORKFLOW_ID])
    const problems = Object.fromEntries(listed.broken.map((one) => [one.id, one]))
    expect(problems[idOf(1)]).toMatchObject({
      name: 'Odd indicator',
      problem: expect.stringContaining('conditions.0.indicator') as string,
    })
    expect(problems[idOf(2)]?.problem).toMatch(/revision.*created_at.*updated_at/)
    expect(problems['no-uuid']?.problem).toContain('id: expected a UUID')
    await expect(workflows.find(idOf(1), LATER)).rejects.toMatchObject({ code: 'invalid' })
    expect(await workflows.remove(idOf(1))).toBe(true)
  })

  test('still has a workflow whose last run was written by another version', async () => {
    const { workflows, client, tables } = await oneWorkflow()
    const { Item } = await client.send(
      new GetCommand({ TableName: tables.workflows, Key: { id: WORKFLOW_ID } }),
    )
    await client.send(
      new PutCommand({
        TableName: tables.workflows,
        Item: { ...Item, last_run: { outcome: 'from the future' }, last_order: 'none' },
      }),
    )

    expect(await workflows.find(WORKFLOW_ID, LATER)).toMatchObject({
      last_run: null,
      last_order: null,
    })
    await workflows.saveLastOrder(anOrder())
    expect((await workflows.find(WORKFLOW_ID, LATER))?.last_order).not.toBeNull()
  })

  test('has large and small numbers to the last digit', async () => {
    const { workflows } = await noWorkflows()
    const definition = aDefinition({
      trigger: {
        unit_time: 'h1',
        location: 'lower',
        order_direction: 'sell',
        quantity: 2 ** 49 + 2 ** -4,
        offset: 1e-9,
      },
    })

    await workflows.create(WORKFLOW_ID, definition, CREATED)

    expect((await workflows.find(WORKFLOW_ID, LATER))?.trigger).toEqual(definition.trigger)
  })
})
