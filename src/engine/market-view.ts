import type { Candle } from '../domain/candle.ts'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { Calendar, CandleRequest, Instrument, MarketData } from '../domain/ports.ts'
import { marketOf, type Workflow } from '../domain/workflow.ts'
import { marketNeeds, type MarketView } from './evaluate.ts'
import { inParallel } from '../domain/in-parallel.ts'

const FETCHES_AT_ONCE = 8

/** The answer of the price source, or its failure, to be told to every workflow that needs it. */
type Answer<T> = { value: T } | { error: unknown }

const answerOf = async <T>(promise: Promise<T>): Promise<Answer<T>> => {
  try {
    return { value: await promise }
  } catch (error) {
    return { error }
  }
}

const valueOf = <T>(answer: Answer<T> | undefined, what: string): T => {
  if (!answer) throw new DomainError('market_unavailable', `${what} was not asked for`)
  if ('value' in answer) return answer.value
  if (answer.error instanceof DomainError) throw answer.error
  throw new DomainError('market_unavailable', `${what}: ${messageOf(answer.error)}`, {
    cause: answer.error,
  })
}

const fetchAll = async <Request, T>(
  requests: ReadonlyMap<string, Request>,
  fetch: (request: Request) => Promise<T>,
): Promise<Map<string, Answer<T>>> =>
  new Map(
    await inParallel(
      [...requests],
      FETCHES_AT_ONCE,
      async ([key, request]) => [key, await answerOf(fetch(request))] as const,
    ),
  )

/**
 * Reads candles that were fetched, newest first.
 * @throws DomainError what the fetch failed with, or `market_unavailable` for a series that was not
 *   among them
 */
export type FetchedCandles = (
  series: Pick<CandleRequest, 'code' | 'unit_time' | 'market'>,
) => readonly Candle[]

/**
 * Fetches each series once, with the largest count that is asked for. A failed fetch fails those who
 * read that series, and nobody else.
 */
export const fetchCandles = async (
  market: Pick<MarketData, 'candles'>,
  requests: readonly CandleRequest[],
): Promise<FetchedCandles> => {
  const series = new Map<string, CandleRequest>()
  for (const request of requests) {
    const known = series.get(seriesKey(request))?.count ?? 0
    series.set(seriesKey(request), { ...request, count: Math.max(request.count, known) })
  }
  const answers = await fetchAll(series, market.candles)
  return (wanted) =>
    valueOf(answers.get(seriesKey(wanted)), `${wanted.unit_time} candles of ${wanted.code}`)
}

export interface RunMarket {
  view: (workflow: Workflow) => MarketView
  instrument: (code: string) => Instrument
}

/**
 * Everything that these workflows need from the market, each series fetched once however many
 * workflows share it, with the largest count that any of them needs. A failed fetch fails only the
 * workflows that need it, when they read it.
 */
export const fetchMarket = async (
  market: MarketData,
  workflows: readonly Workflow[],
  now: Date,
): Promise<RunMarket> => {
  const requests: CandleRequest[] = []
  const calendarCodes = new Map<string, string>()
  const tradedCodes = new Map<string, string>()
  for (const workflow of workflows) {
    const needs = marketNeeds(workflow)
    for (const need of needs.candles) {
      requests.push({ ...need, market: marketOf(workflow), now })
    }
    for (const code of needs.calendars) calendarCodes.set(code, code)
    tradedCodes.set(workflow.cfd, workflow.cfd)
  }
  const [candles, calendars, instruments] = await Promise.all([
    fetchCandles(market, requests),
    fetchAll(calendarCodes, (code): Promise<Calendar> => market.calendar(code, now)),
    fetchAll(tradedCodes, market.instrument),
  ])

  // What an instrument is called must not decide whether it is traded.
  const instrument = (code: string): Instrument => {
    const answer = instruments.get(code)
    return answer && 'value' in answer ? answer.value : { asset_type: null, tick_size: null }
  }
  return {
    instrument,
    view: (workflow) => ({
      candles: (code, unit_time) => candles({ code, unit_time, market: marketOf(workflow) }),
      calendar: (code) => valueOf(calendars.get(code), `the calendar of ${code}`),
      tick_size: instrument(workflow.cfd).tick_size,
    }),
  }
}

const seriesKey = ({ market, code, unit_time }: Parameters<FetchedCandles>[0]): string =>
  `${market}|${unit_time}|${code}`
