import { randomUUID } from 'node:crypto'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import {
  array,
  asyncProperty,
  assert,
  boolean,
  constantFrom,
  integer,
  option,
  record,
  uniqueArray,
} from 'fast-check'
import { describe, expect, inject, test } from 'vitest'
import { createTrail } from '../../../src/data/orders.ts'
import type { ListedOrder, PlacedOrder } from '../../../src/domain/order.ts'
import type { OrdersQuery, Trail } from '../../../src/domain/ports.ts'
import { aPlacedOrder, RETENTION } from '../../support/builders.ts'
import { recordingLogger } from '../../support/logger.ts'
import { emptyTables } from '../../support/tables.ts'

/**
 * What was placed on 2096-11-16 at 12:00:01 or later is still there. So far ahead because DynamoDB
 * Local deletes what has expired by the clock of this machine.
 */
const NOW = new Date('2096-11-23T12:00:00.000Z')
const A = '0b9c2a4e-5d1f-4c3a-8e7b-6f5d4c3b2a19'
const B = '7d0f7f62-1111-4222-8333-444455556666'
const C = 'c3a1f0b2-2222-4333-8444-555566667777'

const anEmptyTrail = async (retention_seconds = RETENTION) => {
  const store = await emptyTables()
  const logger = recordingLogger()
  const trail = createTrail({ ...store, retention_seconds, logger })
  const place = async (...orders: PlacedOrder[]) => {
    await Promise.all(orders.map(trail.recordWorkflowOrder))
  }
  return { ...store, logger, trail, place }
}

const minutesAgo = (minutes: number): string =>
  new Date(NOW.getTime() - minutes * 60_000).toISOString()

const DAY = 24 * 60

/** An order of its own id. */
const placed = (changes: Partial<PlacedOrder> = {}): PlacedOrder =>
  aPlacedOrder({ order_id: randomUUID(), placed_at: '2096-11-23T09:30:00.250Z', ...changes })

/** Orders every 3.5 hours over all the week, in two workflows, now and then three in one millisecond. */
const aWeek = (): PlacedOrder[] =>
  Array.from({ length: 48 }, (_, index) => {
    const placed_at = minutesAgo(index * 210)
    return (index % 5 === 0 ? [A, B, B] : [index % 2 === 0 ? A : B]).map((workflow_id) =>
      placed({ workflow_id, placed_at, direction: index % 3 === 0 ? 'BUY' : 'SELL' }),
    )
  }).flat()

const query = (changes: Partial<OrdersQuery> = {}): OrdersQuery => ({
  sort: '-placed_at',
  limit: 20,
  position: null,
  now: NOW,
  ...changes,
})

type Listed = Pick<ListedOrder, 'placed_at' | 'order_id'>

const keys = (orders: readonly Listed[]): string[] =>
  orders.map(({ placed_at, order_id }) => `${placed_at}#${order_id}`)

const sorted = (orders: readonly Listed[], sort: OrdersQuery['sort'] = '-placed_at'): string[] => {
  const oldestFirst = keys(orders).toSorted((a, b) => (a < b ? -1 : 1))
  return sort === 'placed_at' ? oldestFirst : oldestFirst.toReversed()
}

/** The pages from here to the end, or to the beginning. `between` happens after each page. */
const walk = async (
  trail: Trail,
  start: OrdersQuery,
  way: 'next' | 'previous' = 'next',
  between: (page: number) => Promise<void> = async () => undefined,
) => {
  const pages: string[][] = []
  let { position } = start
  do {
    const page = await trail.listOrders({ ...start, position })
    expect(page.orders.length).toBeLessThanOrEqual(start.limit)
    pages.push(keys(page.orders))
    expect(pages.length).toBeLessThan(500)
    position = page[way]
    await between(pages.length)
  } while (position)
  return pages
}

