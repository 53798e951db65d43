import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  extentOf,
  roundPrices,
  shareOf,
  spreadOut,
  withMargin,
  withNear,
} from '../../../src/views/scale.ts'

describe('the range of a drawing', () => {
  test('holds all of its prices', () => {
    expect(extentOf([3, 1, 2])).toEqual({ low: 1, high: 3 })
  })

  test('takes in prices that are near, and leaves out those that would press the rest flat', () => {
    const candles = { low: 100, high: 120 }
    expect(withNear(candles, [90, 130])).toEqual({ low: 90, high: 130 })
    expect(withNear(candles, [70])).toEqual(candles)
    expect(withNear(candles, [])).toEqual(candles)
  })

  test('has a margin, and some length even around a single price', () => {
    expect(withMargin({ low: 100, high: 120 }, 0.1)).toEqual({ low: 98, high: 122 })
    expect(withMargin({ low: 100, high: 100 }, 0.5)).toEqual({ low: 99.5, high: 100.5 })
    expect(withMargin({ low: 0, high: 0 }, 0.5)).toEqual({ low: -0.5, high: 0.5 })
  })

  test('tells where a price lies in it', () => {
    const extent = { low: 100, high: 120 }
    expect([100, 105, 120, 130].map((price) => shareOf(price, extent))).toEqual([0, 0.25, 1, 1.5])
  })
})

describe('round prices', () => {
  test.each([
    [{ low: 1741.3, high: 1889.2 }, [1750, 1800, 1850]],
    [{ low: 1.0812, high: 1.1007 }, [1.085, 1.09, 1.095, 1.1]],
    [{ low: 0.1, high: 0.5 }, [0.1, 0.2, 0.3, 0.4, 0.5]],
    [{ low: -3, high: 12 }, [0, 5, 10]],
  ])('of %o are %o', (extent, expected) => {
    expect(roundPrices(extent, 5)).toEqual(expected)
  })

  test('lie in the range, are no more than asked for, and at equal distances', () => {
    const price = fc.double({ min: 0.0001, max: 1e6, noNaN: true })
    const length = fc.double({ min: 0.001, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(price, length, fc.integer({ min: 4, max: 12 }), (low, span, most) => {
        const extent = { low, high: low + span }
        const prices = roundPrices(extent, most)
        expect(prices.length).toBeGreaterThan(0)
        expect(prices.length).toBeLessThanOrEqual(most)
        for (const each of prices) {
          expect(each).toBeGreaterThanOrEqual(low - span * 1e-9 - low * 1e-11)
          expect(each).toBeLessThanOrEqual(extent.high + span * 1e-9 + extent.high * 1e-11)
        }
        const steps = prices.slice(1).map((each, index) => each - (prices[index] ?? 0))
        for (const step of steps) expect(step / (steps[0] ?? 1)).toBeCloseTo(1, 3)
      }),
    )
  })
})

describe('names beside a drawing', () => {
  test('stay where they are when there is room for them', () => {
    expect(spreadOut([80, 10, 40], { gap: 15, length: 100 })).toEqual([80, 10, 40])
  })

  test('move apart where they are too near', () => {
    expect(spreadOut([50, 52, 54], { gap: 15, length: 100 })).toEqual([50, 65, 80])
    expect(spreadOut([95, 99], { gap: 15, length: 100 })).toEqual([85, 100])
  })

  test('keep their order and their distance wherever they were', () => {
    const positions = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 12 })
    fc.assert(
      fc.property(positions, (given) => {
        const ascending = given.toSorted((a, b) => a - b)
        const places = spreadOut(ascending, { gap: 15, length: 200 })
        expect(Math.min(0, ...places)).toBeGreaterThanOrEqual(-1e-9)
        expect(Math.max(0, ...places)).toBeLessThanOrEqual(200)
        const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0))
        expect(Math.min(15, ...gaps)).toBeGreaterThanOrEqual(15 - 1e-9)
      }),
    )
  })
})
