import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Condition } from '../../../src/domain/workflow.ts'
import { checksOf } from '../../../src/engine/condition.ts'
import type { Level } from '../../../src/engine/indicators/level.ts'

const INDICATORS: Record<string, object> = {
  ma50: {},
  bbb: {},
  polarite: { value: 100 },
  zone: { value: 96, zone_value: 100 },
  inclined: { x1: { x: '2026-01-05', y: 100 }, x2: { x: '2026-02-05', y: 100 } },
  combo: {},
}

const aCondition = (
  name: string,
  direction: string,
  { spread = 4, element }: { spread?: number; element?: string } = {},
) =>
  Condition.parse({
    indicator: { name, unit_time: 'h1', ...INDICATORS[name] },
    close: { direction, unit_time: 'h1', spread },
    element,
  })

const aCandle = (prices: { high?: number; low?: number; close?: number }) => ({
  open: 50,
  high: 1000,
  low: 1,
  close: 50,
  ...prices,
})

const holds = (condition: Condition, candle: ReturnType<typeof aCandle>, level: Level = 100) =>
  checksOf(condition, level, candle).some((check) => check.holds)

test('below: the close counts from the spread under the level up to the level, both included', () => {
  const below = aCondition('ma50', 'below')
  expect(holds(below, aCandle({ close: 100 }))).toBe(true)
  expect(holds(below, aCandle({ close: 96 }))).toBe(true)
  expect(holds(below, aCandle({ close: 100.25 }))).toBe(false)
  expect(holds(below, aCandle({ close: 95.75 }))).toBe(false)
})

test('above: the close counts from the level up to the spread over it, both included', () => {
  const above = aCondition('ma50', 'above')
  expect(holds(above, aCandle({ close: 100 }))).toBe(true)
  expect(holds(above, aCandle({ close: 104 }))).toBe(true)
  expect(holds(above, aCandle({ close: 99.75 }))).toBe(false)
  expect(holds(above, aCandle({ close: 104.25 }))).toBe(false)
})

test('without an element the extreme that faces the level counts too, the other one does not', () => {
  expect(holds(aCondition('bbb', 'below'), aCandle({ high: 98 }))).toBe(true)
  expect(holds(aCondition('bbb', 'below'), aCandle({ low: 98 }))).toBe(false)
  expect(holds(aCondition('bbb', 'above'), aCandle({ low: 102 }))).toBe(true)
  expect(holds(aCondition('bbb', 'above'), aCandle({ high: 102 }))).toBe(false)
})

test('with an element that price alone counts', () => {
  const high = aCondition('ma50', 'below', { element: 'high' })
  expect(holds(high, aCandle({ high: 98, close: 50 }))).toBe(true)
  expect(holds(high, aCandle({ high: 200, close: 98 }))).toBe(false)
  expect(holds(aCondition('ma50', 'below', { element: 'low' }), aCandle({ low: 98 }))).toBe(true)
})

test('an inclined line is mirrored: below means at or just above the line', () => {
  const below = aCondition('inclined', 'below')
  expect(holds(below, aCandle({ close: 104 }))).toBe(true)
  expect(holds(below, aCandle({ low: 101 }))).toBe(true)
  expect(holds(below, aCandle({ close: 99 }))).toBe(false)
  expect(holds(aCondition('inclined', 'above'), aCandle({ high: 97 }))).toBe(true)
})

test('inclined below compares exactly what any other indicator compares above', () => {
  const price = fc.integer({ min: 0, max: 800 }).map((quarters) => quarters / 4)
  const element = fc.constantFrom(undefined, 'close', 'high', 'low')
  fc.assert(
    fc.property(price, price, price, element, (close, high, low, named) => {
      const candle = { open: close, high, low, close }
      const options = named === undefined ? {} : { element: named }
      for (const [direction, mirrored] of [
        ['below', 'above'],
        ['above', 'below'],
      ] as const) {
        expect(checksOf(aCondition('inclined', direction, options), 100, candle)).toEqual(
          checksOf(aCondition('ma50', mirrored, options), 100, candle),
        )
      }
    }),
  )
})