describe('a list of orders', () => {
  test.each([1, 2, 7, 100])(
    'is walked %i at a time, in both orders, there and back',
    async (limit) => {
      const { trail, place } = await anEmptyTrail()
      const orders = aWeek()
      await place(...orders)

      for (const sort of ['placed_at', '-placed_at'] as const) {
        for (const workflow_ids of [[], [A], [A, B]]) {
          const expected = sorted(
            orders.filter(({ workflow_id }) => workflow_ids.length !== 1 || workflow_id === A),
            sort,
          )
          const start = query({ sort, limit, workflow_ids })
          const pages = await walk(trail, start)
          expect(pages.flat()).toEqual(expected)
          expect(pages.map((page) => page.length).slice(0, -1)).toEqual(
            Array.from({ length: pages.length - 1 }, () => limit),
          )

          const first = expected[expected.length - 1] ?? ''
          const back = await walk(
            trail,
            { ...start, position: { key: first, paging: 'backward' } },
            'previous',
          )
          expect(back.toReversed().flat()).toEqual(expected.slice(0, -1))
        }
      }
    },
  )

  test('leads from every page to the one before, and from there to this one again', async () => {
    const { trail, place } = await anEmptyTrail()
    await place(...aWeek())
    const start = query({ limit: 7 })
    const one = await trail.listOrders(start)
    const two = await trail.listOrders({ ...start, position: one.next })
    const three = await trail.listOrders({ ...start, position: two.next })

    const backAtTwo = await trail.listOrders({ ...start, position: three.previous })
    const backAtOne = await trail.listOrders({ ...start, position: backAtTwo.previous })
    const twoAgain = await trail.listOrders({ ...start, position: backAtOne.next })

    expect(one.previous).toBeNull()
    expect(backAtTwo.orders).toEqual(two.orders)
    expect(backAtOne).toMatchObject({ orders: one.orders, previous: null })
    expect(twoAgain.orders).toEqual(two.orders)

    // Where nothing is before, the way leads on all the same.
    const [top = ''] = keys(one.orders)
    const nothing = await trail.listOrders({ ...start, position: { key: top, paging: 'backward' } })
    expect(nothing).toMatchObject({ orders: [], previous: null })
    const oneAgain = await trail.listOrders({ ...start, position: nothing.next })
    expect(oneAgain.orders).toEqual(one.orders)
  })

  test('leads back from its end when everything after the last page has expired', async () => {
    const { trail, place } = await anEmptyTrail()
    const orders = [
      placed({ placed_at: minutesAgo(0) }),
      placed({ placed_at: minutesAgo(7 * DAY - 1) }),
    ]
    await place(...orders)
    const { next } = await trail.listOrders(query({ limit: 1 }))
    const now = new Date(NOW.getTime() + 60_000)

    const empty = await trail.listOrders(query({ limit: 1, position: next, now }))
    const back = await trail.listOrders(query({ limit: 1, position: empty.previous, now }))

    expect(empty).toMatchObject({ orders: [], next: null })
    expect(keys(back.orders)).toEqual(sorted(orders).slice(0, 1))
    expect(back.previous).toBeNull()
  })

  test('has the fields of a list and nothing else', async () => {
    const { trail, place } = await anEmptyTrail()
    const order = placed()
    await place(order)

    expect(await trail.listOrders(query())).toEqual({
      orders: [
        {
          order_id: order.order_id,
          workflow_id: A,
          workflow_name: 'Sell under 100',
          placed_at: '2096-11-23T09:30:00.250Z',
          price: 96.25,
          quantity: 2,
          direction: 'SELL',
          order_type: 'OPEN_STOP',
          asset: { code: 'GER40.I', index: 'DAX.I', asset_type: 'CfdOnIndex' },
          ttl: Date.parse('2096-11-30T09:30:00Z') / 1000,
        },
      ],
      next: null,
      previous: null,
    })
  })

  test('is empty on an empty trail, in every way of asking', async () => {
    const { trail } = await anEmptyTrail()
    const empty = { orders: [], next: null, previous: null }

    expect(await trail.listOrders(query())).toEqual(empty)
    expect(await trail.listOrders(query({ workflow_ids: [A] }))).toEqual(empty)
    expect(await trail.listOrders(query({ from: minutesAgo(60), to: minutesAgo(120) }))).toEqual(
      empty,
    )
    expect(
      await trail.listOrders(
        query({ workflow_ids: [A], from: minutesAgo(60), to: minutesAgo(120) }),
      ),
    ).toEqual(empty)
  })

  test('shows an order from a clock that is ahead of ours, even of tomorrow', async () => {
    const { trail, place } = await anEmptyTrail()
    const order = placed({ placed_at: '2096-11-24T00:00:01.000Z' })
    await place(order, placed())
    const now = new Date('2096-11-23T23:59:59.000Z')

    const { orders } = await trail.listOrders(query({ now }))

    expect(orders.map(({ order_id }) => order_id)).toEqual([order.order_id, expect.any(String)])
  })
})

