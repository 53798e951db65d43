import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Candle, Market } from '../../../src/domain/candle.ts'
import { buildCandles, isClosed, weeklyFromDaily } from '../../../src/market/candles.ts'
import { fetchWindow } from '../../../src/market/sessions.ts'

const HALF_HOUR = 30 * 60_000

/** Bars from `first` to `last`, newest first; each closes one above the one before. */
const barsBetween = (first: string, last: string): Candle[] => {
  const bars: Candle[] = []
  for (let at = Date.parse(first); at <= Date.parse(last); at += HALF_HOUR) {
    const open = 100 + bars.length
    bars.push({
      date: new Date(at).toISOString(),
      open,
      high: open + 3,
      low: open - 2,
      close: open + 1,
    })
  }
  return bars.toReversed()
}

const now = new Date('2026-12-31T00:00:00Z')
const dates = (candles: Candle[]) => candles.map(({ date }) => date.slice(0, 16))

test('two half-hours make an hour, dated by its opening', () => {
  const bars = barsBetween('2026-11-23T08:00:00Z', '2026-11-23T09:30:00Z')
  expect(buildCandles(bars, { market: 'EU', unit_time: 'h1', now })).toEqual([
    { date: '2026-11-23T09:00:00.000Z', open: 102, high: 106, low: 100, close: 104 },
    { date: '2026-11-23T08:00:00.000Z', open: 100, high: 104, low: 98, close: 102 },
  ])
})

test('a first half-hour alone is no hour', () => {
  const bars = barsBetween('2026-11-23T08:00:00Z', '2026-11-23T09:00:00Z')
  expect(dates(buildCandles(bars, { market: 'EU', unit_time: 'h1', now }))).toEqual([
    '2026-11-23T08:00',
  ])
})

test('hours follow the local session through the change of the clocks', () => {
  const day = (date: string) => barsBetween(`${date}T00:00:00Z`, `${date}T23:30:00Z`)
  const hours = (date: string, market: Market) => {
    const built = dates(buildCandles(day(date), { market, unit_time: 'h1', now }))
    return [built.at(-1)?.slice(11), built[0]?.slice(11)]
  }
  // Paris opens at 09:00 and has its last hour at 17:00.
  expect(hours('2026-10-23', 'EU')).toEqual(['07:00', '15:00'])
  expect(hours('2026-10-26', 'EU')).toEqual(['08:00', '16:00'])
  // New York opens at 09:30; the hour from 08:30 is there because a feed quotes before the opening.
  expect(hours('2026-10-30', 'US')).toEqual(['12:30', '19:30'])
  expect(hours('2026-11-02', 'US')).toEqual(['13:30', '20:30'])
})

test('blocks of hours make the 4-hour candles of each market', () => {
  const bars = barsBetween('2026-11-23T00:00:00Z', '2026-11-23T23:30:00Z')
  expect(dates(buildCandles(bars, { market: 'EU', unit_time: 'h4', now }))).toEqual([
    '2026-11-23T15:00',
    '2026-11-23T11:00',
    '2026-11-23T08:00',
  ])
  expect(dates(buildCandles(bars, { market: 'US', unit_time: 'h4', now }))).toEqual([
    '2026-11-23T18:30',
    '2026-11-23T14:30',
  ])
})

test('a European day is nine hours, and there is none without the last of them', () => {
  const whole = barsBetween('2026-11-23T08:00:00Z', '2026-11-23T16:30:00Z')
  expect(buildCandles(whole, { market: 'EU', unit_time: 'daily', now })).toEqual([
    { date: '2026-11-23T08:00:00.000Z', open: 100, high: 120, low: 98, close: 118 },
  ])
  const early = barsBetween('2026-11-23T08:00:00Z', '2026-11-23T16:00:00Z')
  expect(buildCandles(early, { market: 'EU', unit_time: 'daily', now })).toEqual([])
})

test('bars that open after now are left out, and no more candles come than were asked for', () => {
  const bars = barsBetween('2026-11-23T08:00:00Z', '2026-11-23T16:30:00Z')
  const hoursAt = (at: string) =>
    dates(buildCandles(bars, { market: 'EU', unit_time: 'h1', count: 2, now: new Date(at) }))
  expect(hoursAt('2026-11-23T11:29:59.999Z')).toEqual(['2026-11-23T10:00', '2026-11-23T09:00'])
  expect(hoursAt('2026-11-23T11:30:00Z')).toEqual(['2026-11-23T11:00', '2026-11-23T10:00'])
})

test('a feed without bars is an error, not an empty list', () => {
  expect(() => buildCandles([], { market: 'EU', unit_time: 'h1', now })).toThrow(
    expect.objectContaining({ code: 'market_unavailable' }),
  )
})

