import type { UnitTime } from './candle.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long a candle lasts at most, in milliseconds. */
export const LONGEST_PERIOD_MS: Record<UnitTime, number> = {
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  h1: HOUR_MS,
  h4: 4 * HOUR_MS,
  daily: DAY_MS,
  weekly: 7 * DAY_MS,
  monthly: 31 * DAY_MS,
}

/** The Monday of the ISO week of an instant, at midnight UTC. */
export const startOfWeek = (date: string): number => {
  const day = Math.floor(Date.parse(date) / DAY_MS)
  // Day 0 of the epoch was a Thursday.
  return (day - ((day + 3) % 7)) * DAY_MS
}

/**
 * When the period of a candle that opened at `date` ends, in epoch milliseconds; weeks and months end
 * with the calendar's, in UTC.
 */
export const endOfPeriod = (date: string, unit_time: UnitTime): number => {
  if (unit_time === 'weekly') return startOfWeek(date) + LONGEST_PERIOD_MS.weekly
  const start = new Date(date)
  return unit_time === 'monthly'
    ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1)
    : start.getTime() + LONGEST_PERIOD_MS[unit_time]
}
