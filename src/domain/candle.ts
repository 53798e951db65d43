import { z } from 'zod'

/** How long one candle lasts. */
export const UNIT_TIMES = ['5m', '15m', '30m', 'h1', 'h4', 'daily', 'weekly', 'monthly'] as const
export const UnitTime = z
  .enum(UNIT_TIMES, { error: `expected one of ${UNIT_TIMES.join(', ')}` })
  .meta({
    id: 'UnitTime',
    description: 'How long one candle lasts: so many minutes or hours, a day, a week or a month',
  })
export type UnitTime = z.infer<typeof UnitTime>

/** An instant as ISO 8601 in UTC with milliseconds, `2026-11-23T09:30:00.000Z`. */
export const Instant = z.iso.datetime({ precision: 3, error: 'expected an ISO 8601 time in UTC' })

const price = z.number({ error: 'expected a finite number' })

/**
 * One candle: `date` is the instant at which its period opened, prices are in the instrument's
 * currency. A high under the low, or an open or close outside of them, is corrupt data.
 */
export const Candle = z
  .object({ date: Instant, open: price, high: price, low: price, close: price })
  .refine((c) => c.low <= Math.min(c.open, c.close) && c.high >= Math.max(c.open, c.close), {
    error: 'expected low <= open, close <= high',
  })
export type Candle = z.infer<typeof Candle>

/** The prices of a candle that can be compared with a level. */
export type Prices = Pick<Candle, 'open' | 'high' | 'low' | 'close'>

/** Which trading hours an instrument keeps. */
export type Market = 'EU' | 'US'
