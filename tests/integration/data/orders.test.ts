import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { createTrail } from '../../../src/data/orders.ts'
import type { PlacedOrder } from '../../../src/domain/order.ts'
import type { HistoryQuery } from '../../../src/domain/ports.ts'
import { aPlacedOrder, PLACED_AT, RETENTION, WORKFLOW_ID } from '../../support/builders.ts'
import { recordingLogger } from '../../support/logger.ts'
import { emptyTables } from '../../support/tables.ts'

const SHORTLY_AFTER = new Date('2026-11-23T09:31:00.000Z')

const anEmptyTrail = async (retention_seconds = RETENTION) => {
  const store = await emptyTables()
  const logger = recordingLogger()
  const trail = createTrail({ ...store, retention_seconds, logger })
  return { ...store, logger, trail }
}

const history = (changes: Partial<HistoryQuery> = {}): HistoryQuery => ({
  workflow_id: WORKFLOW_ID,
  page: 1,
  per_page: 20,
  sort: '-placed_at',
  now: SHORTLY_AFTER,
  ...changes,
})

/** Orders of one workflow, one minute apart, the first one first. */
const orders = (count: number): PlacedOrder[] =>
  Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.parse('2026-11-23T08:00:00.000Z') + index * 60_000).toISOString()
    return aPlacedOrder({ slot: at, placed_at: at, price: 100 + index })
  })

const secondsAfterPlacing = (seconds: number): Date =>
  new Date(Math.floor(Date.parse(PLACED_AT) / 1000) * 1000 + seconds * 1000)

describe('a placed order', () => {
  test('is recorded with a ttl of exactly 604800 seconds after it was placed', async () => {
    const { trail, client, tables } = await anEmptyTrail()
    const order = aPlacedOrder()

    await trail.recordWorkflowOrder(order)

    const { Item } = await client.send(
      new GetCommand({
        TableName: tables.workflow_orders,
        Key: { workflow_id: WORKFLOW_ID, placed_at: `${PLACED_AT}#${order.order_id}` },
      }),
    )
    expect(Item).toEqual({
      ...order,
      placed_at: `${PLACED_AT}#${order.order_id}`,
      placed_on: '2026-11-23',
      ttl: Math.floor(Date.parse(PLACED_AT) / 1000) + 604_800,
    })
  })

  test('expires sooner when the retention is configured to be shorter', async () => {
    const { trail } = await anEmptyTrail(3600)

    const { ttl } = await trail.recordWorkflowOrder(aPlacedOrder())

    expect(ttl).toBe(Math.floor(Date.parse(PLACED_AT) / 1000) + 3600)
  })

  test('is read back with every field, its decision and its trace', async () => {
    const { trail } = await anEmptyTrail()
    const recorded = await trail.recordWorkflowOrder(aPlacedOrder({ price: 0.1 + 0.2 }))

    expect(await trail.getOrder(recorded.order_id, SHORTLY_AFTER)).toEqual(recorded)
  })

  test('that is recorded twice is there once and unchanged', async () => {
    const { trail } = await anEmptyTrail()
    await trail.recordWorkflowOrder(aPlacedOrder({ price: 96.25 }))

    await trail.recordWorkflowOrder(aPlacedOrder({ price: 1 }))

    expect(await trail.getWorkflowOrders(history())).toMatchObject({
      total: 1,
      orders: [{ price: 96.25 }],
    })
  })

  test('does not collide with another one of the same millisecond', async () => {
    const { trail } = await anEmptyTrail()
    const first = aPlacedOrder({ slot: '2026-11-23T07:00:00.000Z' })
    const second = aPlacedOrder({ slot: '2026-11-23T08:00:00.000Z' })

    await Promise.all([first, second].map(trail.recordWorkflowOrder))

    const { orders: found, total } = await trail.getWorkflowOrders(history())
    expect(total).toBe(2)
    expect(new Set(found.map(({ order_id }) => order_id))).toEqual(
      new Set([first.order_id, second.order_id]),
    )
    expect(found.map(({ placed_at }) => placed_at)).toEqual([PLACED_AT, PLACED_AT])
  })

  test('that does not exist is null', async () => {
    const { trail } = await anEmptyTrail()

    expect(await trail.getOrder('9f6dc8a4-0000-5000-8000-000000000000', SHORTLY_AFTER)).toBeNull()
  })
})

