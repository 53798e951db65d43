import type { Prices } from '../../domain/candle.ts'
import type { ConditionTrace } from '../../domain/decision.ts'
import type { Calendar } from '../../domain/ports.ts'
import type { Indicator, IndicatorName } from '../../domain/workflow.ts'
import { closesOf, sma } from './averages.ts'
import { bollinger } from './bollinger.ts'
import { combo } from './combo.ts'
import { inclinedValue } from './inclined.ts'
import { withoutDust } from './rounding.ts'

/** A level as a price, `[low, high]` of a zone, or the signal of a combo (null: none). */
export type Level = ConditionTrace['indicator_value']

/**
 * How many candles an indicator is given (DOMAIN 4.4). The combo depends on how many it gets, so
 * that the number is fixed and not left to what the price source returns.
 */
export const CANDLES_GIVEN: Record<IndicatorName, number> = {
  ma7: 12,
  ma50: 55,
  bbb: 21,
  bbh: 21,
  combo: 750,
  polarite: 1,
  zone: 1,
  inclined: 1,
}

/**
 * The level of an indicator, from candles that are newest first and, for an inclined line alone, the
 * calendar. Throws `insufficient_candles`, or `invalid` for inputs that make no level.
 */
export const levelOf = (
  indicator: Indicator,
  candles: readonly Prices[],
  calendar: () => Calendar,
): Level => {
  switch (indicator.name) {
    case 'ma7':
      return withoutDust(sma(closesOf(candles), 7))
    case 'ma50':
      return withoutDust(sma(closesOf(candles), 50))
    case 'bbb':
      return bollinger(closesOf(candles), 2.5).bottom
    case 'bbh':
      return bollinger(closesOf(candles), 2.5).up
    case 'combo':
      return combo(candles)?.direction ?? null
    case 'polarite':
      return indicator.value
    case 'zone': {
      const { value, zone_value } = indicator
      return [Math.min(value, zone_value), Math.max(value, zone_value)]
    }
    case 'inclined':
      return withoutDust(inclinedValue(indicator.x1, indicator.x2, calendar()))
  }
}
