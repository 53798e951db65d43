import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  businessDays,
  inclinedValue,
  inclinedValues,
  linear,
} from '../../../../src/engine/indicators/inclined.ts'

const weekdays = (day: string) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

test('business days count after the start and up to the end', () => {
  // 2026-11-20 is a Friday.
  expect(businessDays('2026-11-20', '2026-11-20', weekdays)).toBe(0)
  expect(businessDays('2026-11-20', '2026-11-22', weekdays)).toBe(0)
  expect(businessDays('2026-11-20', '2026-11-23', weekdays)).toBe(1)
  expect(businessDays('2026-11-20', '2026-11-27', weekdays)).toBe(5)
  expect(businessDays('2026-11-23', '2026-11-20', weekdays)).toBe(0)
})

test('a holiday does not count', () => {
  const open = (day: string) => weekdays(day) && day !== '2026-11-26'
  expect(businessDays('2026-11-20', '2026-11-27', open)).toBe(4)
})

test('no day after the end is ever asked for', () => {
  const asked: string[] = []
  businessDays('2026-11-20', '2026-11-24', (day) => asked.push(day) > 0)
  expect(asked).toEqual(['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24'])
})

test('business days add up over any day in between', () => {
  const day = fc
    .integer({ min: 0, max: 600 })
    .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10))
  fc.assert(
    fc.property(day, day, day, (...days) => {
      const [a, b, c] = days.sort()
      expect(businessDays(a, b, weekdays) + businessDays(b, c, weekdays)).toBe(
        businessDays(a, c, weekdays),
      )
    }),
  )
})

test('an inclined line goes through both of its points and on beyond them', () => {
  const first = { x: '2026-11-02', y: 100 }
  const second = { x: '2026-11-09', y: 110 }
  const on = (today: string) => inclinedValue(first, second, { today, isOpen: weekdays })
  expect(on('2026-11-02')).toBe(100)
  expect(on('2026-11-04')).toBe(104)
  expect(on('2026-11-09')).toBe(110)
  expect(on('2026-11-16')).toBe(120)
  expect(on('2026-11-15')).toBe(on('2026-11-13'))
})

test('a line over several days has the value of each of them', () => {
  const day = fc
    .integer({ min: 0, max: 600 })
    .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10))
  const [first, second] = [
    { x: '2026-03-02', y: 100 },
    { x: '2026-05-04', y: 91.7 },
  ]
  fc.assert(
    fc.property(fc.array(day, { maxLength: 20 }), (given) => {
      const days = given.toSorted()
      expect(inclinedValues(first, second, days, weekdays)).toEqual(
        days.map((today) => inclinedValue(first, second, { today, isOpen: weekdays })),
      )
    }),
  )
})

test('two points without an open day between them make no line', () => {
  const calendar = { today: '2026-11-30', isOpen: (day: string) => day > '2026-11-10' }
  expect(() =>
    inclinedValue({ x: '2026-11-02', y: 1 }, { x: '2026-11-10', y: 2 }, calendar),
  ).toThrow(
    expect.objectContaining({
      code: 'invalid',
      message: 'no open day between x1 (2026-11-02) and x2 (2026-11-10), so they make no line',
    }),
  )
})

test('a line is found wherever its points are', () => {
  expect(linear(10, 100, 20, 120, 15)).toBe(110)
  expect(linear(0, 5, 4, -3, 8)).toBe(-11)
})
