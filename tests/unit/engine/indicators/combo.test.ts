import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ema } from '../../../../src/engine/indicators/averages.ts'
import { combo } from '../../../../src/engine/indicators/combo.ts'
import { macd0lag } from '../../../../src/engine/indicators/macd0lag.ts'
import { roundDecimal } from '../../../../src/engine/indicators/rounding.ts'

/** The formula as DOMAIN 6.6 has it, one average at a time. */
const macdByDefinition = (closes: number[]) => {
  const averageAt = (offset: number, period: number) => ema(closes.slice(offset), period)
  const zeroLag = (offset: number, period: number) =>
    2 * averageAt(offset, period) -
    ema(
      Array.from({ length: 3 * period }, (_, step) => averageAt(offset + step, period)),
      period,
    )
  const lines = Array.from({ length: 81 }, (_, offset) => zeroLag(offset, 12) - zeroLag(offset, 26))
  const signals = Array.from({ length: 27 }, (_, offset) => ema(lines.slice(offset), 9))
  return {
    macd: roundDecimal(lines[0] ?? 0, 5),
    signal: roundDecimal(2 * (signals[0] ?? 0) - ema(signals, 9), 5),
  }
}

test('the zero-lag MACD equals its definition, computed one average at a time', () => {
  const closes = fc.array(fc.integer({ min: 9000, max: 11_000 }), {
    minLength: 235,
    maxLength: 260,
  })
  fc.assert(
    fc.property(closes, (values) => {
      expect(macd0lag(values)).toEqual(macdByDefinition(values))
    }),
    { numRuns: 5 },
  )
})

test('the zero-lag MACD of a constant price is 0, and it needs 235 closes', () => {
  const flat = Array.from({ length: 235 }, () => 100)
  expect(macd0lag(flat)).toEqual({ macd: 0, signal: 0 })
  expect(() => macd0lag(flat.slice(1))).toThrow(/needs 235 candles, there are 234/)
})

/** A steady trend with ripples, whose newest candles came back to the mean of 50 closes. */
const pullBack = (sign: 1 | -1, count: number) =>
  Array.from({ length: count }, (_, age) => {
    const trend = 10_000 - sign * age * 10
    const retreat = age < 20 ? -sign * (20 - age) * 12 : 0
    const close = trend + retreat + Math.sin(age) * 5
    return { open: close, high: close + 20, low: close - 20, close }
  })

test('a pull-back to the mean in a rise is a signal to buy, in a fall to sell', () => {
  expect(combo(pullBack(1, 300))).toMatchObject({ direction: 'BUY' })
  expect(combo(pullBack(-1, 300))).toMatchObject({ direction: 'SELL' })
})

test('fewer than 235 candles give no signal, and that is no error', () => {
  expect(combo(pullBack(1, 234))).toBeNull()
  expect(combo([])).toBeNull()
})

test('a market that does not move gives no signal', () => {
  const flat = Array.from({ length: 300 }, () => ({ open: 100, high: 100, low: 100, close: 100 }))
  expect(combo(flat)).toBeNull()
})

test('a signal is triggered by a close beyond the extreme of the candle before, not by an equal one', () => {
  const [newest, previous, ...older] = pullBack(1, 300)
  if (!newest || !previous) throw new Error('no candles')
  const withPreviousHigh = (high: number) => combo([newest, { ...previous, high }, ...older])
  expect(withPreviousHigh(newest.close)).toMatchObject({
    has_been_triggered: false,
    price: newest.high,
  })
  expect(withPreviousHigh(newest.close - 0.01)).toMatchObject({
    has_been_triggered: true,
    price: newest.close,
  })
})
