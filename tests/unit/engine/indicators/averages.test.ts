import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ema, emaAtOffsets, sma } from '../../../../src/engine/indicators/averages.ts'

const prices = (minLength: number) =>
  fc.array(
    fc.integer({ min: 1, max: 2_000_000 }).map((cents) => cents / 100),
    {
      minLength,
      maxLength: minLength + 40,
    },
  )

test('a simple moving average is the mean of the newest closes', () => {
  expect(sma([3, 4, 8, 1000], 3)).toBe(5)
})

test('a simple moving average does not depend on closes older than its period', () => {
  fc.assert(
    fc.property(prices(7), prices(1), (closes, older) => {
      expect(sma([...closes.slice(0, 7), ...older], 7)).toBe(sma(closes, 7))
    }),
  )
})

test('one close too few is an error that says how many are needed and how many there are', () => {
  expect(() => sma([1, 2, 3, 4, 5, 6], 7)).toThrow(
    expect.objectContaining({
      code: 'insufficient_candles',
      message: 'a simple moving average of 7 needs 7 candles, there are 6',
    }),
  )
  expect(() => ema([1, 2], 1)).toThrow(/needs 3 candles, there are 2/)
})

test('an exponential average starts at the oldest value and gives the newest the most weight', () => {
  // Period 1 weighs the newest value only; period 3 halves the way to each newer value.
  expect(ema([7, 100, 200], 1)).toBe(7)
  expect(ema([0, 0, 0, 0, 0, 0, 0, 0, 256], 3)).toBe(1)
  expect(ema([256, 0, 0, 0, 0, 0, 0, 0, 0], 3)).toBe(128)
})

test('an exponential average of a constant price is that price', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 6 }), (price) => {
      expect(
        ema(
          Array.from({ length: 40 }, () => price),
          9,
        ),
      ).toBe(price)
    }),
  )
})

test('the averages at all offsets equal the average of what is left at each offset', () => {
  fc.assert(
    fc.property(prices(12), (closes) => {
      const averages = emaAtOffsets(closes, 4)
      expect(averages).toHaveLength(closes.length - 11)
      averages.forEach((average, offset) => expect(average).toBe(ema(closes.slice(offset), 4)))
    }),
  )
})
