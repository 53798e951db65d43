import type { Candle, Market, UnitTime } from '../domain/candle.ts'
import { DomainError } from '../domain/errors.ts'
import { endOfPeriod, startOfWeek } from '../domain/period.ts'
import { localHours, sessionOf, type Session } from './sessions.ts'

/** One candle out of adjoining ones, newest first. There is at least one. */
const merge = (candles: readonly Candle[]): Candle => {
  const newest = candles.at(0)
  const oldest = candles.at(-1)
  if (!newest || !oldest) throw new DomainError('invalid', 'no candles to merge')
  return {
    date: oldest.date,
    open: oldest.open,
    high: Math.max(...candles.map(({ high }) => high)),
    low: Math.min(...candles.map(({ low }) => low)),
    close: newest.close,
  }
}

/**
 * Cuts a list into candles of `size` parts each: one wherever a part ends a period, taken with the
 * parts before it by position. Parts in between are passed over, an incomplete candle is dropped.
 */
const cut = (parts: readonly Candle[], sizeEndingAt: (part: Candle) => number): Candle[] => {
  const built: Candle[] = []
  for (let at = 0; at < parts.length;) {
    const part = parts[at]
    const size = part === undefined ? 0 : sizeEndingAt(part)
    if (size > 0 && at + size <= parts.length) built.push(merge(parts.slice(at, at + size)))
    at += Math.max(size, 1)
  }
  return built
}

/** Hours out of half-hours: a second half and the bar before it, whatever that one is. */
const hoursOf = (bars: readonly Candle[], session: Session, hourOf: (at: number) => number) => {
  const shift = session.open_minute === 0 ? 0 : 1
  return cut(bars, ({ date }) => {
    const at = Date.parse(date)
    const hour = hourOf(at)
    const secondHalf = new Date(at).getUTCMinutes() === (session.open_minute + 30) % 60
    return secondHalf && hour >= session.open_hour && hour <= session.close_hour + shift ? 2 : 0
  })
}

/**
 * Candles of a session out of 30-minute bars, newest first (DOMAIN 7.4). Bars that open after `now`
 * are left out, and at most `count` candles are returned where it is given. A pair or block counts
 * as full once its last bar is there, so that the newest candle may still be forming: `isClosed`
 * tells. Every unit time other than h4 and daily yields hours. Throws `market_unavailable` without bars.
 */
export const buildCandles = (
  bars: readonly Candle[],
  {
    market,
    unit_time,
    count = Infinity,
    now,
  }: { market: Market; unit_time: UnitTime; count?: number; now: Date },
): Candle[] => {
  const known = bars.filter(({ date }) => Date.parse(date) <= now.getTime())
  if (known.length === 0) throw new DomainError('market_unavailable', 'the feed has no bars')
  const session = sessionOf(market)
  const hourOf = localHours(session)
  const hours = hoursOf(known, session, hourOf)
  if (unit_time !== 'h4' && unit_time !== 'daily') return hours.slice(0, count)
  const { blocks, block_ends, day } = session
  const sizes =
    unit_time === 'daily'
      ? new Map([[day.ends, day.hours]])
      : new Map(block_ends.map((hour, block) => [hour, blocks[block] ?? 0]))
  return cut(hours, ({ date }) => sizes.get(hourOf(Date.parse(date))) ?? 0).slice(0, count)
}

/** Weekly candles out of daily ones, newest first in and out, dated by their first day. */
export const weeklyFromDaily = (daily: readonly Candle[]): Candle[] =>
  [...Map.groupBy(daily, ({ date }) => startOfWeek(date)).values()].map(merge)

/** True when the period of the candle that opened at `date` has ended (decision D5). */
export const isClosed = (date: string, unit_time: UnitTime, now: Date): boolean =>
  endOfPeriod(date, unit_time) <= now.getTime()