describe('a walk while orders are placed', () => {
  test.each(['-placed_at', 'placed_at'] as const)(
    'by %s gives every order that was there exactly once, and none twice',
    async (sort) => {
      for (const workflow_ids of [[], [A]]) {
        const { trail, place } = await anEmptyTrail()
        const orders = aWeek().map((order) => ({ ...order, workflow_id: A }))
        await place(...orders)

        const pages = await walk(
          trail,
          query({ sort, limit: 7, workflow_ids }),
          'next',
          async (page) => {
            // Newer and older ones, and one in the very millisecond of another.
            await place(
              placed({ placed_at: minutesAgo(0) }),
              placed({ placed_at: minutesAgo(7 * DAY - 1 - page) }),
              placed({ placed_at: minutesAgo(210 * 5 * page) }),
            )
          },
        )

        const walked = pages.flat()
        const known = new Set(keys(orders))
        expect(new Set(walked).size).toBe(walked.length)
        expect(walked.filter((key) => known.has(key))).toEqual(sorted(orders, sort))
        expect(walked).toEqual(
          walked.toSorted((a, b) => (a < b === (sort === 'placed_at') ? -1 : 1)),
        )
      }
    },
  )

  test('newest first never shows newer ones, and a page that is read again has not moved', async () => {
    const { trail, place } = await anEmptyTrail()
    const orders = aWeek()
    await place(...orders)
    const first = await trail.listOrders(query())
    const second = await trail.listOrders(query({ position: first.next }))

    await place(...Array.from({ length: 30 }, () => placed({ placed_at: minutesAgo(-1) })))

    expect(await trail.listOrders(query({ position: first.next }))).toEqual(second)
    const before = await trail.listOrders(query({ position: second.previous }))
    expect(keys(before.orders)).toEqual(keys(first.orders))
    expect(before.previous).not.toBeNull()
  })
})

