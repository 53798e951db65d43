import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { createIntents } from '../../../src/data/intents.ts'
import { anIntendedOrder, anOrder, aPlacedOrder, PLACED_AT } from '../../support/builders.ts'
import { recordingLogger } from '../../support/logger.ts'
import { emptyTables } from '../../support/tables.ts'

const NOW = new Date('2026-11-23T09:30:00.000Z')
const KEPT_UNTIL = Math.floor(NOW.getTime() / 1000) + 45 * 86_400
const LATER_PLACED_AT = '2026-11-23T09:45:00.000Z'

const noIntents = async () => {
  const store = await emptyTables()
  const logger = recordingLogger()
  const intents = createIntents({ ...store, logger, claimDeadlineMs: 30_000 })
  const stored = async (order_id: string) => {
    const { Item } = await store.client.send(
      new GetCommand({
        TableName: store.tables.order_intents,
        Key: { order_id },
        ConsistentRead: true,
      }),
    )
    return Item
  }
  return { ...store, logger, intents, stored }
}

describe('a claim', () => {
  test('is given to the first of two owners; the other one sees whose it is', async () => {
    const { intents } = await noIntents()
    const order = anIntendedOrder()

    expect(await intents.claim(order, 'first', NOW)).toBeNull()

    expect(await intents.claim({ ...order, price: 1 }, 'second', NOW)).toEqual({
      order_id: order.order_id,
      state: 'claimed',
      owner: 'first',
      claimed_at: '2026-11-23T09:30:00.000Z',
      order,
      placed_at: null,
      broker_order_id: null,
      reason: null,
    })
  })

  test('has one winner when ten owners come at once', async () => {
    const { intents } = await noIntents()
    const owners = Array.from({ length: 10 }, (_, index) => `owner-${index}`)

    const claims = await Promise.all(
      owners.map((owner) => intents.claim(anIntendedOrder(), owner, NOW)),
    )

    const winners = owners.filter((_, index) => claims[index] === null)
    expect(winners).toHaveLength(1)
    const losers = claims.filter((claim) => claim !== null)
    expect(losers.every(({ owner }) => owner === winners[0])).toBe(true)
  })

  test('whose own answer was lost is ours when it is made again', async () => {
    const { intents } = await noIntents()
    await intents.claim(anIntendedOrder(), 'ours', NOW)

    expect(await intents.claim(anIntendedOrder(), 'ours', NOW)).toBeNull()
  })

  test('on an order that is placed is refused, even to the owner who placed it', async () => {
    const { intents } = await noIntents()
    await intents.claim(anIntendedOrder(), 'ours', NOW)
    await intents.markPlaced(aPlacedOrder())

    expect(await intents.claim(anIntendedOrder(), 'ours', NOW)).toMatchObject({ state: 'placed' })
  })
})

