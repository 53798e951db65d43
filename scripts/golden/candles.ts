import { z } from 'zod'
import { type Candle, UNIT_TIMES } from '../../src/domain/candle.ts'
import { buildCandles, weeklyFromDaily } from '../../src/market/candles.ts'
import { fetchWindow } from '../../src/market/sessions.ts'
import { agrees, PRICE } from './compare.ts'
import { seriesNamed, Slice, sliceOf, type Series } from './vectors.ts'
import { computed, type Runner } from './verdict.ts'

const Row = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()])
const Expected = z.object({
  total: z.number().optional(),
  newest: z.array(Row).optional(),
  error: z.string().optional(),
  fetch: z.object({ bars: z.number(), up_to: z.string() }).optional(),
})

const CandleCase = z.discriminatedUnion('fn', [
  z.object({
    fn: z.literal('build'),
    feed: z.string(),
    market: z.enum(['EU', 'US']),
    ut: z.enum(UNIT_TIMES),
    count: z.number().int(),
    now: z.string(),
    expect: Expected,
  }),
  z.object({ fn: z.literal('weekly_from_daily'), candles: Slice, expect: Expected }),
])
type CandleCase = z.infer<typeof CandleCase>

/** How many of the built candles a vector lists. */
const LISTED = 6

type Outcome = z.infer<typeof Expected>

const described = (candles: readonly Candle[]): Outcome => ({
  total: candles.length,
  newest: candles
    .slice(0, LISTED)
    .map(({ date, open, high, low, close }) => [date, open, high, low, close]),
})

const run = (vector: CandleCase, series: Series): Outcome => {
  if (vector.fn === 'weekly_from_daily') {
    return described(weeklyFromDaily(sliceOf(series, vector.candles)))
  }
  const now = new Date(vector.now)
  const { market, ut: unit_time } = vector
  const { bars, up_to } = fetchWindow({ market, unit_time, count: vector.count, now })
  const answer = seriesNamed(series, vector.feed)
    .filter(({ date }) => Date.parse(date) <= up_to.getTime())
    .slice(0, bars)
  const built = computed(() => buildCandles(answer, { market, unit_time, now }))
  return {
    ...('value' in built ? described(built.value) : { error: 'no_data' }),
    fetch: { bars, up_to: up_to.toISOString() },
  }
}

/** With every date written the same way. */
const normalized = ({ newest, fetch, ...rest }: Outcome): Record<string, unknown> => ({
  ...rest,
  ...(newest && {
    newest: newest.map(([date, ...prices]) => [new Date(date).toISOString(), ...prices]),
  }),
  ...(fetch && { fetch: { ...fetch, up_to: new Date(fetch.up_to).toISOString() } }),
})

/** Runs one case of candles.json; no decision changes how candles are built. */
export const runCandles: Runner = (raw, series) => {
  const vector = CandleCase.parse(raw)
  const got = run(vector, series)
  const expected = vector.expect
  const matches = agrees(normalized(got), normalized(expected), PRICE)
  return { expected, got, matches, deviation: null }
}
