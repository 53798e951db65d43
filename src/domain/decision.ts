import { z } from 'zod'
import { Instant, UnitTime } from './candle.ts'

const price = z.number()

const CandleTrace = z
  .object({
    code: z.string().meta({ description: 'The code of the instrument' }),
    unit_time: UnitTime,
    date: Instant.meta({ description: 'When its period opened' }),
    open: price,
    high: price,
    low: price,
    close: price,
  })
  .meta({
    id: 'Candle',
    description: 'A closed candle; its prices are in the currency of the instrument',
  })
export type CandleTrace = z.infer<typeof CandleTrace>

const priceName = z.enum(['close', 'high', 'low'])
const holds = z.boolean().meta({ description: 'How the comparison came out' })

/** One comparison: what was compared with what, and how it came out. All bounds are inclusive. */
const Check = z
  .discriminatedUnion('rule', [
    z
      .object({
        rule: z.literal('within'),
        price: priceName.meta({ description: 'Which price of the candle was compared' }),
        value: price.meta({ description: 'That price' }),
        lower: price.meta({ description: 'It holds from this price on' }),
        upper: price.meta({ description: 'It holds up to this price' }),
        holds,
      })
      .meta({
        id: 'WithinCheck',
        description: 'A price of the candle lies within two bounds, both included',
      }),
    z
      .object({
        rule: z.literal('straddles'),
        reached: z.enum(['high', 'low']).meta({ description: 'Which end of the candle got there' }),
        reached_value: price.meta({ description: 'The price of that end' }),
        close: price.meta({ description: 'The price at which the candle closed' }),
        level: price.meta({ description: 'The price that was reached' }),
        holds,
      })
      .meta({
        id: 'StraddlesCheck',
        description: 'The candle reached the level and closed on the far side of it',
      }),
    z
      .object({
        rule: z.literal('signal'),
        expected: z.enum(['BUY', 'SELL']),
        actual: z.enum(['BUY', 'SELL']).nullable().meta({ description: 'Null: no signal' }),
        holds,
      })
      .meta({
        id: 'SignalCheck',
        description: 'The indicator gives the signal that is waited for',
      }),
  ])
  .meta({ id: 'Check', description: 'One comparison: what with what, and how it came out' })
export type Check = z.infer<typeof Check>

/** How one condition was evaluated. It holds when any one of its checks holds. */
const ConditionTrace = z
  .object({
    indicator: z.string(),
    indicator_code: z
      .string()
      .meta({ description: 'The code of the instrument that it was computed on' }),
    indicator_unit_time: UnitTime,
    indicator_value: z
      .union([z.number(), z.tuple([z.number(), z.number()]), z.enum(['BUY', 'SELL']), z.null()])
      .meta({
        description:
          'The level as a price, the lowest and the highest price of a zone, or a signal, null when there is none',
      }),
    direction: z.enum(['below', 'above']),
    spread: z.number().meta({ description: 'In points' }),
    element: priceName.nullable().meta({
      description:
        'The one price of the candle that counts; null: the close, and the end that faces the level',
    }),
    candle: CandleTrace,
    checks: z.array(Check),
    holds: z.boolean().meta({ description: 'True when any one of the checks holds' }),
  })
  .meta({ id: 'ConditionTrace', description: 'How one condition was evaluated' })
export type ConditionTrace = z.infer<typeof ConditionTrace>

/** Why a workflow decided as it did: every candle, value, bound and result that was looked at. */
export const Trace = z
  .object({
    conditions: z
      .array(ConditionTrace)
      .meta({ description: 'All of them, in the order of the definition' }),
    trigger: z.object({
      candle: CandleTrace,
      location: z.enum(['lower', 'higher']),
      offset: z.number().meta({ description: 'In points' }),
      price: price.meta({
        description:
          'Low - offset or high + offset, rounded to the tick size where one is known: the price of the order',
      }),
      tick_size: z.number().nullable().meta({ description: 'In points; null: not known' }),
    }),
  })
  .meta({
    id: 'Trace',
    description:
      'Why a workflow decided as it did: every candle, value, bound and result that was looked at',
  })
export type Trace = z.infer<typeof Trace>

/** An order that a workflow asks for, before it has met a broker. */
export const ProposedOrder = z
  .object({
    code: z.string().meta({ description: 'The code of the instrument that is traded' }),
    direction: z.enum(['BUY', 'SELL']),
    order_type: z.enum(['LIMIT', 'OPEN_STOP']),
    price: price.meta({ description: 'In the currency of the instrument' }),
    quantity: z.number().meta({ description: 'In units of the instrument' }),
  })
  .meta({ id: 'ProposedOrder', description: 'An order that a workflow asks for' })
export type ProposedOrder = z.infer<typeof ProposedOrder>

const slot = Instant.meta({
  description: 'When the candle of the trigger opened: there is one order per workflow and slot',
})

/**
 * What a workflow wants, given the candles. `slot` is the open time of the trigger candle: there is
 * one order per workflow and slot. `trigger_close` is the close of the first condition's candle.
 */
export const Decision = z
  .discriminatedUnion('kind', [
    z
      .object({
        kind: z.literal('order'),
        slot,
        trigger_close: price.meta({ description: "The close of the first condition's candle" }),
        order: ProposedOrder,
        trace: Trace,
      })
      .meta({ id: 'OrderDecision', description: 'All conditions hold' }),
    z
      .object({ kind: z.literal('no_signal'), slot, trace: Trace })
      .meta({ id: 'NoSignalDecision', description: 'A condition does not hold' }),
    z.object({ kind: z.literal('unsupported_trigger'), slot, trace: Trace }).meta({
      id: 'UnsupportedTriggerDecision',
      description: 'All conditions hold, and the trigger is on the side that nothing breaks out to',
    }),
    z
      .object({ kind: z.literal('refused'), slot, reason: z.string(), trace: Trace })
      .meta({ id: 'RefusedDecision', description: 'Its price or quantity makes no order' }),
  ])
  .meta({ id: 'Decision', description: 'What a workflow wants, given the candles' })
export type Decision = z.infer<typeof Decision>