describe('a filter', () => {
  const someOrders = async () => {
    const setUp = await anEmptyTrail()
    const orders = [
      placed({ workflow_id: A, placed_at: minutesAgo(1) }),
      placed({ workflow_id: B, placed_at: minutesAgo(2), direction: 'BUY' }),
      placed({ workflow_id: C, placed_at: minutesAgo(3), order_type: 'LIMIT' }),
      placed({
        workflow_id: A,
        placed_at: minutesAgo(2 * DAY),
        asset: { code: 'MC:xpar', index: 'MC:xpar', asset_type: null },
      }),
      placed({ workflow_id: A, placed_at: minutesAgo(2 * DAY + 1), direction: 'BUY' }),
    ]
    await setUp.place(...orders)
    const ids = orders.map(({ order_id }) => order_id)
    return { ...setUp, ids }
  }

  test.each<[string, Partial<OrdersQuery>, number[]]>([
    ['one workflow', { workflow_ids: [A] }, [0, 3, 4]],
    ['the same one twice', { workflow_ids: [A, A] }, [0, 3, 4]],
    ['two workflows', { workflow_ids: [B, C] }, [1, 2]],
    ['a direction', { direction: 'BUY' }, [1, 4]],
    ['an order type', { order_type: 'LIMIT' }, [2]],
    ['an instrument', { instrument: 'MC:xpar' }, [3]],
    ['an instrument in other letters', { instrument: 'mc:xpar' }, []],
    ['all of it', { workflow_ids: [A, B], direction: 'BUY', order_type: 'OPEN_STOP' }, [1, 4]],
    ['one workflow and a direction', { workflow_ids: [A], direction: 'BUY' }, [4]],
    ['from the second one on', { from: minutesAgo(2) }, [0, 1]],
    ['before the second one', { to: minutesAgo(2) }, [2, 3, 4]],
    ['from one to another', { from: minutesAgo(2 * DAY), to: minutesAgo(2) }, [2, 3]],
    [
      'of one workflow, from one to another',
      { workflow_ids: [A], from: minutesAgo(2 * DAY), to: minutesAgo(1) },
      [3],
    ],
    ['a workflow that has none', { workflow_ids: [randomUUID()] }, []],
  ])('by %s finds what fits', async (_, filter, expected) => {
    const { trail, ids } = await someOrders()

    const { orders } = await trail.listOrders(query(filter))

    expect(orders.map(({ order_id }) => ids.indexOf(order_id))).toEqual(expected)
    const oldestFirst = await walk(trail, query({ ...filter, sort: 'placed_at', limit: 1 }))
    expect(oldestFirst.flat()).toEqual(keys(orders).toReversed())
  })

  test('by ids finds 100 of them, and none that are unknown', async () => {
    const { trail, ids } = await someOrders()
    const unknown = Array.from({ length: 97 }, () => randomUUID())
    const wanted = [...unknown, ...[0, 2, 4].flatMap((index) => ids[index] ?? [])]

    const { orders } = await trail.listOrders(query({ ids: wanted }))

    expect(orders.map(({ order_id }) => ids.indexOf(order_id))).toEqual([0, 2, 4])
  })

  test('of 100 workflows and 100 ids is taken', async () => {
    const { trail, ids } = await someOrders()
    const many = Array.from({ length: 99 }, () => randomUUID())

    const { orders } = await trail.listOrders(
      query({ workflow_ids: [A, ...many], ids: [...many, ids[3] ?? ''], direction: 'SELL' }),
    )

    expect(orders.map(({ order_id }) => ids.indexOf(order_id))).toEqual([3])
  })

  test('goes to the millisecond, and takes all orders of one', async () => {
    const { trail, place } = await anEmptyTrail()
    const at = '2096-11-22T00:00:00.000Z'
    const just = '2096-11-21T23:59:59.999Z'
    const [before, ...there] = [just, at, at, at].map((placed_at) => placed({ placed_at }))
    await place(...there, before ?? placed())
    const idsOf = async (filter: Partial<OrdersQuery>) =>
      (await walk(trail, query({ ...filter, limit: 2 }))).flat()

    for (const workflow_ids of [[], [A]]) {
      expect(await idsOf({ workflow_ids, from: at })).toEqual(sorted(there))
      expect(await idsOf({ workflow_ids, to: at })).toEqual(keys(before ? [before] : []))
      expect(await idsOf({ workflow_ids, from: at, to: at })).toEqual([])
      expect(await idsOf({ workflow_ids, from: just, to: at })).toHaveLength(1)
      expect(await idsOf({ workflow_ids, from: at, to: '2096-11-22T00:00:00.001Z' })).toEqual(
        sorted(there),
      )
    }
  })
})

describe('an order that the engine has not deleted yet', () => {
  test.each([
    { when: 'one second before its time', now: '2096-11-30T09:29:59.999Z', shown: 1 },
    { when: 'at its time', now: '2096-11-30T09:30:00.000Z', shown: 0 },
    { when: 'one second after its time', now: '2096-11-30T09:30:01.000Z', shown: 0 },
  ])('is listed $shown times $when', async ({ now: text, shown }) => {
    const { trail, place } = await anEmptyTrail()
    await place(placed({ placed_at: '2096-11-23T09:30:00.250Z' }))
    const now = new Date(text)

    for (const changes of [
      {},
      { workflow_ids: [A] },
      { workflow_ids: [A, B] },
      { sort: 'placed_at' as const },
      { from: '2096-01-01T00:00:00.000Z' },
      { position: { key: '2096-11-23T09:30:00.251Z', paging: 'forward' as const } },
      {
        sort: 'placed_at' as const,
        position: { key: '2096-11-23T09:30:00.000Z', paging: 'forward' as const },
      },
    ]) {
      expect((await trail.listOrders(query({ ...changes, now }))).orders).toHaveLength(shown)
    }
    expect((await trail.latestOrders(now)).orders).toHaveLength(shown)
  })

  test('is hidden by its own ttl when it was recorded with a shorter retention', async () => {
    const { trail, place, client, tables, logger } = await anEmptyTrail()
    const brief = createTrail({ client, tables, logger, retention_seconds: 60 })
    const lasting = [30, 20, 10].map((minutes) => placed({ placed_at: minutesAgo(minutes) }))
    await place(...lasting)
    await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        brief.recordWorkflowOrder(placed({ placed_at: minutesAgo(5 + index) })),
      ),
    )

    for (const workflow_ids of [[], [A]]) {
      const pages = await walk(trail, query({ limit: 1, workflow_ids }))
      expect(pages.flat()).toEqual(sorted(lasting))
      expect(pages).toHaveLength(3)
    }
  })
})