describe('a placed order', () => {
  test('keeps the first placement time that was noted', async () => {
    const { intents } = await noIntents()
    await intents.claim(anIntendedOrder(), 'ours', NOW)

    expect(await intents.markPlaced(aPlacedOrder())).toBe(PLACED_AT)
    expect(await intents.markPlaced(aPlacedOrder({ placed_at: LATER_PLACED_AT }))).toBe(PLACED_AT)
  })

  test('keeps its placement time after it was recorded', async () => {
    const { intents, stored } = await noIntents()
    await intents.markPlaced(aPlacedOrder())
    await intents.markRecorded(anOrder(), NOW)

    const again = await intents.markPlaced(aPlacedOrder({ placed_at: LATER_PLACED_AT }))

    expect(again).toBe(PLACED_AT)
    expect(await stored(anOrder().order_id)).toMatchObject({ state: 'recorded' })
  })

  test('that nobody could claim during an outage gets its intent now', async () => {
    const { intents } = await noIntents()

    expect(await intents.markPlaced(aPlacedOrder())).toBe(PLACED_AT)

    expect(await intents.unresolved()).toEqual([
      {
        order_id: aPlacedOrder().order_id,
        state: 'placed',
        owner: 'none',
        claimed_at: PLACED_AT,
        order: anIntendedOrder(),
        placed_at: PLACED_AT,
        broker_order_id: 'paper-1',
        reason: null,
      },
    ])
  })

  test.each(['rejected', 'abandoned'] as const)(
    'counts as placed although its intent says %s',
    async (state) => {
      const { intents, stored } = await noIntents()
      const { order_id } = anIntendedOrder()
      await intents.claim(anIntendedOrder(), 'ours', NOW)
      await intents.close(order_id, state, 'no money', NOW)

      expect(await intents.markPlaced(aPlacedOrder())).toBe(PLACED_AT)

      const item = await stored(order_id)
      expect(item).toMatchObject({ state: 'placed', unresolved: 'yes', owner: 'ours' })
      expect(item).not.toHaveProperty('ttl')
      expect(item).not.toHaveProperty('reason')
    },
  )

  test('keeps the order that was claimed, whatever a second evaluation saw', async () => {
    const { intents } = await noIntents()
    await intents.claim(anIntendedOrder({ price: 96.25 }), 'ours', NOW)

    await intents.markPlaced(aPlacedOrder({ price: 1 }))

    expect(await intents.unresolved()).toMatchObject([{ order: { price: 96.25 } }])
  })
})

describe('an intent in a final state', () => {
  test('is kept for 45 days once its order is recorded', async () => {
    const { intents, stored } = await noIntents()
    await intents.claim(anIntendedOrder(), 'ours', NOW)
    await intents.markPlaced(aPlacedOrder())

    await intents.markRecorded(anOrder(), NOW)

    const item = await stored(anOrder().order_id)
    expect(item).toMatchObject({
      state: 'recorded',
      placed_at: PLACED_AT,
      broker_order_id: 'paper-1',
      ttl: KEPT_UNTIL,
    })
    expect(item).not.toHaveProperty('unresolved')
  })

  test('has the reason why the broker refused it', async () => {
    const { intents, stored } = await noIntents()
    const { order_id } = anIntendedOrder()
    await intents.claim(anIntendedOrder(), 'ours', NOW)

    await intents.close(order_id, 'rejected', 'no money', NOW)

    expect(await stored(order_id)).toMatchObject({
      state: 'rejected',
      reason: 'no money',
      ttl: KEPT_UNTIL,
    })
    expect(await intents.unresolved()).toEqual([])
  })

  test('is not reached by giving up an order that was placed meanwhile', async () => {
    const { intents, stored } = await noIntents()
    const { order_id } = anIntendedOrder()
    await intents.claim(anIntendedOrder(), 'ours', NOW)
    await intents.markPlaced(aPlacedOrder())

    await intents.close(order_id, 'abandoned', 'the broker never had it', NOW)

    expect(await stored(order_id)).toMatchObject({ state: 'placed' })
  })

  test('is not made by closing an order that nobody claimed', async () => {
    const { intents, stored } = await noIntents()

    await intents.close('nobody', 'abandoned', 'the broker never had it', NOW)

    expect(await stored('nobody')).toBeUndefined()
  })
})