describe('an order that the engine has not deleted yet', () => {
  test.each([
    { when: 'one second before its time', offset: -1, shown: 1 },
    { when: 'at its time', offset: 0, shown: 0 },
    { when: 'one second after its time', offset: 1, shown: 0 },
  ])('is shown $shown times $when, in every read', async ({ offset, shown }) => {
    const { trail } = await anEmptyTrail()
    const { order_id } = await trail.recordWorkflowOrder(aPlacedOrder())
    const now = secondsAfterPlacing(RETENTION + offset)

    const page = await trail.getWorkflowOrders(history({ now }))
    const summary = await trail.summarizeWorkflowOrders(WORKFLOW_ID, now)
    const order = await trail.getOrder(order_id, now)

    expect(page).toMatchObject({ total: shown })
    expect(page.orders).toHaveLength(shown)
    expect(summary.count).toBe(shown)
    expect(summary.latest?.order_id ?? null).toBe(shown === 1 ? order_id : null)
    expect(order?.order_id ?? null).toBe(shown === 1 ? order_id : null)
  })

  test('is hidden by its own ttl when it was recorded with a shorter retention', async () => {
    const { trail, client, tables, logger } = await anEmptyTrail()
    const brief = createTrail({ client, tables, logger, retention_seconds: 60 })
    const [first, ...others] = orders(30)
    await Promise.all(others.map(brief.recordWorkflowOrder))
    if (first) await trail.recordWorkflowOrder(first)
    const now = new Date('2026-11-23T12:00:00.000Z')

    const page = await trail.getWorkflowOrders(history({ now, per_page: 5 }))

    expect(page).toMatchObject({ total: 1, orders: [{ order_id: first?.order_id }] })
    expect(await trail.summarizeWorkflowOrders(WORKFLOW_ID, now)).toMatchObject({ count: 1 })
    expect(await trail.getOrder(others[0]?.order_id ?? '', now)).toBeNull()
  })
})

describe('the history of a workflow', () => {
  test('is empty for a workflow without orders', async () => {
    const { trail } = await anEmptyTrail()

    expect(await trail.getWorkflowOrders(history())).toEqual({ orders: [], total: 0 })
    expect(await trail.summarizeWorkflowOrders(WORKFLOW_ID, SHORTLY_AFTER)).toEqual({
      count: 0,
      latest: null,
    })
  })

  test('has 57 orders on three pages of 20, newest first, each order once', async () => {
    const { trail } = await anEmptyTrail()
    const placed = orders(57)
    await Promise.all(placed.map(trail.recordWorkflowOrder))

    const pages = await Promise.all(
      [1, 2, 3].map((page) => trail.getWorkflowOrders(history({ page }))),
    )

    expect(pages.map(({ total }) => total)).toEqual([57, 57, 57])
    expect(pages.map((page) => page.orders.length)).toEqual([20, 20, 17])
    expect(pages.flatMap((page) => page.orders.map(({ order_id }) => order_id))).toEqual(
      placed.map(({ order_id }) => order_id).toReversed(),
    )
  })

  test('keeps its pages while orders arrive, when it is read up to the newest one of the first page', async () => {
    const { trail } = await anEmptyTrail()
    const placed = orders(50)
    const [before, later] = [placed.slice(0, 45), placed.slice(45)]
    await Promise.all(before.map(trail.recordWorkflowOrder))
    const first = await trail.getWorkflowOrders(history())
    await Promise.all(later.map(trail.recordWorkflowOrder))

    const until = first.orders[0]?.placed_at
    const rest = await Promise.all(
      [2, 3].map((page) => trail.getWorkflowOrders(history({ page, until }))),
    )

    expect(rest.map(({ total }) => total)).toEqual([45, 45])
    const shown = [first, ...rest].flatMap((page) => page.orders.map(({ order_id }) => order_id))
    expect(shown).toEqual(before.map(({ order_id }) => order_id).toReversed())
  })

  test('has no orders when all that it is read up to have expired', async () => {
    const { trail } = await anEmptyTrail()
    await trail.recordWorkflowOrder(aPlacedOrder())

    const now = secondsAfterPlacing(RETENTION)
    expect(await trail.getWorkflowOrders(history({ until: PLACED_AT, now }))).toEqual({
      orders: [],
      total: 0,
    })
  })

  test('can be read oldest first', async () => {
    const { trail } = await anEmptyTrail()
    const placed = orders(7)
    await Promise.all(placed.map(trail.recordWorkflowOrder))

    const page = await trail.getWorkflowOrders(history({ sort: 'placed_at', page: 2, per_page: 3 }))

    expect(page.total).toBe(7)
    expect(page.orders.map(({ placed_at }) => placed_at)).toEqual([
      '2026-11-23T08:03:00.000Z',
      '2026-11-23T08:04:00.000Z',
      '2026-11-23T08:05:00.000Z',
    ])
  })

  test('has no orders on a page beyond the end and still says how many there are', async () => {
    const { trail } = await anEmptyTrail()
    await Promise.all(orders(7).map(trail.recordWorkflowOrder))

    expect(await trail.getWorkflowOrders(history({ page: 5 }))).toEqual({ orders: [], total: 7 })
    expect(await trail.getWorkflowOrders(history({ page: 1_000_000_000 }))).toEqual({
      orders: [],
      total: 7,
    })
  })

  test('shows the six fields of a list and nothing else', async () => {
    const { trail } = await anEmptyTrail()
    const { order_id } = await trail.recordWorkflowOrder(aPlacedOrder())

    expect((await trail.getWorkflowOrders(history())).orders).toEqual([
      {
        order_id,
        workflow_id: WORKFLOW_ID,
        placed_at: PLACED_AT,
        price: 96.25,
        quantity: 2,
        direction: 'SELL',
      },
    ])
  })

  test('holds only the orders of that workflow', async () => {
    const { trail } = await anEmptyTrail()
    const other = '7d0f7f62-1111-4222-8333-444455556666'
    await trail.recordWorkflowOrder(aPlacedOrder())
    await trail.recordWorkflowOrder(aPlacedOrder({ workflow_id: other }))

    const page = await trail.getWorkflowOrders(history({ workflow_id: other }))

    expect(page).toMatchObject({ total: 1, orders: [{ workflow_id: other }] })
  })

  test('is summarized by its newest order and how many there are', async () => {
    const { trail } = await anEmptyTrail()
    await Promise.all(orders(30).map(trail.recordWorkflowOrder))

    expect(await trail.summarizeWorkflowOrders(WORKFLOW_ID, SHORTLY_AFTER)).toMatchObject({
      count: 30,
      latest: { placed_at: '2026-11-23T08:29:00.000Z', price: 129 },
    })
  })
})

