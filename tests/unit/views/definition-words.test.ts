import { describe, expect, test } from 'vitest'
import {
  conditionInWords,
  triggerInWords,
  triggerProblem,
} from '../../../src/views/definition-words.ts'
import { statusOf } from '../../../src/views/names.ts'
import { aWorkflow, NOW } from './samples.ts'

interface Given {
  indicator: Record<string, unknown>
  direction: 'below' | 'above'
  spread?: number
  element?: 'close' | 'high' | 'low'
  unit_time?: string
  index?: string
}

const words = (
  { indicator, direction, spread = 40, element, unit_time, index }: Given,
  brief = false,
) => {
  const workflow = aWorkflow({
    index: index ?? 'DAX.I',
    cfd: 'DAX.I',
    conditions: [
      {
        indicator: { unit_time: 'weekly', ...indicator },
        close: { direction, unit_time: unit_time ?? 'daily', spread },
        element,
      },
    ],
  })
  const [condition] = workflow.conditions
  if (!condition) throw new Error('no condition')
  return conditionInWords(condition, workflow, { brief })
}

const line = {
  name: 'inclined',
  x1: { x: '2012-11-16', y: 1343.35 },
  x2: { x: '2014-02-05', y: 1737.92 },
}
const zone = { name: 'zone', value: 7833.2, zone_value: 7820 }
const pivot = { name: 'polarite', value: 7900 }

describe('a condition in words', () => {
  test.each<[Given, string]>([
    [
      { indicator: { name: 'ma7' }, direction: 'below' },
      'the daily close or high is within 40 points below the weekly MA7',
    ],
    [
      { indicator: { name: 'ma50' }, direction: 'above' },
      'the daily close or low is within 40 points above the weekly MA50',
    ],
    [
      { indicator: { name: 'ma50' }, direction: 'above', element: 'high', unit_time: 'h4' },
      'the 4-hour high is within 40 points above the weekly MA50',
    ],
    [
      { indicator: { name: 'bbb' }, direction: 'above', element: 'low', spread: 1.5 },
      'the daily low is within 1.5 points above the weekly lower Bollinger band',
    ],
    [
      { indicator: { name: 'bbh' }, direction: 'below', spread: 1 },
      'the daily close or high is within 1 point below the weekly upper Bollinger band',
    ],
    [
      { indicator: zone, direction: 'below' },
      'the daily close or high is in the zone 7,820 to 7,833.2',
    ],
    [
      { indicator: zone, direction: 'above', element: 'close' },
      'the daily close is in the zone 7,820 to 7,833.2',
    ],
    [
      { indicator: pivot, direction: 'below', spread: 10 },
      'the daily candle reaches the level 7,900 and closes at or below it, or its high is within 10 points below it',
    ],
    [
      { indicator: pivot, direction: 'above', spread: 10 },
      'the daily candle reaches the level 7,900 and closes at or above it, or its low is within 10 points above it',
    ],
    [
      { indicator: pivot, direction: 'above', spread: 10, element: 'low' },
      'the daily low is within 10 points above the level 7,900',
    ],
    [{ indicator: { name: 'combo' }, direction: 'below' }, 'the weekly combo signal says sell'],
    [{ indicator: { name: 'combo' }, direction: 'above' }, 'the weekly combo signal says buy'],
  ])('%o', (given, text) => {
    expect(words(given)).toBe(text)
  })

  test('a line is about to be broken, so that below it means just above it', () => {
    expect(words({ indicator: line, direction: 'below', spread: 12 })).toBe(
      'the daily close or low is within 12 points above the line from 1,343.35 (2012-11-16) to 1,737.92 (2014-02-05)',
    )
    expect(words({ indicator: line, direction: 'above', spread: 12 })).toMatch(
      /^the daily close or high is within 12 points below the line/,
    )
  })

  test('without a spread only the level itself counts', () => {
    expect(words({ indicator: { name: 'ma50' }, direction: 'below', spread: 0 })).toBe(
      'the daily close or high is exactly at the weekly MA50',
    )
  })

  test('names the instrument of the level where it is not the traded one', () => {
    expect(words({ indicator: { name: 'ma50' }, direction: 'below', index: 'FDAX' })).toBe(
      'the daily close or high is within 40 points below the weekly MA50 of FDAX',
    )
  })

  test('is shorter in a table', () => {
    expect(words({ indicator: { name: 'ma50' }, direction: 'below' }, true)).toBe(
      'daily close or high within 40 points below the weekly MA50',
    )
    expect(words({ indicator: { name: 'combo' }, direction: 'above' }, true)).toBe(
      'weekly combo signal says buy',
    )
    expect(words({ indicator: pivot, direction: 'below', spread: 5 }, true)).toBe(
      'daily candle reaches the level 7,900 and closes at or below it, or high within 5 points below it',
    )
  })
})

describe('a trigger in words', () => {
  const trigger = { unit_time: 'h1', location: 'higher', order_direction: 'buy', quantity: 0.5 }

  test.each([
    [{ ...trigger, offset: 1 }, 'buy 0.5 US500.I 1 point above the high of the hourly candle'],
    [
      { ...trigger, location: 'lower', order_direction: 'sell', offset: 0.1 },
      'sell 0.5 US500.I 0.1 points below the low of the hourly candle',
    ],
    [{ ...trigger, offset: 0 }, 'buy 0.5 US500.I at the high of the hourly candle'],
  ])('%o', (given, text) => {
    expect(triggerInWords(aWorkflow({ trigger: given }))).toBe(text)
  })

  test('says so when it can never order', () => {
    expect(triggerProblem(aWorkflow({ trigger: { ...trigger, location: 'lower' } }))).toMatch(
      /^It never orders: a close above the level breaks out to the higher side/,
    )
    expect(triggerProblem(aWorkflow())).toBeNull()
  })
})

describe('the status of a workflow', () => {
  test('is enabled until its end date has passed', () => {
    expect(statusOf(aWorkflow(), NOW)).toBe('enabled')
    expect(statusOf(aWorkflow({ end_date: '2026-11-23' }), NOW)).toBe('enabled')
    expect(statusOf(aWorkflow({ end_date: '2026-11-22' }), NOW)).toBe('ended')
  })

  test('is disabled when it is switched off, whatever its end date', () => {
    expect(statusOf(aWorkflow({ enable: false, end_date: '2026-11-22' }), NOW)).toBe('disabled')
  })
})
