import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderTypeOf, refusalOf, toTick, triggerPrice } from '../../../src/engine/trigger.ts'

const candle = { high: 100.4, low: 95.3 }

test('a lower trigger sits the offset under the low, a higher one the offset over the high', () => {
  expect(triggerPrice({ location: 'lower', offset: 1 }, candle, null)).toBe(94.3)
  expect(triggerPrice({ location: 'higher', offset: 1 }, candle, null)).toBe(101.4)
  expect(triggerPrice({ location: 'lower', offset: 0 }, candle, null)).toBe(95.3)
})

test('a known tick size moves the price to the nearest tick', () => {
  expect(triggerPrice({ location: 'lower', offset: 1 }, candle, 0.5)).toBe(94.5)
  expect(triggerPrice({ location: 'higher', offset: 1 }, candle, 0.05)).toBe(101.4)
  expect(triggerPrice({ location: 'higher', offset: 0.02 }, candle, 0.25)).toBe(100.5)
  expect(triggerPrice({ location: 'higher', offset: 1 }, candle, 0)).toBe(101.4)
})

test('a price on a tick is a whole number of ticks, at most half a tick away, and stays there', () => {
  const price = fc.integer({ min: 1, max: 10 ** 9 }).map((units) => units / 10 ** 4)
  fc.assert(
    fc.property(price, fc.constantFrom(0.0001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 5), (at, tick) => {
      const rounded = toTick(at, tick)
      expect(Math.abs(rounded - at)).toBeLessThanOrEqual(tick / 2 + 1e-9)
      expect(Math.abs(rounded / tick - Math.round(rounded / tick))).toBeLessThan(1e-4)
      expect(toTick(rounded, tick)).toBe(rounded)
      // No dust: ticks of four decimals make prices of at most four decimals.
      expect(rounded).toBe(Number(rounded.toFixed(4)))
    }),
  )
})

test('the lower trigger is always the low less the offset, the higher one the mirror of it', () => {
  const cents = fc.integer({ min: 0, max: 10 ** 7 })
  fc.assert(
    fc.property(cents, cents, (price, offset) => {
      const at = { high: price / 100, low: price / 100 }
      const points = offset / 100
      expect(triggerPrice({ location: 'lower', offset: points }, at, null)).toBe(
        (price - offset) / 100,
      )
      expect(triggerPrice({ location: 'higher', offset: points }, at, null)).toBe(
        (price + offset) / 100,
      )
    }),
  )
})

test('an order with the breakout is a stop, an order against it a limit', () => {
  expect(orderTypeOf({ location: 'lower', order_direction: 'sell' })).toBe('OPEN_STOP')
  expect(orderTypeOf({ location: 'lower', order_direction: 'buy' })).toBe('LIMIT')
  expect(orderTypeOf({ location: 'higher', order_direction: 'buy' })).toBe('OPEN_STOP')
  expect(orderTypeOf({ location: 'higher', order_direction: 'sell' })).toBe('LIMIT')
})

test('a price or quantity that makes no order is refused in words', () => {
  expect(refusalOf({ price: 94.3, quantity: 0.1 })).toBeNull()
  expect(refusalOf({ price: -0.7, quantity: 0.1 })).toBe(
    'the trigger price would be -0.7, and an order needs a price above 0',
  )
  expect(refusalOf({ price: 0, quantity: 1 })).toMatch(/price would be 0/)
  expect(refusalOf({ price: Infinity, quantity: 1 })).toMatch(/price would be Infinity/)
  expect(refusalOf({ price: 94.3, quantity: 0 })).toBe(
    'the quantity is 0, and an order needs a quantity above 0',
  )
  expect(refusalOf({ price: 94.3, quantity: Number.NaN })).toMatch(/quantity is NaN/)
})
