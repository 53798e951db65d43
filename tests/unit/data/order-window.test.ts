import { assert, boolean, date, integer, option, pre, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayPartitions, windowOf, type Reading } from '../../../src/data/order-window.ts'

const reading = (changes: Partial<Reading> = {}): Reading => ({
  position: undefined,
  newestFirst: true,
  now: new Date('2026-11-23T12:00:00.000Z'),
  retention_seconds: 604_800,
  ...changes,
})

const daysOf = (filter: { from?: string; to?: string }, changes: Partial<Reading> = {}) =>
  dayPartitions(windowOf(filter, reading(changes)), reading(changes)).map(({ value }) => value)

describe('the days of a list', () => {
  test('are eight, newest first, each with the point at which it ends', () => {
    const days = dayPartitions(windowOf({}, reading()), reading())

    expect(days).toHaveLength(8)
    expect(days[0]).toEqual({ value: '2026-11-23', end: '2026-11-23T00:00:00.000Z' })
    expect(days[7]).toEqual({ value: '2026-11-16', end: null })
  })

  test('are read in the other order when the oldest comes first', () => {
    const oldestFirst = reading({ newestFirst: false })
    const days = dayPartitions(windowOf({}, oldestFirst), oldestFirst)

    expect(days[0]).toEqual({ value: '2026-11-16', end: '2026-11-17T00:00:00.000Z' })
    expect(days[7]).toEqual({ value: '2026-11-23', end: null })
  })

  test('end with tomorrow in the last hour of a day', () => {
    expect(daysOf({}, { now: new Date('2026-11-23T22:59:59.999Z') })[0]).toBe('2026-11-23')
    expect(daysOf({}, { now: new Date('2026-11-23T23:00:00.000Z') })[0]).toBe('2026-11-24')
  })

  test('leave out a day that ends before the list begins, or begins when it ends', () => {
    const from = '2026-11-20T23:59:59.999Z'
    expect(daysOf({ from, to: '2026-11-22T00:00:00.000Z' })).toEqual(['2026-11-21', '2026-11-20'])
    expect(daysOf({ from, to: '2026-11-22T00:00:00.001Z' })).toHaveLength(3)
  })

  test('are none when nothing can be there', () => {
    expect(daysOf({ from: '2026-11-25T00:00:00.000Z' })).toEqual([])
    expect(daysOf({ to: '2026-11-16T00:00:00.000Z' })).toEqual([])
    expect(daysOf({}, { position: '2026-01-01T00:00:00.000Z#x' })).toEqual([])
    expect(daysOf({}, { position: '2026-99-99T99:99:99.999Z#x' })).toHaveLength(8)
  })

  test('hold every order that the keys let through, and end before the orders of the days that follow', () => {
    const instants = date({
      min: new Date('2026-11-10T00:00:00Z'),
      max: new Date('2026-11-24T01:00:00Z'),
      noInvalidDate: true,
    }).map((at) => at.toISOString())
    assert(
      property(
        record({
          placed_at: instants,
          from: option(instants, { nil: undefined }),
          to: option(instants, { nil: undefined }),
          position: option(instants, { nil: undefined }),
          newestFirst: boolean(),
          retention_seconds: integer({ min: 1, max: 20 * 86_400 }),
        }),
        ({ placed_at, from, to, ...changes }) => {
          const given = reading({ now: new Date('2026-11-24T00:30:00.000Z'), ...changes })
          const { low, high } = windowOf({ from, to }, given)
          const key = `${placed_at}#0b9c2a4e`
          pre(key >= low && key <= high)
          const days = dayPartitions({ low, high }, given)
          const index = days.findIndex(({ value }) => value === placed_at.slice(0, 10))

          expect(index).toBeGreaterThanOrEqual(0)
          // Once its day is read, what follows begins beyond the order; before, it does not.
          const isBeyond = (end: string) => (given.newestFirst ? end < key : end > key)
          const ends = days.flatMap(({ end }) => end ?? [])
          expect(ends.map(isBeyond)).toEqual(ends.map((_, at) => at >= index))
        },
      ),
      { numRuns: 500 },
    )
  })
})
