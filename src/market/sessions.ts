import type { Market, UnitTime } from '../domain/candle.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The trading hours of a market, as local wall-clock times (DOMAIN 7.2). */
export interface Session {
  /** The minute past the hour at which every hour of the session starts. */
  open_minute: 0 | 30
  open_hour: number
  /** The label of the close, up to which candles are asked for. */
  close_hour: number
  /** How many hours each 4-hour candle holds. */
  blocks: readonly number[]
  /** The hour with which each block ends. */
  block_ends: readonly number[]
  /** How many hours a daily candle holds, and the hour with which it ends. */
  day: { hours: number; ends: number }
  offset: Intl.DateTimeFormat
}

const offsetFormat = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })

const SESSIONS: Record<Market, Session> = {
  EU: {
    open_minute: 0,
    open_hour: 9,
    close_hour: 17,
    blocks: [3, 4, 2],
    block_ends: [11, 15, 17],
    day: { hours: 9, ends: 17 },
    offset: offsetFormat('Europe/Paris'),
  },
  US: {
    open_minute: 30,
    open_hour: 9,
    close_hour: 15,
    blocks: [4, 3],
    block_ends: [12, 15],
    day: { hours: 6, ends: 14 },
    offset: offsetFormat('America/New_York'),
  },
}

export const sessionOf = (market: Market): Session => SESSIONS[market]

/** How far the market's clock is ahead of UTC at an instant, in milliseconds. */
const aheadOfUtc = ({ offset }: Session, at: number): number => {
  const text = offset.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)$/.exec(text) ?? []
  const size = Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS
  return sign === '-' ? -size : size
}

/**
 * Gives, for an instant, the local hour of the market. The offset is looked up once per UTC day, at
 * noon: clocks change at night on Sundays, when no session is open.
 */
export const localHours = (session: Session): ((at: number) => number) => {
  const offsets = new Map<number, number>()
  return (at) => {
    const day = Math.floor(at / DAY_MS)
    let ahead = offsets.get(day)
    if (ahead === undefined) {
      ahead = aheadOfUtc(session, day * DAY_MS + DAY_MS / 2)
      offsets.set(day, ahead)
    }
    return new Date(at + ahead).getUTCHours()
  }
}

/** The instant of a local time of day on a local day, given as its midnight read as UTC. */
const instantOf = (session: Session, day: number, hour: number, minute: number): number => {
  const local = day + hour * HOUR_MS + minute * MINUTE_MS
  return local - aheadOfUtc(session, day + DAY_MS / 2)
}

const isWeekday = (day: number): boolean => ![0, 6].includes(new Date(day).getUTCDay())

/**
 * The instant up to which bars are asked for: now during the session, else the close label of the
 * session that ended last (DOMAIN 7.3).
 */
const anchorOf = (session: Session, now: number): number => {
  const local = now + aheadOfUtc(session, now)
  let day = local - (((local % DAY_MS) + DAY_MS) % DAY_MS)
  if (isWeekday(day) && now >= instantOf(session, day, session.open_hour, session.open_minute)) {
    return Math.min(now, instantOf(session, day, session.close_hour, 0))
  }
  do day -= DAY_MS
  while (!isWeekday(day))
  return instantOf(session, day, session.close_hour, 0)
}

/** How many candles of a unit time one session yields. */
const perDay = (session: Session, market: Market, unit_time: UnitTime): number => {
  if (unit_time === 'daily') return 1
  if (unit_time === 'h4') return session.blocks.length
  return market === 'EU' ? 9 : 6
}

/**
 * Which 30-minute bars `buildCandles` needs for `count` candles: the newest `bars` bars that open at
 * or before `up_to` (DOMAIN 7.3). Weekends are allowed for, holidays by two spare days.
 */
export const fetchWindow = ({
  market,
  unit_time,
  count,
  now,
}: {
  market: Market
  unit_time: UnitTime
  count: number
  now: Date
}): { bars: number; up_to: Date } => {
  const session = sessionOf(market)
  const days = Math.ceil(count / perDay(session, market, unit_time))
  const calendarDays = days + 2 * Math.floor(days / 5) + 2
  return { bars: calendarDays * 48, up_to: new Date(anchorOf(session, now.getTime())) }
}