describe('the unresolved intents', () => {
  const at = (hour: number) => `2026-11-23T0${hour}:00:00.000Z`
  const of = (hour: number) => anIntendedOrder({ slot: at(hour) })

  test('are those that are claimed or placed, oldest first', async () => {
    const { intents } = await noIntents()
    for (const hour of [5, 3, 4, 2]) {
      await intents.claim(of(hour), `owner-${hour}`, new Date(at(hour)))
    }
    await intents.markPlaced(aPlacedOrder({ slot: at(4), placed_at: at(4) }))
    await intents.close(of(5).order_id, 'rejected', 'no money', NOW)
    const recorded = anOrder({ slot: at(2), placed_at: at(2) })
    await intents.markPlaced(recorded)
    await intents.markRecorded(recorded, NOW)

    const found = await intents.unresolved()

    expect(found.map(({ order, state }) => [order.slot, state])).toEqual([
      [at(3), 'claimed'],
      [at(4), 'placed'],
    ])
  })

  test('are all found when there are more than fit in one request', async () => {
    const { intents, requests } = await noIntents()
    const slots = Array.from({ length: 130 }, (_, index) =>
      new Date(NOW.getTime() + index * 1000).toISOString(),
    )
    await Promise.all(
      slots.map((slot) => intents.claim(anIntendedOrder({ slot }), 'ours', new Date(slot))),
    )
    requests.length = 0

    const found = await intents.unresolved()

    expect(found.map(({ claimed_at }) => claimed_at)).toEqual(slots)
    expect(requests).toEqual(['Query', 'BatchGetItem', 'BatchGetItem'])
  })

  test('cost one request when there are none', async () => {
    const { intents, requests } = await noIntents()

    expect(await intents.unresolved()).toEqual([])

    expect(requests).toEqual(['Query'])
  })

  test('do not hide behind one that cannot be read, which is reported', async () => {
    const { intents, client, tables, logger } = await noIntents()
    await intents.claim(anIntendedOrder(), 'ours', NOW)
    const broken = { order_id: 'broken-1', state: 'claimed', unresolved: 'yes', claimed_at: at(1) }
    await client.send(new PutCommand({ TableName: tables.order_intents, Item: broken }))

    expect(await intents.unresolved()).toMatchObject([{ owner: 'ours' }])

    expect(logger.events).toEqual([
      expect.objectContaining({ event: 'intent.unreadable', order_id: 'broken-1' }),
    ])
  })

  test('no longer hold one that was deleted', async () => {
    const { intents, client, tables } = await noIntents()
    const { order_id } = anIntendedOrder()
    await intents.claim(anIntendedOrder(), 'ours', NOW)
    await client.send(new DeleteCommand({ TableName: tables.order_intents, Key: { order_id } }))

    expect(await intents.unresolved()).toEqual([])
  })
})

describe('what needs attention', () => {
  test('are open claims and orders that were given up, oldest first, not those refused or recorded', async () => {
    const { intents } = await noIntents()
    const orders = [1, 2, 3, 4].map((hour) =>
      anIntendedOrder({ slot: `2026-11-23T0${hour}:00:00.000Z` }),
    )
    for (const [minutes, order] of orders.entries()) {
      await intents.claim(order, 'ours', new Date(NOW.getTime() + minutes * 60_000))
    }
    const [open, abandoned, rejected, recorded] = orders.map(({ order_id }) => order_id)
    await intents.close(String(abandoned), 'abandoned', 'the broker never had it', NOW)
    await intents.close(String(rejected), 'rejected', 'no money', NOW)
    await intents.markRecorded(anOrder({ slot: '2026-11-23T04:00:00.000Z' }), NOW)

    expect(await intents.needingAttention(NOW)).toMatchObject([
      { order_id: open, state: 'claimed' },
      { order_id: abandoned, state: 'abandoned', reason: 'the broker never had it' },
    ])
    // What was given up before `since` is of no interest; what is still open always is.
    const later = new Date(NOW.getTime() + 3_600_000)
    expect(await intents.needingAttention(later)).toMatchObject([{ order_id: open }])
    expect(await intents.unresolved()).toMatchObject([{ order_id: open }])
    const found = await intents.find([String(recorded), String(rejected), 'of nobody'])
    expect([...found.values()].map(({ state }) => state).sort()).toEqual(['recorded', 'rejected'])
  })

  test('is not the mark of the sweep, which is kept beside the intents', async () => {
    const { intents } = await noIntents()
    expect(await intents.sweptUntil()).toBeNull()

    await intents.saveSweptUntil(PLACED_AT)

    expect(await intents.sweptUntil()).toBe(PLACED_AT)
    expect(await intents.needingAttention(NOW)).toEqual([])
  })
})
