import {
  fittingLocation,
  type Condition,
  type Element,
  type Indicator,
  type WorkflowDefinition,
} from '../domain/workflow.ts'
import { formatPoints, formatPrice, formatQuantity } from './format.ts'
import { levelName, UNIT_TIME_NAMES } from './names.ts'

type Instruments = Pick<WorkflowDefinition, 'index' | 'cfd'>

const levelInWords = (indicator: Indicator, { index, cfd }: Instruments): string => {
  const name = levelName(indicator.name, indicator.unit_time)
  switch (indicator.name) {
    case 'zone': {
      const [low, high] = [indicator.value, indicator.zone_value].toSorted((a, b) => a - b)
      return `${name} ${formatPrice(low ?? 0)} to ${formatPrice(high ?? 0)}`
    }
    case 'polarite':
      return `${name} ${formatPrice(indicator.value)}`
    case 'inclined': {
      const { x1, x2 } = indicator
      return `${name} from ${formatPrice(x1.y)} (${x1.x}) to ${formatPrice(x2.y)} (${x2.x})`
    }
    case 'ma7':
    case 'ma50':
    case 'bbb':
    case 'bbh':
    case 'combo':
      // A level that is computed on another instrument than the one that is traded.
      return index === cfd ? name : `${name} of ${index}`
  }
}

/** The side of the level on which the price is looked for; a line is about to be broken (D10). */
const sideOf = ({ close, indicator }: Condition): 'below' | 'above' => {
  if (indicator.name !== 'inclined') return close.direction
  return close.direction === 'below' ? 'above' : 'below'
}

const pricesInWords = (element: Element | null, side: 'below' | 'above'): string =>
  element ?? (side === 'below' ? 'close or high' : 'close or low')

const placeInWords = (condition: Condition, level: string): string => {
  const { indicator, close } = condition
  if (indicator.name === 'zone') return `in ${level}`
  if (close.spread === 0) return `exactly at ${level}`
  return `within ${formatPoints(close.spread)} ${sideOf(condition)} ${level}`
}

/**
 * What a condition asks for, as a sentence without its full stop. With `brief` it has neither
 * article nor verb, for a table.
 */
export const conditionInWords = (
  condition: Condition,
  instruments: Instruments,
  { brief = false } = {},
): string => {
  const { indicator, close, element } = condition
  const unit = UNIT_TIME_NAMES[close.unit_time]
  const level = levelInWords(indicator, instruments)
  const [the, is] = brief ? ['', ' '] : ['the ', ' is ']
  if (indicator.name === 'combo') {
    const signal = brief ? level.replace(/^the /, '') : level
    return `${signal} says ${close.direction === 'below' ? 'sell' : 'buy'}`
  }
  if (indicator.name === 'polarite' && element === null) {
    const [extreme, far] =
      close.direction === 'below' ? ['high', 'at or below'] : ['low', 'at or above']
    const near = placeInWords(condition, 'it')
    return `${the}${unit} candle reaches ${level} and closes ${far} it, or ${brief ? '' : 'its '}${extreme}${is}${near}`
  }
  const prices = pricesInWords(element, sideOf(condition))
  return `${the}${unit} ${prices}${is}${placeInWords(condition, level)}`
}

/** What is ordered when all conditions hold, as a sentence without its full stop. */
export const triggerInWords = ({ trigger, cfd }: WorkflowDefinition): string => {
  const [side, extreme] = trigger.location === 'lower' ? ['below', 'low'] : ['above', 'high']
  const at = trigger.offset === 0 ? 'at' : `${formatPoints(trigger.offset)} ${side}`
  return `${trigger.order_direction} ${formatQuantity(trigger.quantity)} ${cfd} ${at} the ${extreme} of the ${UNIT_TIME_NAMES[trigger.unit_time]} candle`
}

/** Why this workflow can never order anything, or null. Old definitions may hold such a trigger. */
export const triggerProblem = ({ conditions, trigger }: WorkflowDefinition): string | null => {
  const direction = conditions[0]?.close.direction
  if (!direction || trigger.location === fittingLocation(direction)) return null
  return `It never orders: a close ${direction} the level breaks out to the ${fittingLocation(direction)} side, and the trigger waits at the ${trigger.location} one.`
}