test('the bars to ask for allow for weekends', () => {
  const bars = (unit_time: 'h1' | 'h4' | 'daily', count: number) =>
    fetchWindow({ market: 'EU', unit_time, count, now }).bars
  expect(bars('h1', 1)).toBe(144)
  expect(bars('h1', 55)).toBe(528)
  expect(bars('h1', 750)).toBe(5664)
  expect(bars('daily', 750)).toBe(50_496)
  expect(bars('h4', 21)).toBe(528)
})

test('bars are asked for up to now in the session, and up to the last close outside of it', () => {
  const upTo = (market: Market, at: string) =>
    fetchWindow({ market, unit_time: 'h1', count: 1, now: new Date(at) }).up_to.toISOString()
  // Paris, in winter from 08:00 to 16:00 UTC; 2026-11-23 is a Monday.
  expect(upTo('EU', '2026-11-23T08:00:00Z')).toBe('2026-11-23T08:00:00.000Z')
  expect(upTo('EU', '2026-11-23T12:31:00Z')).toBe('2026-11-23T12:31:00.000Z')
  expect(upTo('EU', '2026-11-23T18:00:00Z')).toBe('2026-11-23T16:00:00.000Z')
  expect(upTo('EU', '2026-11-23T07:59:00Z')).toBe('2026-11-20T16:00:00.000Z')
  expect(upTo('EU', '2026-11-22T12:00:00Z')).toBe('2026-11-20T16:00:00.000Z')
  // The Friday before the clocks change closes at another UTC hour than the Monday after it.
  expect(upTo('EU', '2026-10-26T05:01:00Z')).toBe('2026-10-23T15:00:00.000Z')
  // New York: 02:00 UTC on Tuesday is still Monday evening.
  expect(upTo('US', '2026-11-24T02:00:00Z')).toBe('2026-11-23T20:00:00.000Z')
  expect(upTo('US', '2026-11-23T14:29:00Z')).toBe('2026-11-20T20:00:00.000Z')
  expect(upTo('US', '2026-11-23T14:31:00Z')).toBe('2026-11-23T14:31:00.000Z')
})

test('bars are never asked for from the future, whatever the time', () => {
  const instant = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2030-01-01T00:00:00Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(instant, fc.constantFrom<Market>('EU', 'US'), (at, market) => {
      const { up_to } = fetchWindow({ market, unit_time: 'h1', count: 1, now: at })
      expect(up_to.getTime()).toBeLessThanOrEqual(at.getTime())
      expect(at.getTime() - up_to.getTime()).toBeLessThan(4 * 86_400_000)
      expect([0, 6]).not.toContain(up_to.getUTCDay())
    }),
  )
})

test('a week runs from Monday to Sunday and is dated by its first day with a price', () => {
  const day = (date: string, close: number): Candle => ({
    date: `${date}T00:00:00.000Z`,
    open: close - 1,
    high: close + 5,
    low: close - 5,
    close,
  })
  const daily = [
    day('2026-11-23', 140),
    day('2026-11-20', 130),
    day('2026-11-17', 120),
    day('2026-11-13', 110),
  ]
  expect(weeklyFromDaily(daily)).toEqual([
    { date: '2026-11-23T00:00:00.000Z', open: 139, high: 145, low: 135, close: 140 },
    { date: '2026-11-17T00:00:00.000Z', open: 119, high: 135, low: 115, close: 130 },
    { date: '2026-11-13T00:00:00.000Z', open: 109, high: 115, low: 105, close: 110 },
  ])
  expect(weeklyFromDaily([])).toEqual([])
})

test('a week that spans two years is one week', () => {
  const candle = { open: 1, high: 1, low: 1, close: 1 }
  const daily = ['2027-01-01', '2026-12-31', '2026-12-28'].map((date) => ({ ...candle, date }))
  expect(weeklyFromDaily(daily).map(({ date }) => date)).toEqual(['2026-12-28'])
})

test('a candle is closed from the moment its period ends', () => {
  const closedAt = {
    '5m': ['2026-11-23T09:00:00.000Z', '2026-11-23T09:05:00.000Z'],
    '15m': ['2026-11-23T09:00:00.000Z', '2026-11-23T09:15:00.000Z'],
    '30m': ['2026-11-23T09:00:00.000Z', '2026-11-23T09:30:00.000Z'],
    h1: ['2026-11-23T09:00:00.000Z', '2026-11-23T10:00:00.000Z'],
    h4: ['2026-11-23T09:00:00.000Z', '2026-11-23T13:00:00.000Z'],
    daily: ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    weekly: ['2026-11-24T00:00:00.000Z', '2026-11-30T00:00:00.000Z'],
    monthly: ['2026-12-03T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  } as const
  for (const unit_time of Object.keys(closedAt) as (keyof typeof closedAt)[]) {
    const [date, end] = closedAt[unit_time]
    expect([unit_time, isClosed(date, unit_time, new Date(end))]).toEqual([unit_time, true])
    const justBefore = new Date(Date.parse(end) - 1)
    expect([unit_time, isClosed(date, unit_time, justBefore)]).toEqual([unit_time, false])
  }
})
