import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Candle } from '../../../src/domain/candle.ts'
import { Decision } from '../../../src/domain/decision.ts'
import { DomainError } from '../../../src/domain/errors.ts'
import { StoredDefinition } from '../../../src/domain/workflow.ts'
import { evaluate, marketNeeds, type MarketView } from '../../../src/engine/evaluate.ts'

const polarite = (value: number, direction = 'below') => ({
  indicator: { name: 'polarite', unit_time: 'h1', value },
  close: { direction, unit_time: 'h1', spread: 4 },
})

const aWorkflow = (fields: object = {}) =>
  StoredDefinition.parse({
    name: 'sell the pivot',
    index: 'DAX.I',
    cfd: 'GER40.I',
    conditions: [polarite(100)],
    trigger: {
      unit_time: 'h1',
      location: 'lower',
      order_direction: 'sell',
      quantity: 0.1,
    },
    ...fields,
  })

const aCandle = (fields: Partial<Candle> = {}): Candle => ({
  date: '2026-11-23T09:00:00.000Z',
  open: 98,
  high: 99.5,
  low: 95.3,
  close: 98.5,
  ...fields,
})

const aView = (
  feeds: Record<string, readonly Candle[]>,
  tick_size: number | null = null,
): MarketView => ({
  candles: (code, unit_time) => {
    const candles = feeds[`${code} ${unit_time}`]
    if (candles) return candles
    throw new DomainError('market_unavailable', `${code} ${unit_time}: the price source failed`)
  },
  calendar: () => ({ today: '2026-11-23', isOpen: () => true }),
  tick_size,
})

const bothFeeds = (candle: Candle) => ({ 'DAX.I h1': [candle], 'GER40.I h1': [candle] })

test('a close near the pivot proposes a stop under the low of the trigger candle', () => {
  const decision = evaluate(aWorkflow(), aView(bothFeeds(aCandle())))
  expect(decision).toEqual({
    kind: 'order',
    slot: '2026-11-23T09:00:00.000Z',
    trigger_close: 98.5,
    order: {
      code: 'GER40.I',
      direction: 'SELL',
      order_type: 'OPEN_STOP',
      price: 94.3,
      quantity: 0.1,
    },
    trace: {
      conditions: [
        {
          indicator: 'polarite',
          indicator_code: 'DAX.I',
          indicator_unit_time: 'h1',
          indicator_value: 100,
          direction: 'below',
          spread: 4,
          element: null,
          candle: { code: 'GER40.I', unit_time: 'h1', ...aCandle() },
          checks: [
            {
              rule: 'straddles',
              reached: 'high',
              reached_value: 99.5,
              close: 98.5,
              level: 100,
              holds: false,
            },
            { rule: 'within', price: 'high', value: 99.5, lower: 96, upper: 100, holds: true },
          ],
          holds: true,
        },
      ],
      trigger: {
        candle: { code: 'GER40.I', unit_time: 'h1', ...aCandle() },
        location: 'lower',
        offset: 1,
        price: 94.3,
        tick_size: null,
      },
    },
  })
  expect(Decision.parse(decision)).toEqual(decision)
})

test('a close far from the pivot is no signal, and the trace says what was compared', () => {
  const decision = evaluate(
    aWorkflow(),
    aView(bothFeeds(aCandle({ high: 90, low: 80, close: 85 }))),
  )
  expect(decision).toMatchObject({
    kind: 'no_signal',
    slot: '2026-11-23T09:00:00.000Z',
    trace: { conditions: [{ holds: false }], trigger: { price: 79 } },
  })
})

test('all conditions must hold, and those after a failing one are traced as well', () => {
  const conditions = [polarite(9999), polarite(100)]
  expect(evaluate(aWorkflow({ conditions }), aView(bothFeeds(aCandle())))).toMatchObject({
    kind: 'no_signal',
    trace: { conditions: [{ holds: false }, { holds: true }] },
  })
  expect(
    evaluate(aWorkflow({ conditions: conditions.toReversed() }), aView(bothFeeds(aCandle()))),
  ).toMatchObject({ kind: 'no_signal', trace: { conditions: [{ holds: true }, { holds: false }] } })
  expect(
    evaluate(
      aWorkflow({ conditions: [polarite(100), polarite(99.5)] }),
      aView(bothFeeds(aCandle())),
    ),
  ).toMatchObject({ kind: 'order' })
})