describe('the requests to DynamoDB', () => {
  test('are one for each page of a busy day, and one for any page of a workflow', async () => {
    const { trail, place, requests } = await anEmptyTrail()
    const orders = Array.from({ length: 60 }, (_, index) =>
      placed({ placed_at: minutesAgo(index) }),
    )
    await place(...orders)
    requests.length = 0

    const first = await trail.listOrders(query({ limit: 20 }))
    const second = await trail.listOrders(query({ limit: 20, position: first.next }))
    await trail.listOrders(query({ limit: 20, position: second.previous }))
    expect(requests).toEqual(['Query', 'Query', 'Query'])

    requests.length = 0
    await trail.listOrders(query({ workflow_ids: [A], limit: 100 }))
    await trail.listOrders(query({ workflow_ids: [A], limit: 7, direction: 'BUY' }))
    await trail.listOrders(query({ from: minutesAgo(60), limit: 100 }))
    expect(requests).toEqual(['Query', 'Query', 'Query'])
  })

  test('are one for each of the eight days that hold nothing, and none outside of the window', async () => {
    const { trail, requests } = await anEmptyTrail()

    await trail.listOrders(query())
    expect(requests).toHaveLength(8)

    requests.length = 0
    await trail.listOrders(
      query({ from: '2096-11-20T00:00:00.000Z', to: '2096-11-22T00:00:00.000Z' }),
    )
    expect(requests).toHaveLength(2)

    requests.length = 0
    await trail.listOrders(query({ to: '2096-11-16T12:00:00.000Z' }))
    await trail.listOrders(query({ from: '2096-12-01T00:00:00.000Z' }))
    await trail.listOrders(query({ workflow_ids: [A], from: minutesAgo(1), to: minutesAgo(2) }))
    expect(requests).toEqual([])
  })

  test('are three when a page runs into the day before', async () => {
    const { trail, place, requests } = await anEmptyTrail()
    const days = [0, 1, 2, 3].flatMap((day) =>
      Array.from({ length: 15 }, (_, index) =>
        placed({ placed_at: minutesAgo(day * DAY + index) }),
      ),
    )
    await place(...days)
    requests.length = 0

    const { orders } = await trail.listOrders(query())

    expect(keys(orders)).toEqual(sorted(days).slice(0, 20))
    expect(requests).toHaveLength(3)
  })

  test('are 16 at most: in a long quiet trail the search goes on page by page, there and back', async () => {
    const { trail, place, requests } = await anEmptyTrail(40 * 86_400)
    const newest = placed({ placed_at: minutesAgo(1) })
    const oldest = placed({ placed_at: minutesAgo(39 * DAY) })
    await place(newest, oldest)

    for (const sort of ['-placed_at', 'placed_at'] as const) {
      const costs: number[] = []
      requests.length = 0
      const pages = await walk(trail, query({ sort, limit: 5 }), 'next', async () => {
        costs.push(requests.length)
        requests.length = 0
      })
      const [first = '', last = ''] = sorted([newest, oldest], sort)
      expect(pages).toEqual([[first], [], [last]])
      expect(costs).toEqual([16, 16, 9])

      const one = await trail.listOrders(query({ sort }))
      const two = await trail.listOrders(query({ sort, position: one.next }))
      const back = await walk(trail, query({ sort, position: two.previous }), 'previous')
      expect(back.flat()).toEqual([first])
    }
  })

  test('are 16 at most when a filter leaves out nearly everything of megabytes, and nothing is lost', async () => {
    const { trail, place, requests } = await anEmptyTrail()
    const bulk = {
      execution_context: { trigger_source: 'cli', request_id: 'x'.repeat(380_000), user: null },
    } as const
    const orders = Array.from({ length: 50 }, (_, index) =>
      placed({
        ...bulk,
        placed_at: minutesAgo(index),
        direction: index % 49 === 0 ? 'BUY' : 'SELL',
      }),
    )
    for (let at = 0; at < orders.length; at += 8) await place(...orders.slice(at, at + 8))
    const expected = sorted(orders.filter(({ direction }) => direction === 'BUY'))

    for (const workflow_ids of [[], [A]]) {
      const start = query({ direction: 'BUY', workflow_ids })
      const costs: number[] = []
      requests.length = 0
      const pages = await walk(trail, start, 'next', async () => {
        costs.push(requests.length)
        requests.length = 0
      })
      expect(pages.flat()).toEqual(expected)
      expect(Math.max(...costs)).toBeLessThanOrEqual(16)
      // DynamoDB Local counts the megabyte after the filter, so there all is on one page.
      if (inject('engine') === 'dynamodb-local') continue
      expect(costs[0]).toBe(16)
      expect(pages).toEqual(expected.map((key) => [key]))

      // The short page leads on, and back to all that was found before.
      const { next } = await trail.listOrders(start)
      const { previous } = await trail.listOrders({ ...start, position: next })
      const back = await walk(trail, { ...start, position: previous }, 'previous')
      expect(back.flat()).toEqual(expected.slice(0, 1))
    }
  })
})

