import type { Candle, UnitTime } from '../domain/candle.ts'
import type { Chart, ChartCondition } from '../domain/chart.ts'
import { DomainError } from '../domain/errors.ts'
import { endOfPeriod, LONGEST_PERIOD_MS } from '../domain/period.ts'
import type { Calendar, CandleRequest, MarketData } from '../domain/ports.ts'
import {
  marketOf,
  type Condition,
  type Indicator,
  type WorkflowDefinition,
} from '../domain/workflow.ts'
import { boundsOf } from './condition.ts'
import { inclinedValues } from './indicators/inclined.ts'
import { CANDLES_GIVEN, levelOf, type Level } from './indicators/level.ts'
import { withoutDust } from './indicators/rounding.ts'
import { fetchCandles } from './market-view.ts'

const DAY_MS = 86_400_000
const CANDLES_SHOWN = 60
/** Where an indicator has far shorter candles than the chart, its line begins later. */
const MOST_CANDLES = 2_000

/** How many candles the levels of a whole chart are computed from. */
const countFor = ({ name, unit_time }: Indicator, shown: UnitTime): number => {
  const perCandle = Math.max(1, LONGEST_PERIOD_MS[shown] / LONGEST_PERIOD_MS[unit_time])
  return Math.min(MOST_CANDLES, CANDLES_GIVEN[name] + CANDLES_SHOWN * Math.ceil(perCandle))
}

/**
 * Where a run that saw each of these candles as the newest one found the newest candle of another
 * series: the first that had closed when the candle after the shown one opened. Both lists are newest
 * first. The newest of a series is what a run sees now.
 */
const offsetsAt = (
  shown: readonly Candle[],
  series: readonly Candle[],
  unit_time: UnitTime,
): number[] => {
  const ends = series.map(({ date }) => endOfPeriod(date, unit_time))
  return shown.map((_, index) => {
    const next = shown[index - 1]
    if (!next) return 0
    const at = Date.parse(next.date)
    const offset = ends.findIndex((end) => end <= at)
    return offset === -1 ? ends.length : offset
  })
}

const noCalendar = (): Calendar => {
  throw new DomainError('invalid', 'no calendar is needed here')
}

/** The level of each candle shown, computed from the candles that a run was given then. */
const computedLevels = (
  indicator: Indicator,
  shown: readonly Candle[],
  series: readonly Candle[],
  asked: number,
): (Level | undefined)[] => {
  const count = CANDLES_GIVEN[indicator.name]
  return offsetsAt(shown, series, indicator.unit_time).map((offset, index) => {
    const given = series.slice(offset, offset + count)
    // There are older candles, and a level of fewer than a run is given would be another one.
    if (given.length < count && series.length >= asked) return undefined
    try {
      return levelOf(indicator, given, noCalendar)
    } catch (error) {
      if (index === 0 || !(error instanceof DomainError)) throw error
      return undefined
    }
  })
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/**
 * The market's own date for a run that saw each of these candles as the newest one, as the candle
 * after it opened. A replayed market stands still on the last day of its newest candle; in any other
 * that day is over.
 */
const daysAt = (shown: readonly Candle[], unit_time: UnitTime, today: string): string[] => {
  const [newest] = shown
  const standsStill = newest && today < dayOf(endOfPeriod(newest.date, unit_time))
  return shown.map((_, index) => {
    const next = shown[index - 1]
    return next ? dayOf(Date.parse(next.date) - (standsStill ? DAY_MS : 0)) : today
  })
}

interface Fetched {
  shown: readonly Candle[]
  unit_time: UnitTime
  series: (indicator: Indicator) => readonly Candle[]
  calendar: () => Promise<Calendar>
}

/** Newest first, like the candles. */
const levelsOf = async (
  indicator: Indicator,
  { shown, unit_time, series, calendar }: Fetched,
): Promise<(Level | undefined)[]> => {
  switch (indicator.name) {
    case 'polarite':
    case 'zone':
      return shown.map(() => levelOf(indicator, [], noCalendar))
    case 'inclined': {
      const { today, isOpen } = await calendar()
      const days = daysAt(shown, unit_time, today).toReversed()
      return inclinedValues(indicator.x1, indicator.x2, days, isOpen).map(withoutDust).toReversed()
    }
    case 'ma7':
    case 'ma50':
    case 'bbb':
    case 'bbh':
    case 'combo':
      return computedLevels(indicator, shown, series(indicator), countFor(indicator, unit_time))
  }
}

const conditionOf = async (condition: Condition, fetched: Fetched): Promise<ChartCondition> => {
  try {
    const levels = await levelsOf(condition.indicator, fetched)
    return {
      levels: levels
        .map((level) =>
          level === undefined ? null : { level, bounds: boundsOf(condition, level) },
        )
        .toReversed(),
      problem: null,
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { levels: fetched.shown.map(() => null), problem: error.message }
  }
}

const requestsOf = (
  { index, cfd, is_us, conditions, trigger }: WorkflowDefinition,
  now: Date,
): CandleRequest[] => {
  const { unit_time } = trigger
  const common = { market: marketOf({ cfd, is_us }), now }
  return [
    { ...common, code: cfd, unit_time, count: CANDLES_SHOWN },
    ...conditions
      .filter(({ indicator }) => CANDLES_GIVEN[indicator.name] > 1)
      .map(({ indicator }) => ({
        ...common,
        code: index,
        unit_time: indicator.unit_time,
        count: countFor(indicator, unit_time),
      })),
  ]
}

/**
 * The last 60 candles that a workflow's trigger looks at, and for each condition what a run would
 * have compared them with: the very levels that a run computes, from the candles that it would have
 * been given. A level that cannot be had leaves its problem and no more.
 * @throws DomainError `market_unavailable` when the candles themselves cannot be had
 */
export const chartOf = async (
  market: Pick<MarketData, 'candles' | 'calendar'>,
  workflow: WorkflowDefinition,
  now: Date,
): Promise<Chart> => {
  const { index, cfd: code, conditions, trigger } = workflow
  const { unit_time } = trigger
  const hours = marketOf(workflow)
  const candles = await fetchCandles(market, requestsOf(workflow, now))
  const shown = candles({ code, unit_time, market: hours }).slice(0, CANDLES_SHOWN)
  const fetched: Fetched = {
    shown,
    unit_time,
    series: (indicator) => candles({ code: index, unit_time: indicator.unit_time, market: hours }),
    calendar: () => market.calendar(index, now),
  }
  return {
    code,
    unit_time,
    candles: shown.toReversed(),
    conditions: await Promise.all(conditions.map((each) => conditionOf(each, fetched))),
  }
}
