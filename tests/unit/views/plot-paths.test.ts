import { expect, test } from 'vitest'
import { bandPath, bodyPath, linePath, wickPath } from '../../../src/views/plot-paths.ts'

/** A plot in which a price of 100 is at the top, and each point a pixel further down. */
const y = (price: number): number => 100 - price

test('a line goes from the left edge of its first slot over the middles to the right edge of its last', () => {
  expect(linePath([90, 80, 85], y)).toBe('M0 10L5 10L15 20L25 15L30 15')
})

test('a line leaves out what is not known, and goes on after it', () => {
  expect(linePath([null, 90, null, null, 80, 70], y)).toBe('M10 10L20 10M40 20L45 20L55 30L60 30')
  expect(linePath([null, null], y)).toBe('')
})

test('a line that stays level needs only its ends', () => {
  expect(linePath([90, 90, 90, 90], y)).toBe('M0 10L40 10')
  expect(linePath([90, 90, 80, 80], y)).toBe('M0 10L15 10L25 20L40 20')
})

test('a band goes along its upper prices and back along its lower ones', () => {
  expect(
    bandPath(
      [
        [80, 90],
        [70, 85],
      ],
      y,
    ),
  ).toBe('M0 10L5 10L15 15L20 15L20 30L15 30L5 20L0 20z')
})

test('a candle has a body from open to close, and wicks from there to its high and its low', () => {
  const candle = { slot: 2, open: 80, high: 95, low: 60, close: 90 }
  expect(bodyPath([candle], y)).toBe('M22 10h6v10h-6z')
  expect(wickPath([candle], y)).toBe('M25 5V10M25 20V40')
  // It makes no difference here whether it rose or fell.
  const falling = { ...candle, open: 90, close: 80 }
  expect(bodyPath([falling], y)).toBe(bodyPath([candle], y))
})