describe('a stored order that cannot be read', () => {
  test('is reported and left out, and the walk goes on behind it', async () => {
    const { trail, place, client, tables, logger } = await anEmptyTrail()
    const good = [1, 3].map((minutes) => placed({ placed_at: minutesAgo(minutes) }))
    await place(...good)
    const broken = placed({ placed_at: minutesAgo(2) })
    await client.send(
      new PutCommand({
        TableName: tables.workflow_orders,
        Item: {
          ...broken,
          placed_at: `${broken.placed_at}#${broken.order_id}`,
          placed_on: broken.placed_at.slice(0, 10),
          price: -0.7,
          ttl: NOW.getTime() / 1000 + 1000,
        },
      }),
    )

    const pages = await walk(trail, query({ limit: 1 }))

    expect(pages.flat()).toEqual(sorted(good))
    expect(pages.map((page) => page.length)).toEqual([1, 0, 1])
    expect(logger.events).toEqual([
      expect.objectContaining({
        event: 'order.unreadable',
        order_id: broken.order_id,
        problem: expect.stringContaining('price') as string,
      }),
    ])
  })
})

describe('the newest orders of all workflows', () => {
  test('are one for each, newest first, under the name that the workflow had then', async () => {
    const { trail, place } = await anEmptyTrail()
    const newest = [
      placed({ workflow_id: B, placed_at: minutesAgo(1), workflow_name: 'B' }),
      placed({ workflow_id: A, placed_at: minutesAgo(3 * DAY), workflow_name: 'A, renamed' }),
      // No workflow of this id is stored.
      placed({ workflow_id: C, placed_at: minutesAgo(6 * DAY), workflow_name: 'Deleted' }),
    ]
    const older = [
      placed({ workflow_id: B, placed_at: minutesAgo(2) }),
      placed({ workflow_id: B, placed_at: minutesAgo(4 * DAY) }),
      placed({ workflow_id: A, placed_at: minutesAgo(3 * DAY + 1), workflow_name: 'A' }),
    ]
    await place(...older, ...newest)

    const { orders, since } = await trail.latestOrders(NOW)

    expect(keys(orders)).toEqual(keys(newest))
    expect(orders.map(({ workflow_name }) => workflow_name)).toEqual(['B', 'A, renamed', 'Deleted'])
    expect(since).toBeNull()
  })

  test('are none on an empty trail', async () => {
    const { trail } = await anEmptyTrail()

    expect(await trail.latestOrders(NOW)).toEqual({ orders: [], since: null })
  })

  test('cost a request for each day, for 3 workflows as for 300, and none is missing', async () => {
    const { trail, place, requests } = await anEmptyTrail()
    await place(...aWeek())
    requests.length = 0
    await trail.latestOrders(NOW)
    expect(requests).toHaveLength(8)

    await place(
      ...Array.from({ length: 300 }, (_, index) =>
        placed({ workflow_id: randomUUID(), placed_at: minutesAgo(index * 30) }),
      ),
    )
    requests.length = 0
    const { orders } = await trail.latestOrders(NOW)
    expect(orders).toHaveLength(302)
    expect(requests).toHaveLength(8)
  })

  test('say how far they go when the trail is too large to be read', async () => {
    const { trail, place, requests } = await anEmptyTrail()
    const bulk = {
      execution_context: { trigger_source: 'cli', request_id: 'x'.repeat(390_000), user: null },
    } as const
    const orders = Array.from({ length: 110 }, (_, index) =>
      placed({ ...bulk, placed_at: minutesAgo(index) }),
    )
    for (let at = 0; at < orders.length; at += 8) await place(...orders.slice(at, at + 8))
    await place(placed({ workflow_id: B, placed_at: minutesAgo(5 * DAY) }))
    requests.length = 0

    const { orders: found, since } = await trail.latestOrders(NOW)

    expect(requests).toHaveLength(8 + 32)
    expect(keys(found)).toEqual(sorted(orders).slice(0, 1))
    expect(since).toMatch(/^2096-11-23T/)
  })
})

