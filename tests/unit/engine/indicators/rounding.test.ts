import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  roundDecimal,
  roundScaled,
  withoutDust,
} from '../../../../src/engine/indicators/rounding.ts'

test('decimal rounding looks at the exact double, not at its shortest text', () => {
  // 1.005 is stored a little below itself, 2.675 too; scaling by 100 would hide that for 1.005.
  expect(roundDecimal(1.005, 2)).toBe(1)
  expect(roundDecimal(2.675, 2)).toBe(2.67)
  expect(roundDecimal(1.000005000000001, 5)).toBe(1.00001)
})

test('an exact tie goes to the even digit, on both sides of zero', () => {
  expect(roundDecimal(0.015625, 5)).toBe(0.01562)
  expect(roundDecimal(0.046875, 5)).toBe(0.04688)
  expect(roundDecimal(-0.015625, 5)).toBe(-0.01562)
  expect(roundScaled(0.03125, 4)).toBe(0.0312)
  expect(roundScaled(0.09375, 4)).toBe(0.0938)
  expect(roundScaled(-0.09375, 4)).toBe(-0.0938)
})

test('what rounds to nothing is 0 and never -0', () => {
  expect(roundDecimal(-0.000001, 5)).toBe(0)
  expect(roundScaled(-0.000001, 4)).toBe(0)
})

test('a price loses its float dust', () => {
  expect(withoutDust(95.3 - 1)).toBe(94.3)
  expect(withoutDust(0.1 + 0.2)).toBe(0.3)
})

test('prices of up to eight decimals are left as they are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 13 }), (units) => {
      const price = units / 10 ** 8
      expect(withoutDust(price)).toBe(price)
    }),
  )
})

test('both ways of rounding move a value by at most half a unit of the last decimal', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
      expect(Math.abs(roundDecimal(value, 5) - value)).toBeLessThanOrEqual(0.5e-5 + 1e-9)
      expect(Math.abs(roundScaled(value, 4) - value)).toBeLessThanOrEqual(0.5e-4 + 1e-9)
    }),
  )
})
