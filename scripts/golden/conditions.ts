import { z } from 'zod'
import { DomainError } from '../../src/domain/errors.ts'
import { checksOf } from '../../src/engine/condition.ts'
import { BOLLINGER_PERIOD } from '../../src/engine/indicators/bollinger.ts'
import { levelOf } from '../../src/engine/indicators/level.ts'
import { agrees, VALUE } from './compare.ts'
import { parseCondition } from './reference-names.ts'
import { calendarOn, seriesNamed, Slice, sliceOf, VectorCalendar, type Series } from './vectors.ts'
import { D10, D8, D9, dayAfter, dayOf, isPartlyElapsed, isQuirk, type Runner } from './verdict.ts'

const Prices = z.object({ open: z.number(), high: z.number(), low: z.number(), close: z.number() })

const ConditionCase = z.object({
  indicator: z.looseObject({ name: z.string(), ut: z.string() }),
  direction: z.string(),
  spread: z.number().nullish(),
  element: z.string().nullish(),
  indicator_candles: Slice.optional(),
  candle: z.union([z.object({ series: z.string(), offset: z.number().int() }), Prices]),
  now: z.string().optional(),
  calendar: VectorCalendar.optional(),
  expect: z.union([
    z.object({ error: z.string() }),
    z.object({ result: z.boolean(), indicator_value: z.unknown() }),
  ]),
})
type ConditionCase = z.infer<typeof ConditionCase>

/** How the vectors name both an unusable definition and too few candles. */
const ERROR = 'invalid_or_insufficient'

const candleOf = ({ candle }: ConditionCase, series: Series): z.infer<typeof Prices> => {
  if (!('series' in candle)) return candle
  const found = seriesNamed(series, candle.series)[candle.offset]
  if (!found) throw new Error(`series "${candle.series}" has no candle at ${candle.offset}`)
  return found
}

type Got =
  | { error: string; code: 'invalid' | 'insufficient_candles'; message: string }
  | { result: boolean; indicator_value: unknown }

const evaluateCase = (vector: ConditionCase, series: Series, today: string): Got => {
  const parsed = parseCondition({
    indicator: vector.indicator,
    close: { direction: vector.direction, ut: vector.indicator.ut, spread: vector.spread },
    element: vector.element,
  })
  if ('error' in parsed) return { error: ERROR, code: 'invalid', message: parsed.error }
  const candles = vector.indicator_candles ? sliceOf(series, vector.indicator_candles) : []
  try {
    const indicator_value = levelOf(parsed.value.indicator, candles, () =>
      calendarOn(today, vector.calendar),
    )
    const checks = checksOf(parsed.value, indicator_value, candleOf(vector, series))
    return { result: checks.some(({ holds }) => holds), indicator_value }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, message } = error
    if (code !== 'invalid' && code !== 'insufficient_candles') throw error
    return { error: ERROR, code, message }
  }
}

const matching = (got: Got, expected: ConditionCase['expect']): boolean =>
  'error' in got || 'error' in expected
    ? 'error' in got && 'error' in expected && got.error === expected.error
    : got.result === expected.result && agrees(got.indicator_value, expected.indicator_value, VALUE)

/** Runs one case of conditions.json: the level from its candles, then the checks on the candle. */
export const runCondition: Runner = (vector, series) => {
  const parsed = ConditionCase.parse(vector)
  const { indicator, now = '1970-01-01', indicator_candles, expect: expected } = parsed
  const today = dayOf(now)
  const got = evaluateCase(parsed, series, today)
  const matches = matching(got, expected)

  const deviation = (): string | null => {
    if (matches || !isQuirk(vector)) return null
    const name = indicator.name.toLowerCase()
    const given = indicator_candles ? sliceOf(series, indicator_candles).length : 0
    const tooFew = 'error' in got && got.code === 'insufficient_candles'
    if (tooFew && ['bbb', 'bbh'].includes(name) && given < BOLLINGER_PERIOD) {
      return D9(BOLLINGER_PERIOD)
    }
    if ('error' in got && got.code === 'invalid') return D8(got.message)
    if (name !== 'inclined' || !isPartlyElapsed(now)) return null
    return matching(evaluateCase(parsed, series, dayAfter(today)), expected) ? D10 : null
  }
  return { expected, got, matches, deviation: deviation() }
}
