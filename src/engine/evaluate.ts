import type { Candle, UnitTime } from '../domain/candle.ts'
import type { CandleTrace, ConditionTrace, Decision, Trace } from '../domain/decision.ts'
import { DomainError, hasCode } from '../domain/errors.ts'
import type { Calendar } from '../domain/ports.ts'
import { fittingLocation, type Condition, type WorkflowDefinition } from '../domain/workflow.ts'
import { checksOf } from './condition.ts'
import { CANDLES_GIVEN, levelOf, type Level } from './indicators/level.ts'
import { orderTypeOf, refusalOf, triggerPrice } from './trigger.ts'

/** All that an evaluation sees of the market. */
export interface MarketView {
  /** Closed candles, newest first. Throws a DomainError when that feed failed. */
  candles: (code: string, unit_time: UnitTime) => readonly Candle[]
  /** Throws a DomainError when the calendar is not to be had. */
  calendar: (code: string) => Calendar
  /** The tick size of the traded instrument, null where it is not known. */
  tick_size: number | null
}

export interface MarketNeeds {
  candles: { code: string; unit_time: UnitTime; count: number }[]
  calendars: string[]
}

/** What has to be fetched before a workflow can be evaluated, each feed once with its largest count. */
export const marketNeeds = ({
  index,
  cfd,
  conditions,
  trigger,
}: WorkflowDefinition): MarketNeeds => {
  const wanted = [
    ...conditions.flatMap(({ indicator, close }) => [
      { code: index, unit_time: indicator.unit_time, count: CANDLES_GIVEN[indicator.name] },
      { code: cfd, unit_time: close.unit_time, count: 1 },
    ]),
    { code: cfd, unit_time: trigger.unit_time, count: 1 },
  ]
  const feeds = new Map<string, (typeof wanted)[number]>()
  for (const need of wanted) {
    const key = JSON.stringify([need.code, need.unit_time])
    if (need.count > (feeds.get(key)?.count ?? 0)) feeds.set(key, need)
  }
  const lines = conditions.some(({ indicator }) => indicator.name === 'inclined')
  return { candles: [...feeds.values()], calendars: lines ? [index] : [] }
}

/** The newest candle of a feed, as the trace keeps it. */
const newest = (view: MarketView, role: string, code: string, unit_time: UnitTime): CandleTrace => {
  const candle = view.candles(code, unit_time)[0]
  if (!candle) {
    throw new DomainError(
      'insufficient_candles',
      `${code} ${unit_time}: the ${role} needs 1 candle, there are 0`,
    )
  }
  const { date, open, high, low, close } = candle
  return { code, unit_time, date, open, high, low, close }
}

const levelAt = (index: string, { indicator }: Condition, view: MarketView): Level => {
  const { name, unit_time } = indicator
  const given = view.candles(index, unit_time).slice(0, CANDLES_GIVEN[name])
  try {
    return levelOf(indicator, given, () => view.calendar(index))
  } catch (error) {
    if (!hasCode(error, 'insufficient_candles') && !hasCode(error, 'invalid')) throw error
    throw new DomainError(error.code, `${index} ${unit_time}: ${name}: ${error.message}`, {
      cause: error,
    })
  }
}

const evaluateCondition = (
  { index, cfd }: WorkflowDefinition,
  condition: Condition,
  view: MarketView,
): ConditionTrace => {
  const indicator_value = levelAt(index, condition, view)
  const candle = newest(view, 'close candle', cfd, condition.close.unit_time)
  const checks = checksOf(condition, indicator_value, candle)
  return {
    indicator: condition.indicator.name,
    indicator_code: index,
    indicator_unit_time: condition.indicator.unit_time,
    indicator_value,
    direction: condition.close.direction,
    spread: condition.close.spread,
    element: condition.element,
    candle,
    checks,
    holds: checks.some(({ holds }) => holds),
  }
}

const evaluateTrigger = (
  { cfd, trigger }: WorkflowDefinition,
  view: MarketView,
): Trace['trigger'] => {
  const candle = newest(view, 'trigger candle', cfd, trigger.unit_time)
  return {
    candle,
    location: trigger.location,
    offset: trigger.offset,
    price: triggerPrice(trigger, candle, view.tick_size),
    tick_size: view.tick_size,
  }
}

/**
 * Decides what a workflow wants, given the market, with the trace of everything that was compared.
 * All conditions are evaluated, also after one that does not hold, so that the trace answers "why
 * not". Throws `insufficient_candles`, `market_unavailable` or `invalid` when a candle, a calendar
 * or a level is missing, also when it would not have changed the outcome (DOMAIN 4.4).
 */
export const evaluate = (workflow: WorkflowDefinition, view: MarketView): Decision => {
  const conditions = workflow.conditions.map((each) => evaluateCondition(workflow, each, view))
  const [first] = conditions
  if (!first) throw new DomainError('invalid', 'the workflow has no condition')
  const trigger = evaluateTrigger(workflow, view)
  const trace: Trace = { conditions, trigger }
  const slot = trigger.candle.date
  if (!conditions.every(({ holds }) => holds)) return { kind: 'no_signal', slot, trace }
  if (trigger.location !== fittingLocation(first.direction)) {
    return { kind: 'unsupported_trigger', slot, trace }
  }
  const order = {
    code: workflow.cfd,
    direction: workflow.trigger.order_direction === 'sell' ? ('SELL' as const) : ('BUY' as const),
    order_type: orderTypeOf(workflow.trigger),
    price: trigger.price,
    quantity: workflow.trigger.quantity,
  }
  const reason = refusalOf(order)
  if (reason !== null) return { kind: 'refused', slot, reason, trace }
  return { kind: 'order', slot, trigger_close: first.candle.close, order, trace }
}