test('the first condition gives the trigger close, the trigger candle gives slot and price', () => {
  const workflow = aWorkflow({
    conditions: [
      { ...polarite(100), close: { direction: 'below', unit_time: 'h4', spread: 4 } },
      polarite(100),
    ],
    trigger: { unit_time: 'daily', location: 'lower', order_direction: 'buy', quantity: 2 },
  })
  const view = aView({
    'DAX.I h1': [aCandle()],
    'GER40.I h4': [aCandle({ close: 97 })],
    'GER40.I h1': [aCandle({ close: 98 })],
    'GER40.I daily': [aCandle({ date: '2026-11-20T00:00:00.000Z', low: 80 })],
  })
  expect(evaluate(workflow, view)).toMatchObject({
    kind: 'order',
    slot: '2026-11-20T00:00:00.000Z',
    trigger_close: 97,
    order: { price: 79, quantity: 2, direction: 'BUY', order_type: 'LIMIT' },
  })
})

test('a trigger on the wrong side of the first condition makes no order', () => {
  const trigger = { unit_time: 'h1', location: 'higher', order_direction: 'buy', quantity: 1 }
  expect(evaluate(aWorkflow({ trigger }), aView(bothFeeds(aCandle())))).toMatchObject({
    kind: 'unsupported_trigger',
    trace: { trigger: { location: 'higher', price: 100.5 } },
  })
})

test('the price is rounded to the tick of the traded instrument', () => {
  expect(evaluate(aWorkflow(), aView(bothFeeds(aCandle()), 0.5))).toMatchObject({
    order: { price: 94.5 },
    trace: { trigger: { price: 94.5, tick_size: 0.5 } },
  })
})

test('a penny stock whose trigger price would be negative is refused with the reason', () => {
  const penny = aCandle({ open: 0.3, high: 0.32, low: 0.3, close: 0.31 })
  const decision = evaluate(aWorkflow({ conditions: [polarite(0.32)] }), aView(bothFeeds(penny)))
  expect(decision).toMatchObject({
    kind: 'refused',
    reason: 'the trigger price would be -0.7, and an order needs a price above 0',
  })
  expect(Decision.parse(decision)).toEqual(decision)
})

test('too few candles are an error that names instrument, unit time and both numbers', () => {
  const conditions = [
    {
      indicator: { name: 'ma50', unit_time: 'h4' },
      close: { direction: 'below', unit_time: 'h1', spread: 4 },
    },
  ]
  const view = aView({
    'DAX.I h4': Array.from({ length: 49 }, () => aCandle()),
    'GER40.I h1': [aCandle()],
  })
  expect(() => evaluate(aWorkflow({ conditions }), view)).toThrow(
    expect.objectContaining({
      code: 'insufficient_candles',
      message: 'DAX.I h4: ma50: a simple moving average of 50 needs 50 candles, there are 49',
    }),
  )
})

test('a missing close candle is an error', () => {
  const view = aView({ 'DAX.I h1': [aCandle()], 'GER40.I h1': [] })
  expect(() => evaluate(aWorkflow(), view)).toThrow(
    expect.objectContaining({
      code: 'insufficient_candles',
      message: 'GER40.I h1: the close candle needs 1 candle, there are 0',
    }),
  )
})

test('a missing trigger candle is an error even when the condition does not hold', () => {
  const workflow = aWorkflow({
    conditions: [polarite(9999)],
    trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 1 },
  })
  const empty = aView({ ...bothFeeds(aCandle()), 'GER40.I daily': [] })
  expect(() => evaluate(workflow, empty)).toThrow(
    /GER40.I daily: the trigger candle needs 1 candle/,
  )
  expect(() => evaluate(workflow, aView(bothFeeds(aCandle())))).toThrow(
    expect.objectContaining({ code: 'market_unavailable' }),
  )
})