test('any orders, filter and page size walk to exactly the orders that fit, in order, both ways', async () => {
  const workflows = [A, B, C]
  // Few instants, close to the bounds of days, so that orders and bounds meet often.
  const instants = array(integer({ min: 0, max: 8 * DAY }), { minLength: 1, maxLength: 12 }).map(
    (all) => all.map((minutes) => minutesAgo(minutes - (minutes % 240))),
  )
  const cases = instants.chain((times) =>
    record({
      orders: array(
        record({
          workflow_id: constantFrom(...workflows),
          placed_at: constantFrom(...times),
          direction: constantFrom('BUY' as const, 'SELL' as const),
          order_type: constantFrom('LIMIT' as const, 'OPEN_STOP' as const),
        }).map((changes) => placed(changes)),
        { maxLength: 40 },
      ),
      queries: array(
        record({
          workflow_ids: uniqueArray(constantFrom(...workflows)),
          direction: option(constantFrom('BUY' as const, 'SELL' as const), { nil: undefined }),
          order_type: option(constantFrom('LIMIT' as const), { nil: undefined }),
          from: option(constantFrom(...times), { nil: undefined }),
          to: option(constantFrom(...times), { nil: undefined }),
          sort: constantFrom('placed_at' as const, '-placed_at' as const),
          limit: integer({ min: 1, max: 12 }),
          there: boolean(),
        }),
        { minLength: 1, maxLength: 6 },
      ),
    }),
  )
  await assert(
    asyncProperty(cases, async ({ orders, queries }) => {
      const { trail, place } = await anEmptyTrail()
      await place(...orders)
      for (const { there, ...changes } of queries) {
        const { workflow_ids, direction, order_type, from, to, sort } = changes
        const expected = sorted(
          orders.filter(
            (order) =>
              order.placed_at >= '2096-11-16T12:00:01.000Z' &&
              (workflow_ids.length === 0 || workflow_ids.includes(order.workflow_id)) &&
              (direction === undefined || order.direction === direction) &&
              (order_type === undefined || order.order_type === order_type) &&
              (from === undefined || order.placed_at >= from) &&
              (to === undefined || order.placed_at < to),
          ),
          sort,
        )
        const edge = sort === 'placed_at' ? '2200-01-01T00:00:00.000Z' : '1970-01-01T00:00:00.000Z'
        const pages = there
          ? await walk(trail, query(changes))
          : await walk(
              trail,
              query({ ...changes, position: { key: edge, paging: 'backward' } }),
              'previous',
            )
        expect((there ? pages : pages.toReversed()).flat()).toEqual(expected)
      }
    }),
    { numRuns: 25 },
  )
})