test('a candle that straddles a pivot counts, however far it closed from it', () => {
  const below = aCondition('polarite', 'below')
  expect(holds(below, aCandle({ high: 100, close: 20 }))).toBe(true)
  expect(holds(below, aCandle({ high: 95.75, close: 95 }))).toBe(false)
  expect(holds(below, aCandle({ high: 96, close: 20 }))).toBe(true)
  expect(holds(below, aCandle({ high: 300, close: 100.25 }))).toBe(false)
  const above = aCondition('polarite', 'above')
  expect(holds(above, aCandle({ low: 100, close: 900 }))).toBe(true)
  expect(holds(above, aCandle({ low: 104.25, close: 900 }))).toBe(false)
})

test('a candle whose extreme touches the pivot straddles it', () => {
  const candle = aCandle({ high: 100, low: 100, close: 100 })
  for (const [direction, reached] of [
    ['below', 'high'],
    ['above', 'low'],
  ] as const) {
    expect(checksOf(aCondition('polarite', direction), 100, candle)[0]).toEqual({
      rule: 'straddles',
      reached,
      reached_value: 100,
      close: 100,
      level: 100,
      holds: true,
    })
  }
})

test('with an element a pivot has no straddle clause', () => {
  const close = aCondition('polarite', 'below', { element: 'close' })
  expect(holds(close, aCandle({ high: 200, close: 20 }))).toBe(false)
  expect(holds(close, aCandle({ close: 97 }))).toBe(true)
})

test('a zone ignores the spread', () => {
  const below = aCondition('zone', 'below', { spread: 1000 })
  expect(holds(below, aCandle({ close: 96 }), [96, 100])).toBe(true)
  expect(holds(below, aCandle({ high: 100 }), [96, 100])).toBe(true)
  expect(holds(below, aCandle({ close: 95.75 }), [96, 100])).toBe(false)
  expect(holds(aCondition('zone', 'above'), aCandle({ low: 98 }), [96, 100])).toBe(true)
})

test('a combo looks at its own signal alone', () => {
  expect(holds(aCondition('combo', 'below'), aCandle({}), 'SELL')).toBe(true)
  expect(holds(aCondition('combo', 'below'), aCandle({}), 'BUY')).toBe(false)
  expect(holds(aCondition('combo', 'above'), aCandle({}), 'BUY')).toBe(true)
  expect(holds(aCondition('combo', 'above'), aCandle({}), null)).toBe(false)
})

test('with no spread only an exact touch counts', () => {
  const touch = aCondition('ma50', 'above', { spread: 0 })
  expect(holds(touch, aCandle({ close: 100 }))).toBe(true)
  expect(holds(touch, aCandle({ close: 100.01 }))).toBe(false)
})

test('a bound is where a trader computes it to be, not a hair beside it', () => {
  // 1.1 - 0.2 is 0.9000000000000001 in binary arithmetic.
  const below = aCondition('ma50', 'below', { spread: 0.2, element: 'close' })
  expect(checksOf(below, 1.1, aCandle({ close: 0.9 }))).toEqual([
    { rule: 'within', price: 'close', value: 0.9, lower: 0.9, upper: 1.1, holds: true },
  ])
})

test('a price within the bounds always counts, and a bound itself is always within', () => {
  const quarters = fc.integer({ min: 4, max: 4000 }).map((count) => count / 4)
  fc.assert(
    fc.property(quarters, quarters, fc.boolean(), (level, spread, below) => {
      const condition = aCondition('ma50', below ? 'below' : 'above', { spread, element: 'close' })
      const far = below ? level - spread : level + spread
      const beyond = below ? far - 0.25 : far + 0.25
      const other = below ? level + 0.25 : level - 0.25
      expect(holds(condition, aCandle({ close: level }), level)).toBe(true)
      expect(holds(condition, aCandle({ close: far }), level)).toBe(true)
      expect(holds(condition, aCandle({ close: (far + level) / 2 }), level)).toBe(true)
      expect(holds(condition, aCandle({ close: beyond }), level)).toBe(false)
      expect(holds(condition, aCandle({ close: other }), level)).toBe(false)
    }),
  )
})