test('a failed feed of the index is an error even for a level that needs no candle', () => {
  expect(() => evaluate(aWorkflow(), aView({ 'GER40.I h1': [aCandle()] }))).toThrow(
    expect.objectContaining({ code: 'market_unavailable' }),
  )
})

test('a line without an open day between its points is an error that names the instrument', () => {
  const indicator = {
    name: 'inclined',
    unit_time: 'h1',
    x1: { x: '2026-11-02', y: 100 },
    x2: { x: '2026-11-04', y: 110 },
  }
  const workflow = aWorkflow({ conditions: [{ ...polarite(100), indicator }] })
  const calendar = () => ({ today: '2026-11-23', isOpen: () => false })
  expect(() => evaluate(workflow, { ...aView(bothFeeds(aCandle())), calendar })).toThrow(
    expect.objectContaining({
      code: 'invalid',
      message: expect.stringMatching(/^DAX.I h1: inclined: no open day between/) as string,
    }),
  )
})

test('a workflow needs the index for its level, and the cfd for its close and its trigger', () => {
  const workflow = aWorkflow({
    conditions: [
      {
        indicator: { name: 'combo', unit_time: 'daily' },
        close: { direction: 'below', unit_time: 'h4' },
      },
    ],
  })
  expect(marketNeeds(workflow)).toEqual({
    candles: [
      { code: 'DAX.I', unit_time: 'daily', count: 750 },
      { code: 'GER40.I', unit_time: 'h4', count: 1 },
      { code: 'GER40.I', unit_time: 'h1', count: 1 },
    ],
    calendars: [],
  })
})

test('a feed that serves several purposes is needed once, with the largest count', () => {
  const indicators = [
    { name: 'ma7', unit_time: 'h1' },
    { name: 'ma50', unit_time: 'h1' },
    { name: 'bbh', unit_time: 'h1' },
  ]
  const conditions = indicators.map((indicator) => ({
    indicator,
    close: { direction: 'below', unit_time: 'h1' },
  }))
  expect(marketNeeds(aWorkflow({ index: 'mc:xpar', cfd: 'mc:xpar', conditions }))).toEqual({
    candles: [{ code: 'mc:xpar', unit_time: 'h1', count: 55 }],
    calendars: [],
  })
})

test('an inclined line needs the calendar of the index', () => {
  const indicator = {
    name: 'inclined',
    unit_time: 'h1',
    x1: { x: '2026-11-02', y: 100 },
    x2: { x: '2026-11-04', y: 110 },
  }
  const conditions = [{ ...polarite(100), indicator }, polarite(100)]
  expect(marketNeeds(aWorkflow({ conditions })).calendars).toEqual(['DAX.I'])
})

test('an indicator never reads candles older than those it is given', () => {
  const unreadable: Candle = Object.defineProperty(aCandle(), 'close', {
    get: () => {
      throw new Error('an older candle was read')
    },
  })
  const given = { ma7: 12, ma50: 55, bbb: 21, bbh: 21, combo: 750 }
  const price = fc.integer({ min: 380, max: 420 }).map((quarters) => quarters / 4)
  const candles = fc.array(
    price.map((close) => aCandle({ open: close, high: close + 1, low: close - 1, close })),
    { minLength: 750, maxLength: 750 },
  )
  fc.assert(
    fc.property(fc.constantFrom(...Object.entries(given)), candles, ([name, count], all) => {
      const workflow = aWorkflow({
        conditions: [
          {
            indicator: { name, unit_time: 'h4' },
            close: { direction: 'below', unit_time: 'h1', spread: 4 },
          },
        ],
      })
      const decisionOn = (index: Candle[]) =>
        evaluate(workflow, aView({ 'DAX.I h4': index, 'GER40.I h1': all }))
      const newest = all.slice(0, count)
      expect(decisionOn([...newest, unreadable])).toEqual(decisionOn(newest))
    }),
    { numRuns: 25 },
  )
})
