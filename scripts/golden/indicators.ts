import { z } from 'zod'
import type { Candle } from '../../src/domain/candle.ts'
import { closesOf, ema, sma } from '../../src/engine/indicators/averages.ts'
import { BOLLINGER_PERIOD, bollinger } from '../../src/engine/indicators/bollinger.ts'
import { combo } from '../../src/engine/indicators/combo.ts'
import { businessDays, inclinedValue, linear } from '../../src/engine/indicators/inclined.ts'
import { macd0lag } from '../../src/engine/indicators/macd0lag.ts'
import { ma50Slope, slopePercentage } from '../../src/engine/indicators/slope.ts'
import { atr, trueRange } from '../../src/engine/indicators/true-range.ts'
import { agrees, VALUE } from './compare.ts'
import { calendarOn, Slice, sliceOf, VectorCalendar } from './vectors.ts'
import {
  computed,
  D10,
  D9,
  dayAfter,
  dayOf,
  isPartlyElapsed,
  isQuirk,
  type Computed,
  type Runner,
} from './verdict.ts'

const IndicatorCase = z.object({
  fn: z.string(),
  params: z.record(z.string(), z.unknown()),
  candles: Slice.optional(),
  expect: z.union([z.object({ error: z.string() }), z.object({ value: z.unknown() })]),
})

interface Input {
  params: Record<string, unknown>
  candles: Candle[]
  /** Moves the last day that is counted, to see what the reference makes of a partly elapsed day. */
  lastDay: (at: string) => string
}

const Period = z.object({ period: z.number() })
const Bands = z.object({ multiplier: z.number(), period: z.number().default(BOLLINGER_PERIOD) })
const Macd = z.object({ short: z.number(), long: z.number(), signal: z.number() })
const Slope = z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() })
const Line = Slope.omit({ x2: true, y2: true }).extend({
  x0: z.number(),
  y0: z.number(),
  x: z.number(),
})
const Days = z.object({ start: z.string(), end: z.string(), calendar: VectorCalendar })
const Point = z.object({ x: z.string(), y: z.number() })
const Inclined = z.object({ x1: Point, x2: Point, now: z.string(), calendar: VectorCalendar })

/** The real function behind each `fn` of indicators.json. */
const FUNCTIONS: Record<string, (input: Input) => unknown> = {
  sma: ({ params, candles }) => sma(closesOf(candles), Period.parse(params).period),
  ema: ({ params, candles }) => ema(closesOf(candles), Period.parse(params).period),
  bollinger: ({ params, candles }) => {
    const { multiplier, period } = Bands.parse(params)
    return bollinger(closesOf(candles), multiplier, period)
  },
  atr: ({ params, candles }) => atr(candles, Period.parse(params).period),
  true_range: ({ candles }) => {
    const [current, previous] = candles
    if (!current || !previous) throw new Error('true_range needs a slice of two candles')
    return trueRange(current, previous)
  },
  macd0lag: ({ params, candles }) => {
    const { short, long, signal } = Macd.parse(params)
    return macd0lag(closesOf(candles), short, long, signal)
  },
  slope_percentage: ({ params }) => {
    const { x1, y1, x2, y2 } = Slope.parse(params)
    return slopePercentage(x1, y1, x2, y2)
  },
  ma50_slope: ({ candles }) => ma50Slope(closesOf(candles)),
  combo: ({ candles }) => combo(candles),
  linear: ({ params }) => {
    const { x0, y0, x1, y1, x } = Line.parse(params)
    return linear(x0, y0, x1, y1, x)
  },
  business_days: ({ params, lastDay }) => {
    const { start, end, calendar } = Days.parse(params)
    if (Date.parse(start) > Date.parse(end)) return 0
    return businessDays(dayOf(start), lastDay(end), calendarOn(dayOf(end), calendar).isOpen)
  },
  inclined_value: ({ params, lastDay }) => {
    const { x1, x2, now, calendar } = Inclined.parse(params)
    return inclinedValue(x1, x2, calendarOn(lastDay(now), calendar))
  },
}

/** The reference steps on to tomorrow when today is partly elapsed. */
const referenceLastDay = (at: string): string =>
  isPartlyElapsed(at) ? dayAfter(dayOf(at)) : dayOf(at)

const matching = (got: Computed<unknown>, expected: z.infer<typeof IndicatorCase>['expect']) =>
  'error' in got
    ? 'error' in expected && got.error === expected.error
    : 'value' in expected && agrees(got.value, expected.value, VALUE)

/** Runs one case of indicators.json on the indicator's own function. */
export const runIndicator: Runner = (vector, series) => {
  const { fn, params, candles: slice, expect: expected } = IndicatorCase.parse(vector)
  const compute = FUNCTIONS[fn]
  if (!compute) throw new Error(`there is no indicator function "${fn}"`)
  const candles = slice ? sliceOf(series, slice) : []
  const got = computed(() => compute({ params, candles, lastDay: dayOf }))
  const matches = matching(got, expected)

  const deviation = (): string | null => {
    if (matches || !isQuirk(vector)) return null
    if (fn === 'bollinger' && 'error' in got && got.error === 'insufficient_candles') {
      return D9(Bands.parse(params).period)
    }
    const theirs = computed(() => compute({ params, candles, lastDay: referenceLastDay }))
    return matching(theirs, expected) ? D10 : null
  }
  return { expected, got, matches, deviation: deviation() }
}
