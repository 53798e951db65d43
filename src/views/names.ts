import type { AttentionEntry } from '../domain/attention.ts'
import type { UnitTime } from '../domain/candle.ts'
import type { CandleTrace } from '../domain/decision.ts'
import { gate } from '../domain/gate.ts'
import type { Order } from '../domain/order.ts'
import type { IndicatorName, RunOutcome, Workflow } from '../domain/workflow.ts'

/** A unit time as an adjective: `the weekly candle`. */
export const UNIT_TIME_NAMES: Record<UnitTime, string> = {
  '5m': '5-minute',
  '15m': '15-minute',
  '30m': '30-minute',
  h1: 'hourly',
  h4: '4-hour',
  daily: 'daily',
  weekly: 'weekly',
  monthly: 'monthly',
}

const LEVEL_NAMES: Record<IndicatorName, (unit_time: UnitTime) => string> = {
  ma7: (unit_time) => `the ${UNIT_TIME_NAMES[unit_time]} MA7`,
  ma50: (unit_time) => `the ${UNIT_TIME_NAMES[unit_time]} MA50`,
  bbb: (unit_time) => `the ${UNIT_TIME_NAMES[unit_time]} lower Bollinger band`,
  bbh: (unit_time) => `the ${UNIT_TIME_NAMES[unit_time]} upper Bollinger band`,
  combo: (unit_time) => `the ${UNIT_TIME_NAMES[unit_time]} combo signal`,
  // These three are drawn by hand and are the same on every chart, whatever its unit time.
  polarite: () => 'the level',
  zone: () => 'the zone',
  inclined: () => 'the line',
}

const isIndicator = (name: string): name is IndicatorName => Object.hasOwn(LEVEL_NAMES, name)

/** The level of an indicator: `the weekly MA50`. A name that is not known is shown as it is. */
export const levelName = (indicator: string, unit_time: UnitTime): string =>
  isIndicator(indicator)
    ? LEVEL_NAMES[indicator](unit_time)
    : `the ${UNIT_TIME_NAMES[unit_time]} ${indicator}`

/** The same beside a drawing, where there is room for a word or two. */
const LEVEL_LABELS: Record<IndicatorName, string> = {
  ma7: 'MA7',
  ma50: 'MA50',
  bbb: 'lower band',
  bbh: 'upper band',
  combo: 'combo',
  polarite: 'level',
  zone: 'zone',
  inclined: 'line',
}

/** What a level is called beside a drawing of it: `MA50`. */
export const levelLabel = (indicator: string): string =>
  isIndicator(indicator) ? LEVEL_LABELS[indicator] : indicator

const LONG_CANDLES: readonly UnitTime[] = ['daily', 'weekly', 'monthly']

type CandleId = Pick<CandleTrace, 'unit_time' | 'date'>

/** When a candle opened: `2016-03-04`, or `2016-03-04 09:30 UTC` where a day has several. */
export const candleTime = ({ unit_time, date }: CandleId): string =>
  LONG_CANDLES.includes(unit_time)
    ? date.slice(0, 10)
    : `${date.slice(0, 16).replace('T', ' ')} UTC`

/** Which candle it is, by the time it opened: `daily candle of 2016-03-04`. */
export const candleName = (candle: CandleId): string =>
  `${UNIT_TIME_NAMES[candle.unit_time]} candle of ${candleTime(candle)}`

/** How a run ended for a workflow, in a few words. */
export const OUTCOME_NAMES: Record<RunOutcome, string> = {
  placed: 'Order placed',
  duplicate: 'Already ordered',
  dry_run: 'Would have ordered',
  no_signal: 'No signal',
  unsupported_trigger: 'Trigger does not fit',
  refused: 'Refused',
  unsent: 'Not sent to the broker',
  unknown: 'No clear answer from the broker',
  late: 'Too late to place',
  left: 'No time left for it',
  failed: 'Failed',
  disabled: 'Not evaluated: disabled',
  expired: 'Not evaluated: ended',
}

export const ORDER_TYPE_NAMES: Record<Order['order_type'], string> = {
  OPEN_STOP: 'Stop',
  LIMIT: 'Limit',
}

/** How far an order got that needs attention, in a few words. */
export const ATTENTION_NAMES: Record<AttentionEntry['state'], string> = {
  claimed: 'Unclear',
  placed: 'Not recorded yet',
  abandoned: 'Not placed',
}

export type WorkflowStatus = 'enabled' | 'disabled' | 'ended'

/** Whether a workflow takes part in runs. */
export const statusOf = (
  workflow: Pick<Workflow, 'enable' | 'end_date'>,
  now: Date,
): WorkflowStatus => {
  const gated = gate(workflow, now)
  return gated === 'expired' ? 'ended' : (gated ?? 'enabled')
}

/** The text with a capital first letter. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
