import { describe, expect, test } from 'vitest'
import { isTimeZone, nextDay, startOfDay } from '../../../src/domain/time-zone.ts'

describe('a day begins', () => {
  test.each([
    ['2026-11-23', 'UTC', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23', 'Europe/Paris', '2026-11-22T23:00:00.000Z'],
    ['2026-11-23', 'America/New_York', '2026-11-23T05:00:00.000Z'],
    ['2026-11-23', 'Asia/Kolkata', '2026-11-22T18:30:00.000Z'],
    ['2026-11-23', 'Pacific/Chatham', '2026-11-22T10:15:00.000Z'],
  ])('%s in %s at %s', (day, zone, instant) => {
    expect(startOfDay(day, zone).toISOString()).toBe(instant)
  })

  test.each([
    ['2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ])('%s is 23 or 25 hours long where the clocks change', (day, start, end) => {
    expect(startOfDay(day, 'Europe/Paris').toISOString()).toBe(start)
    expect(startOfDay(nextDay(day), 'Europe/Paris').toISOString()).toBe(end)
  })

  test.each([
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
  ])('%s at one o’clock in %s, where the clocks are put forward at midnight', (day, zone, at) => {
    expect(startOfDay(day, zone).toISOString()).toBe(at)
  })

  test('at the first of two midnights where the clocks are put back from one o’clock', () => {
    expect(startOfDay('2026-11-01', 'America/Havana').toISOString()).toBe(
      '2026-11-01T04:00:00.000Z',
    )
  })

  test('after the last one where an island skipped a day to change its side of the date line', () => {
    const skipped = startOfDay('2011-12-30', 'Pacific/Apia').toISOString()
    expect(skipped).toBe('2011-12-30T10:00:00.000Z')
    expect(startOfDay('2011-12-31', 'Pacific/Apia').toISOString()).toBe(skipped)
  })
})

test('the day after the last one of a month, or of February, is the first of the next', () => {
  expect(['2026-11-30', '2026-12-31', '2028-02-28'].map(nextDay)).toEqual([
    '2026-12-01',
    '2027-01-01',
    '2028-02-29',
  ])
})

test('a time zone is a name that clocks are known for', () => {
  expect(['UTC', 'Europe/Paris', 'Asia/Calcutta'].every(isTimeZone)).toBe(true)
  expect(['', 'Paris', 'Etc/Unknown', '<script>', 'x'.repeat(5000)].some(isTimeZone)).toBe(false)
})
