import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bollinger } from '../../../../src/engine/indicators/bollinger.ts'
import { ma50Slope, slopePercentage } from '../../../../src/engine/indicators/slope.ts'
import { atr, trueRange } from '../../../../src/engine/indicators/true-range.ts'

test('Bollinger bands lie population standard deviations around the mean', () => {
  // Ten closes of 98 and ten of 102: mean 100, population deviation 2 (the sample one is 2.05).
  const closes = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 98 : 102))
  expect(bollinger(closes, 2.5)).toEqual({ bottom: 95, middle: 100, up: 105 })
  expect(bollinger([...closes, 5000], 2)).toEqual({ bottom: 96, middle: 100, up: 104 })
})

test('Bollinger bands of 19 candles are refused, as they would be narrower bands', () => {
  const closes = Array.from({ length: 19 }, () => 100)
  expect(() => bollinger(closes, 2.5)).toThrow(
    expect.objectContaining({
      code: 'insufficient_candles',
      message: 'a Bollinger band of 20 needs 20 candles, there are 19',
    }),
  )
})

test('the closes always lie around the middle band, and the bands around it', () => {
  const closes = fc.array(fc.integer({ min: 1, max: 10 ** 6 }), { minLength: 20, maxLength: 30 })
  fc.assert(
    fc.property(closes, (values) => {
      const { bottom, middle, up } = bollinger(values, 2.5)
      expect(bottom).toBeLessThanOrEqual(middle)
      expect(up).toBeGreaterThanOrEqual(middle)
    }),
  )
})

test('the true range reaches back to the previous close over a gap', () => {
  const candle = { open: 10, high: 12, low: 9, close: 11 }
  expect(trueRange(candle, { ...candle, close: 10 })).toBe(3)
  expect(trueRange(candle, { ...candle, close: 20 })).toBe(11)
  expect(trueRange(candle, { ...candle, close: 2 })).toBe(10)
})

test('the average true range of candles that are all alike is their range', () => {
  const candles = Array.from({ length: 60 }, () => ({ open: 10, high: 12, low: 9, close: 11 }))
  expect(atr(candles, 14)).toBe(3)
})

test('a new range moves the average true range by a fourteenth', () => {
  const quiet = Array.from({ length: 42 }, () => ({ open: 10, high: 12, low: 9, close: 11 }))
  expect(atr([{ open: 11, high: 28, low: 11, close: 11 }, ...quiet], 14)).toBe(4)
})

test('an average true range needs three times its period', () => {
  const candles = Array.from({ length: 41 }, () => ({ open: 10, high: 12, low: 9, close: 11 }))
  expect(() => atr(candles, 14)).toThrow(/needs 42 candles, there are 41/)
})

test('a slope is measured in percent of the newer value', () => {
  expect(slopePercentage(0, 80, 10, 100)).toBe(200)
  expect(slopePercentage(0, 100, 10, 80)).toBe(-250)
  expect(slopePercentage(0, 100, 10, 100)).toBe(0)
})

test('there is no slope to a value of 0, nor between two values at one place', () => {
  expect(() => slopePercentage(0, 80, 10, 0)).toThrow(expect.objectContaining({ code: 'invalid' }))
  expect(() => slopePercentage(3, 80, 3, 90)).toThrow(expect.objectContaining({ code: 'invalid' }))
})

test('the slope of the mean of 50 needs 60 closes, and is positive in a rise', () => {
  const rising = Array.from({ length: 60 }, (_, age) => 1000 - age)
  // The means are 965.5 ten candles ago and 975.5 now.
  expect(ma50Slope(rising)).toBeCloseTo(((10 / 975.5) * 100 * 100) / 10, 5)
  expect(() => ma50Slope(rising.slice(1))).toThrow(/needs 50 candles, there are 49/)
})
