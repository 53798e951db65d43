import { z } from 'zod'
import type { Candle } from '../../src/domain/candle.ts'
import { DomainError, type ErrorCode } from '../../src/domain/errors.ts'
import { marketOf, type WorkflowDefinition } from '../../src/domain/workflow.ts'
import { evaluate, marketNeeds, type MarketView } from '../../src/engine/evaluate.ts'
import { gate } from '../../src/domain/gate.ts'
import { agrees, PRICE } from './compare.ts'
import { calendarOn, Slice, sliceOf, VectorCalendar, type Series } from './vectors.ts'
import { dayOf } from './verdict.ts'

export const EngineCase = z.object({
  workflow: z.looseObject({ cfd: z.unknown(), is_us: z.unknown(), conditions: z.unknown() }),
  feeds: z.record(z.string(), Slice.nullable()),
  now: z.string(),
  calendar: VectorCalendar.optional(),
  expect: z.object({
    outcome: z.string(),
    market: z.string().optional(),
    order: z
      .object({
        code: z.string(),
        price: z.number(),
        quantity: z.number(),
        direction: z.string(),
        type: z.string(),
      })
      .optional(),
    trigger_close: z.number().optional(),
  }),
})
export type EngineCase = z.infer<typeof EngineCase>

export interface EngineResult {
  outcome: string
  market?: string
  order?: EngineCase['expect']['order']
  trigger_close?: number
  /** The code of the domain error that came instead of a decision. */
  error?: ErrorCode
  /** Why there is no order, in the product's own words. */
  reason?: string
}

/** Fetches what the workflow says it needs, and nothing else: a need it left out is an error. */
const viewOf = (
  definition: WorkflowDefinition,
  { feeds, calendar }: EngineCase,
  series: Series,
  today: string,
): MarketView => {
  const needs = marketNeeds(definition)
  const fetched = new Map(
    needs.candles.map(({ code, unit_time }) => {
      const key = `${code}|${unit_time}`
      const slice = feeds[key]
      return [key, slice ? sliceOf(series, slice) : null] as [string, Candle[] | null]
    }),
  )
  return {
    candles: (code, unit_time) => {
      const candles = fetched.get(`${code}|${unit_time}`)
      if (candles === undefined) throw new Error(`${code} ${unit_time} is not among the needs`)
      if (candles) return candles
      throw new DomainError('market_unavailable', `${code} ${unit_time}: the feed failed`)
    },
    calendar: (code) => {
      if (needs.calendars.includes(code)) return calendarOn(today, calendar)
      throw new Error(`the calendar of ${code} is not among the needs`)
    },
    tick_size: null,
  }
}

/** Gate, needs and evaluation of a definition on the feeds of a vector. */
export const runDefinition = (
  definition: WorkflowDefinition,
  vector: EngineCase,
  series: Series,
  today: string = dayOf(vector.now),
): EngineResult => {
  const closed = gate(definition, new Date(vector.now))
  if (closed) return { outcome: closed }
  const market = marketOf(definition)
  try {
    const decision = evaluate(definition, viewOf(definition, vector, series, today))
    if (decision.kind !== 'order') {
      const reason = decision.kind === 'refused' ? { reason: decision.reason } : {}
      return { outcome: decision.kind, market, ...reason }
    }
    const { order_type: type, ...order } = decision.order
    return {
      outcome: 'order',
      market,
      order: { ...order, type },
      trigger_close: decision.trigger_close,
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { outcome: 'error', market, error: error.code, reason: error.message }
  }
}

/** Whether a result is the one that a vector expects, in every field that it names. */
export const engineMatches = (got: EngineResult, expected: EngineCase['expect']): boolean =>
  got.outcome === expected.outcome &&
  (expected.market === undefined || got.market === expected.market) &&
  agrees(got.order, expected.order, PRICE) &&
  agrees(got.trigger_close, expected.trigger_close, PRICE)
