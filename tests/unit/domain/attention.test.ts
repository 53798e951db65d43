import { expect, test } from 'vitest'
import { attentionOf } from '../../../src/domain/attention.ts'
import type { Intent } from '../../../src/domain/ports.ts'
import { anIntendedOrder, RETENTION } from '../../support/builders.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')

const anIntent = (changes: Partial<Intent>): Intent => ({
  order_id: anIntendedOrder().order_id,
  state: 'claimed',
  owner: 'ours',
  claimed_at: '2026-11-23T09:00:00.000Z',
  order: anIntendedOrder(),
  placed_at: null,
  broker_order_id: null,
  reason: null,
  ...changes,
})

const stateOf = (changes: Partial<Intent>) =>
  attentionOf([anIntent(changes)], NOW, RETENTION).map(({ state }) => state)

const secondsAgo = (seconds: number): string =>
  new Date(NOW.getTime() - seconds * 1000).toISOString()

test('an order that is under way for less than a minute needs no attention', () => {
  expect(stateOf({ claimed_at: secondsAgo(59) })).toEqual([])
  expect(stateOf({ claimed_at: secondsAgo(60) })).toEqual(['claimed'])
  expect(stateOf({ claimed_at: secondsAgo(60), state: 'placed' })).toEqual(['placed'])
})

test('an order that was given up is shown at once, and for as long as the trail goes back', () => {
  expect(stateOf({ claimed_at: secondsAgo(1), state: 'abandoned' })).toEqual(['abandoned'])
  expect(stateOf({ claimed_at: secondsAgo(RETENTION), state: 'abandoned' })).toEqual(['abandoned'])
  expect(stateOf({ claimed_at: secondsAgo(RETENTION + 1), state: 'abandoned' })).toEqual([])
})

test('an order that is recorded or was refused needs no attention', () => {
  expect(stateOf({ state: 'recorded' })).toEqual([])
  expect(stateOf({ state: 'rejected' })).toEqual([])
})

test('each entry says what is known and what to do', () => {
  const [placed] = attentionOf(
    [anIntent({ state: 'placed', placed_at: secondsAgo(90), broker_order_id: 'paper-7' })],
    NOW,
    RETENTION,
  )
  expect(placed).toMatchObject({ placed_at: secondsAgo(90), broker_order_id: 'paper-7' })
  expect(placed?.known).toMatch(/broker accepted the order/)
  expect(placed?.to_do).toMatch(/`ordertrail reconcile`/)
  const [claimed] = attentionOf([anIntent({})], NOW, RETENTION)
  expect(claimed).toMatchObject({ placed_at: null, broker_order_id: null })
  expect(claimed?.known).toMatch(/not known whether the broker has the order/)
  expect(claimed?.to_do).toMatch(/^Look for it at the broker before you trade by hand/)
  const [abandoned] = attentionOf(
    [anIntent({ state: 'abandoned', reason: 'no connection' })],
    NOW,
    RETENTION,
  )
  expect(abandoned).toMatchObject({ known: 'The order was not placed: no connection.' })
  expect(abandoned?.to_do).toMatch(/place it at the broker yourself/)
})

test('each entry names the order and its candle, with the name that the workflow had', () => {
  const order = anIntendedOrder({ workflow_name: 'Before it was renamed' })
  const [entry] = attentionOf([anIntent({ order })], NOW, RETENTION)
  expect(entry).toMatchObject({
    workflow_name: 'Before it was renamed',
    order: {
      code: 'GER40.I',
      direction: 'SELL',
      quantity: 2,
      price: 96.25,
      order_type: 'OPEN_STOP',
      unit_time: 'h1',
      slot: '2026-11-23T08:00:00.000Z',
    },
  })
})

test('the newest entry comes first', () => {
  const ages = [300, 7200, 61]
  const intents = ages.map((age) => anIntent({ claimed_at: secondsAgo(age) }))
  const found = attentionOf(intents, NOW, RETENTION).map(({ claimed_at }) => claimed_at)
  expect(found).toEqual([61, 300, 7200].map(secondsAgo))
})
