import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Check } from '../../../src/domain/decision.ts'
import {
  distanceToFiring,
  firingBounds,
  missingOf,
  nearestCheck,
  whyNot,
} from '../../../src/views/why-not.ts'
import { aCandle, aConditionTrace, within } from './samples.ts'

/** The level at 2,000; the daily MA50 of the traded instrument when nothing else is said. */
const at2000 = (given: Parameters<typeof aConditionTrace>[0]) =>
  aConditionTrace({ indicator_value: 2000, spread: 5, ...given })

const straddle = (reached: 'high' | 'low', reached_value: number, close: number): Check => ({
  rule: 'straddles',
  reached,
  reached_value,
  close,
  level: 2000,
  holds: false,
})

describe('why a condition did not hold', () => {
  test('is the distance to where it fires, on the far side of it', () => {
    const condition = at2000({ checks: [within('close', 2014.8, [2000, 2005])] })
    expect(whyNot([condition])).toBe(
      'the close 2,014.80 was 9.80 points above 2,000.00 to 2,005.00, where it fires (within 5 points above the daily MA50)',
    )
  })

  test('is the distance to where it fires, on the side of the level', () => {
    const condition = at2000({ checks: [within('close', 1997, [2000, 2005])] })
    expect(whyNot([condition])).toBe(
      'the close 1,997.00 was 3.00 points below 2,000.00 to 2,005.00, where it fires (within 5 points above the daily MA50)',
    )
  })

  test('goes by the price that came nearest', () => {
    const condition = at2000({
      direction: 'below',
      checks: [within('close', 1980, [1995, 2000]), within('high', 1992.5, [1995, 2000])],
    })
    expect(whyNot([condition])).toBe(
      'the high 1,992.50 was 2.50 points below 1,995.00 to 2,000.00, where it fires (within 5 points below the daily MA50)',
    )
  })

  test('without a spread asks for the very level', () => {
    const condition = at2000({ spread: 0, checks: [within('close', 2001, [2000, 2000])] })
    expect(whyNot([condition])).toMatch(
      /above 2,000\.00, where it fires \(exactly at the daily MA50\)$/,
    )
  })

  test('is as exact as the prices of the candle, and never rounds a distance to nothing', () => {
    const close = (value: number) =>
      at2000({ spread: 0.5, checks: [within('close', value, [2000, 2000.5])] })
    expect(whyNot([close(2012.345_67)])).toContain('was 11.85 points above')
    expect(whyNot([close(1999.9996)])).toContain('was 0.0004 points below')
  })

  test.each([
    [101.2, 'the close 101.20 was 1.70 points above 98.00 to 99.50, where it fires (in the zone)'],
    [97, 'the close 97.00 was 1.00 points below 98.00 to 99.50, where it fires (in the zone)'],
  ])('is outside of the zone at %d', (value, sentence) => {
    const condition = aConditionTrace({
      indicator: 'zone',
      indicator_value: [98, 99.5],
      checks: [within('close', value, [98, 99.5])],
    })
    expect(whyNot([condition])).toBe(sentence)
  })

  test.each([
    [
      straddle('high', 1996.5, 1990),
      'the high stayed 3.50 points below the level at 2,000.00; it fires when it gets there',
    ],
    [
      straddle('high', 2010, 2003.2),
      'the close was 3.20 points above the level at 2,000.00; it fires on a close below it',
    ],
    [
      straddle('low', 2004, 2010),
      'the low stayed 4.00 points above the level at 2,000.00; it fires when it gets there',
    ],
    [
      straddle('low', 1990, 1999),
      'the close was 1.00 points below the level at 2,000.00; it fires on a close above it',
    ],
  ])('is what a candle misses that has to cross the level', (check, sentence) => {
    expect(whyNot([at2000({ indicator: 'polarite', checks: [check] })])).toBe(sentence)
  })

  test.each([
    [null, 'there was no daily combo signal; it fires on buy'],
    ['SELL', 'the daily combo signal said sell; it fires on buy'],
  ] as const)('is the signal %s', (actual, sentence) => {
    const condition = aConditionTrace({
      indicator: 'combo',
      indicator_value: actual,
      checks: [{ rule: 'signal', expected: 'BUY', actual, holds: false }],
    })
    expect(whyNot([condition])).toBe(sentence)
  })

  test('of several names those that do not hold', () => {
    const holding = at2000({ checks: [within('close', 2001, [2000, 2005])] })
    const failing = at2000({ checks: [within('close', 2014.8, [2000, 2005])] })
    expect(whyNot([holding, failing])).toMatch(
      /^condition 2 of 2 does not hold: the close 2,014\.80 was 9\.8/,
    )
    expect(whyNot([holding, failing, failing])).toMatch(
      /^2 of 3 conditions do not hold, and number 2 because the close 2,014\.80 was 9\.8/,
    )
  })
})

describe('how far a workflow was from firing, at a glance', () => {
  const holding = at2000({ checks: [within('close', 2001, [2000, 2005])] })
  const failing = at2000({ checks: [within('close', 2014.8, [2000, 2005])] })
  const signal = aConditionTrace({
    indicator: 'combo',
    indicator_value: null,
    checks: [{ rule: 'signal', expected: 'BUY', actual: null, holds: false }],
  })

  test.each([
    ['9.80 away', [failing]],
    ['9.80 away', [holding, failing]],
    ['2 of 3 conditions fail', [failing, holding, failing]],
    [null, [holding]],
    [null, [signal]],
  ])('is %s', (words, conditions) => {
    expect(distanceToFiring(conditions)).toBe(words)
  })
})

describe('how far a comparison is from holding', () => {
  const prices = fc.record({
    value: fc.integer({ min: 1, max: 300 }),
    lower: fc.integer({ min: 100, max: 200 }),
    width: fc.integer({ min: 0, max: 50 }),
  })

  test('is nothing when it holds, else the way to the nearer bound', () => {
    fc.assert(
      fc.property(prices, ({ value, lower, width }) => {
        const check = within('close', value, [lower, lower + width])
        if (check.rule !== 'within') return
        const missing = missingOf(check)
        expect(missing === 0).toBe(check.holds)
        const moved = value < lower ? value + missing : value - missing
        expect(within('close', moved, [lower, lower + width]).holds).toBe(true)
      }),
    )
  })

  test('is told for the nearest comparison, and for no signal', () => {
    const far = within('close', 2030, [2000, 2005])
    const near = within('low', 2007, [2000, 2005])
    expect(nearestCheck({ checks: [far, near] })).toBe(near)
    expect(firingBounds({ checks: [far, near] })).toEqual([2000, 2005])
    const signal = { rule: 'signal', expected: 'BUY', actual: null, holds: false } as const
    expect(nearestCheck({ checks: [signal] })).toBeNull()
    expect(firingBounds({ checks: [signal] })).toBeNull()
  })
})

test('a candle of whole prices is told in whole points', () => {
  const candle = aCandle({ open: 1990, high: 2020, low: 1985, close: 2015 })
  const condition = at2000({ candle, checks: [within('close', 2015, [2000, 2005])] })
  expect(whyNot([condition])).toContain('the close 2,015 was 10 points above 2,000 to 2,005,')
})
