import type { Check, Trace } from '../domain/decision.ts'
import { formatPoints, formatPrice } from './format.ts'
import { candleName, levelName } from './names.ts'

type ConditionTrace = Trace['conditions'][number]
type Within = Extract<Check, { rule: 'within' }>
type Straddles = Extract<Check, { rule: 'straddles' }>
type Signal = Extract<Check, { rule: 'signal' }>

/** The level without its value: `the weekly MA50`, `the zone`. */
export const bareLevelInWords = ({
  indicator,
  indicator_unit_time,
  indicator_code,
  candle,
}: ConditionTrace): string => {
  const name = levelName(indicator, indicator_unit_time)
  return indicator_code === candle.code ? name : `${name} of ${indicator_code}`
}

/** The level with its value: `the weekly MA50 at 7,860.1`, `the zone 98 to 99.5`. */
export const levelInWords = (
  condition: ConditionTrace,
  price: (price: number) => string = formatPrice,
): string => {
  const { indicator_value } = condition
  const level = bareLevelInWords(condition)
  if (Array.isArray(indicator_value)) {
    return `${level} ${price(indicator_value[0])} to ${price(indicator_value[1])}`
  }
  return typeof indicator_value === 'number' ? `${level} at ${price(indicator_value)}` : level
}

/** Where the check looked for the price, seen from the level. */
const placeInWords = ({ lower, upper }: Within, condition: ConditionTrace): string => {
  const level = levelInWords(condition)
  const { indicator_value, spread } = condition
  if (typeof indicator_value !== 'number') return `in ${level}`
  if (lower === upper) return `exactly at ${level}`
  if (upper === indicator_value) return `within ${formatPoints(spread)} below ${level}`
  if (lower === indicator_value) return `within ${formatPoints(spread)} above ${level}`
  return `between ${formatPrice(lower)} and ${formatPrice(upper)}`
}

/** How far a price is outside of the bounds of its check: `12.3 points above`; null when inside. */
export const distanceInWords = ({ value, lower, upper }: Within): string | null => {
  if (value > upper) return `${formatPoints(value - upper)} above`
  if (value < lower) return `${formatPoints(lower - value)} below`
  return null
}

/** `told` is the check of the sentence before this one, so that its bounds are not said again. */
const withinInWords = (check: Within, condition: ConditionTrace, told?: Check): string => {
  const price = `${check.price} ${formatPrice(check.value)} was`
  const distance = distanceInWords(check)
  if (distance === null) return `${price} ${placeInWords(check, condition)}`
  if (told?.rule === 'within' && told.lower === check.lower && told.upper === check.upper) {
    return `${price} ${distance} it`
  }
  if (check.lower === check.upper) return `${price} ${distance} ${levelInWords(condition)}`
  const band = typeof condition.indicator_value === 'number' ? 'band' : 'zone'
  return `${price} ${distance} the ${band} ${formatPrice(check.lower)} to ${formatPrice(check.upper)}`
}

const straddleInWords = (check: Straddles, condition: ConditionTrace): string => {
  const level = levelInWords(condition)
  const reached = `${check.reached} ${formatPrice(check.reached_value)}`
  const close = formatPrice(check.close)
  const [near, far] = check.reached === 'high' ? ['below', 'above'] : ['above', 'below']
  if (check.holds) {
    const side = check.close === check.level ? 'at it' : `${near} it at ${close}`
    return `${reached} reached ${level} and the candle closed ${side}`
  }
  const missing =
    check.reached === 'high' ? check.level - check.reached_value : check.reached_value - check.level
  if (missing > 0) return `${reached} stayed ${formatPoints(missing)} ${near} ${level}`
  const beyond = formatPoints(Math.abs(check.close - check.level))
  return `${reached} reached ${level}, but close ${close} was ${beyond} ${far} it`
}

const signalInWords = ({ expected, actual, holds }: Signal, condition: ConditionTrace): string => {
  const level = levelInWords(condition)
  if (holds) return `${level} said ${expected.toLowerCase()}`
  const said =
    actual === null
      ? `there was no ${level.replace(/^the /, '')}`
      : `${level} said ${actual.toLowerCase()}`
  return `${said}, and ${expected.toLowerCase()} was wanted`
}

const checkInWords = (check: Check, condition: ConditionTrace, told?: Check): string => {
  switch (check.rule) {
    case 'within':
      return withinInWords(check, condition, told)
    case 'straddles':
      return straddleInWords(check, condition)
    case 'signal':
      return signalInWords(check, condition)
  }
}

/**
 * Why a condition holds, by the first check that does, or why not, by all of them; a sentence that
 * begins in lower case and has no full stop.
 */
export const conditionSentence = (condition: ConditionTrace): string => {
  const decisive = condition.checks.find(({ holds }) => holds)
  const told = decisive ? [decisive] : condition.checks
  const sentences = told.map((check, index) => checkInWords(check, condition, told[index - 1]))
  return `${sentences.join(', and ')} (${candleName(condition.candle)})`
}

/** What a condition wanted of the price, or null when it waits for a signal. */
export const lookedFor = (condition: ConditionTrace): string | null => {
  const { checks } = condition
  const straddle = checks.find(({ rule }) => rule === 'straddles')
  const near = checks.find(({ rule }) => rule === 'within')
  const wanted: string[] = []
  if (straddle?.rule === 'straddles') {
    const side = straddle.reached === 'high' ? 'at or below' : 'at or above'
    wanted.push(`${straddle.reached} reaching ${levelInWords(condition)} and close ${side} it`)
  }
  if (near?.rule === 'within') {
    const prices = checks.flatMap((check) => (check.rule === 'within' ? check.price : []))
    wanted.push(`${prices.join(' or ')} ${placeInWords(near, condition)}`)
  }
  return wanted.length > 0 ? wanted.join(', or ') : null
}

/** Where the price of the order comes from. */
export const triggerSentence = ({
  candle,
  location,
  offset,
  price,
  tick_size,
}: Trace['trigger']): string => {
  const lower = location === 'lower'
  const extreme = lower ? 'low' : 'high'
  const exact = candle[extreme] + (lower ? -offset : offset)
  const place = offset === 0 ? 'at' : `${formatPoints(offset)} ${lower ? 'below' : 'above'}`
  const rounded =
    tick_size === null || formatPrice(exact) === formatPrice(price)
      ? ''
      : `, rounded to the tick of ${formatPrice(tick_size)}`
  return `the price ${formatPrice(price)} is ${place} the ${extreme} ${formatPrice(candle[extreme])} of the ${candleName(candle)}${rounded}`
}

/** A decision in words: a sentence per condition, and one for the price. */
export const traceSentences = ({ conditions, trigger }: Trace): string[] => [
  ...conditions.map(conditionSentence),
  triggerSentence(trigger),
]