describe('the requests to DynamoDB', () => {
  test('are one Query for a first page that holds all orders', async () => {
    const { trail, requests } = await anEmptyTrail()
    await Promise.all(orders(20).map(trail.recordWorkflowOrder))
    requests.length = 0

    expect((await trail.getWorkflowOrders(history())).total).toBe(20)

    expect(requests).toEqual(['Query'])
  })

  test('are a second Query only to count what the page does not show', async () => {
    const { trail, requests } = await anEmptyTrail()
    await Promise.all(orders(57).map(trail.recordWorkflowOrder))
    requests.length = 0

    expect((await trail.getWorkflowOrders(history({ page: 2, per_page: 10 }))).total).toBe(57)

    expect(requests).toEqual(['Query', 'Query'])
  })

  test('stay two when the filter leaves out all but one of many orders', async () => {
    const { trail, client, tables, logger, requests } = await anEmptyTrail()
    const brief = createTrail({ client, tables, logger, retention_seconds: 60 })
    const [oldest, ...others] = orders(40)
    if (oldest) await trail.recordWorkflowOrder(oldest)
    await Promise.all(others.map(brief.recordWorkflowOrder))
    requests.length = 0

    const now = new Date('2026-11-23T12:00:00.000Z')
    const { total } = await trail.getWorkflowOrders(history({ now, per_page: 5 }))

    expect(total).toBe(1)
    expect(requests).toEqual(['Query', 'Query'])
  })

  test('are one Query for a summary and one for a single order', async () => {
    const { trail, requests } = await anEmptyTrail()
    const { order_id } = await trail.recordWorkflowOrder(aPlacedOrder())
    requests.length = 0

    await trail.summarizeWorkflowOrders(WORKFLOW_ID, SHORTLY_AFTER)
    await trail.getOrder(order_id, SHORTLY_AFTER)

    expect(requests).toEqual(['Query', 'Query'])
  })
})

describe('a stored order that cannot be read', () => {
  const withABrokenOrder = async () => {
    const setUp = await anEmptyTrail()
    const { trail, client, tables } = setUp
    const good = await trail.recordWorkflowOrder(aPlacedOrder())
    await client.send(
      new PutCommand({
        TableName: tables.workflow_orders,
        Item: {
          ...good,
          order_id: 'broken-1',
          placed_at: '2026-11-23T09:30:30.000Z#broken-1',
          placed_on: '2026-11-23',
          price: -0.7,
        },
      }),
    )
    return { ...setUp, good }
  }

  test('does not hide the others, and is reported', async () => {
    const { trail, logger, good } = await withABrokenOrder()

    const { orders: found } = await trail.getWorkflowOrders(history())

    expect(found.map(({ order_id }) => order_id)).toEqual([good.order_id])
    expect(logger.events).toEqual([
      expect.objectContaining({
        level: 'warn',
        event: 'order.unreadable',
        order_id: 'broken-1',
        problem: expect.stringContaining('price') as string,
      }),
    ])
  })

  test('is not taken for the latest one', async () => {
    const { trail, good } = await withABrokenOrder()

    expect(await trail.summarizeWorkflowOrders(WORKFLOW_ID, SHORTLY_AFTER)).toMatchObject({
      latest: { order_id: good.order_id },
    })
  })

  test('says what is wrong with it when it is asked for', async () => {
    const { trail } = await withABrokenOrder()

    await expect(trail.getOrder('broken-1', SHORTLY_AFTER)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('price') as string,
    })
  })
})
