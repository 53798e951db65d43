import { assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { expiresAt, isExpired, oldestVisible } from '../../../src/data/ttl.ts'

const SEVEN_DAYS = 604_800

test('an order expires exactly seven days after the second in which it was placed', () => {
  expect(expiresAt('2026-11-23T09:30:00.999Z', SEVEN_DAYS)).toBe(
    Date.parse('2026-11-30T09:30:00Z') / 1000,
  )
})

test('an order is there until the last millisecond before its time, and gone at its time', () => {
  const ttl = Date.parse('2026-11-30T09:30:00Z') / 1000

  expect(isExpired(ttl, new Date('2026-11-30T09:29:59.999Z'))).toBe(false)
  expect(isExpired(ttl, new Date('2026-11-30T09:30:00.000Z'))).toBe(true)
})

test('the oldest order that a history shows is one second younger than the retention', () => {
  expect(oldestVisible(new Date('2026-11-30T09:30:00.999Z'), SEVEN_DAYS)).toBe(
    '2026-11-23T09:30:01.000Z',
  )
})

test('a retention that is longer than since 1970 shows everything', () => {
  expect(oldestVisible(new Date('2026-11-30T00:00:00Z'), 10_000_000_000)).toBe(
    '1970-01-01T00:00:00.000Z',
  )
})

test('the history and the single order agree on what has expired, to the second', () => {
  const day = 86_400_000
  const base = Date.parse('2026-11-23T00:00:00Z')
  assert(
    property(
      integer({ min: base - 40 * day, max: base }),
      integer({ min: 1, max: 30 * 86_400 }),
      // Around the moment at which it expires, where the two could differ.
      integer({ min: -3000, max: 3000 }),
      (placed, retention_seconds, offset) => {
        const placed_at = new Date(placed).toISOString()
        const now = new Date(placed + retention_seconds * 1000 + offset)
        const inHistory = placed_at >= oldestVisible(now, retention_seconds)
        expect(inHistory).toBe(!isExpired(expiresAt(placed_at, retention_seconds), now))
      },
    ),
    { numRuns: 2000 },
  )
})
