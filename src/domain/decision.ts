import { z } from 'zod'
import { Instant, UNIT_TIMES } from './candle.ts'

const CandleTrace = z.object({
  code: z.string(),
  unit_time: z.enum(UNIT_TIMES),
  date: Instant,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
})
export type CandleTrace = z.infer<typeof CandleTrace>

const priceName = z.enum(['close', 'high', 'low'])

/** One comparison: what was compared with what, and how it came out. All bounds are inclusive. */
const Check = z.discriminatedUnion('rule', [
  z.object({
    rule: z.literal('within'),
    price: priceName,
    value: z.number(),
    lower: z.number(),
    upper: z.number(),
    holds: z.boolean(),
  }),
  // The candle reached the level and closed on the far side of it.
  z.object({
    rule: z.literal('straddles'),
    reached: z.enum(['high', 'low']),
    reached_value: z.number(),
    close: z.number(),
    level: z.number(),
    holds: z.boolean(),
  }),
  z.object({
    rule: z.literal('signal'),
    expected: z.enum(['BUY', 'SELL']),
    actual: z.enum(['BUY', 'SELL']).nullable(),
    holds: z.boolean(),
  }),
])
export type Check = z.infer<typeof Check>

/** How one condition was evaluated. It holds when any one of its checks holds. */
const ConditionTrace = z.object({
  indicator: z.string(),
  indicator_code: z.string(),
  indicator_unit_time: z.enum(UNIT_TIMES),
  /** The level as a price, `[low, high]` of a zone, or the combo's signal (null: none). */
  indicator_value: z.union([
    z.number(),
    z.tuple([z.number(), z.number()]),
    z.enum(['BUY', 'SELL']),
    z.null(),
  ]),
  direction: z.enum(['below', 'above']),
  spread: z.number(),
  element: priceName.nullable(),
  candle: CandleTrace,
  checks: z.array(Check),
  holds: z.boolean(),
})
export type ConditionTrace = z.infer<typeof ConditionTrace>

/** Why a workflow decided as it did: every candle, value, bound and result that was looked at. */
export const Trace = z.object({
  conditions: z.array(ConditionTrace),
  trigger: z.object({
    candle: CandleTrace,
    location: z.enum(['lower', 'higher']),
    offset: z.number(),
    /** Low - offset or high + offset, rounded to the tick size where one is known. */
    price: z.number(),
    tick_size: z.number().nullable(),
  }),
})
export type Trace = z.infer<typeof Trace>

/** An order that a workflow asks for, before it has met a broker. */
export const ProposedOrder = z.object({
  code: z.string(),
  direction: z.enum(['BUY', 'SELL']),
  order_type: z.enum(['LIMIT', 'OPEN_STOP']),
  price: z.number(),
  quantity: z.number(),
})
export type ProposedOrder = z.infer<typeof ProposedOrder>

/**
 * What a workflow wants, given the candles. `slot` is the open time of the trigger candle: there is
 * one order per workflow and slot. `trigger_close` is the close of the first condition's candle.
 */
export const Decision = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('order'),
    slot: Instant,
    trigger_close: z.number(),
    order: ProposedOrder,
    trace: Trace,
  }),
  z.object({ kind: z.literal('no_signal'), slot: Instant, trace: Trace }),
  z.object({ kind: z.literal('unsupported_trigger'), slot: Instant, trace: Trace }),
  z.object({ kind: z.literal('refused'), slot: Instant, reason: z.string(), trace: Trace }),
])
export type Decision = z.infer<typeof Decision>
