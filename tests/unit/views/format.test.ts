import { describe, expect, test } from 'vitest'
import {
  exactTime,
  formatPoints,
  formatPrice,
  formatQuantity,
  relativeTime,
  sharedDecimals,
} from '../../../src/views/format.ts'

describe('a price', () => {
  test.each([
    [1845.16, '1,845.16'],
    [98.4, '98.4'],
    [7820, '7,820'],
    [1234567.8, '1,234,567.8'],
    [64.96291, '64.9629'],
    [0.1 + 0.2, '0.3'],
    [0, '0'],
    [-3.25, '-3.25'],
  ])('%d reads %s', (price, text) => {
    expect(formatPrice(price)).toBe(text)
  })

  test('of a very cheap coin is not shown as nothing', () => {
    expect(formatPrice(0.00001234)).toBe('0.00001234')
  })

  test('has as many decimals as the others of its column', () => {
    const decimals = sharedDecimals([98, 98.4, 98.45])
    expect([98, 98.4, 98.45].map((price) => formatPrice(price, decimals))).toEqual([
      '98.00',
      '98.40',
      '98.45',
    ])
  })

  test('stands alone in a column without decimals of its own', () => {
    expect(sharedDecimals([])).toBe(0)
    expect(sharedDecimals([7820, 100])).toBe(0)
  })
})

describe('a quantity', () => {
  test.each([
    [0.5, '0.5'],
    [1500, '1500'],
    [0.1 + 0.2, '0.3'],
    [0.0000001, '0.0000001'],
  ])('%d reads %s, without separators', (quantity, text) => {
    expect(formatQuantity(quantity)).toBe(text)
  })
})

test('one point is a point, anything else is points', () => {
  expect([1, 12.3, 0.1, 7845.5 - 7833.2, 7901 - 7900].map(formatPoints)).toEqual([
    '1 point',
    '12.3 points',
    '0.1 points',
    '12.3 points',
    '1 point',
  ])
})

test('an exact time names its zone', () => {
  expect(exactTime(new Date('2026-11-23T09:30:00.417Z'))).toBe('2026-11-23 09:30:00 UTC')
})

describe('a time in another zone', () => {
  test.each([
    ['2026-11-23T09:30:00.000Z', 'Europe/Paris', '2026-11-23 10:30:00 UTC+1'],
    ['2026-07-23T09:30:00.000Z', 'Europe/Paris', '2026-07-23 11:30:00 UTC+2'],
    ['2026-11-23T03:30:00.000Z', 'America/New_York', '2026-11-22 22:30:00 UTC-5'],
    ['2026-11-23T18:40:00.000Z', 'Asia/Kolkata', '2026-11-24 00:10:00 UTC+5:30'],
    ['2026-11-23T09:30:00.000Z', 'Europe/London', '2026-11-23 09:30:00 UTC'],
  ])('%s in %s reads %s', (at, zone, text) => {
    expect(exactTime(new Date(at), zone)).toBe(text)
  })
})

describe('how long ago', () => {
  const now = new Date('2026-11-23T12:00:00.000Z')
  const ago = (seconds: number): string =>
    relativeTime(new Date(now.getTime() - seconds * 1000), now)

  test.each([
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [5 * 60, '5 minutes ago'],
    [59 * 60 + 59, '59 minutes ago'],
    [3600, '1 hour ago'],
    [3 * 3600, '3 hours ago'],
    [86_399, '23 hours ago'],
    [86_400, '1 day ago'],
    [2 * 86_400 + 5000, '2 days ago'],
    [400 * 86_400, '400 days ago'],
  ])('%d seconds reads %s', (seconds, text) => {
    expect(ago(seconds)).toBe(text)
  })

  test('a clock that is a little ahead does not make the future', () => {
    expect(ago(-3)).toBe('just now')
  })

  test.each([
    [7 * 86_400 - 40, 'in 7 days'],
    [6.4 * 86_400, 'in 6 days'],
    [86_400 - 60, 'in 1 day'],
    [3600 - 20, 'in 1 hour'],
    [5400, 'in 2 hours'],
  ])('%d seconds to come read %s, rounded', (seconds, text) => {
    expect(ago(-seconds)).toBe(text)
  })

  test('a time to come reads as one', () => {
    expect(ago(-5 * 86_400)).toBe('in 5 days')
    expect(ago(-80)).toBe('in 1 minute')
  })
})
