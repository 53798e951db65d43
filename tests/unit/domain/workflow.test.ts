import { describe, expect, test } from 'vitest'
import { fieldErrors } from '../../../src/domain/errors.ts'
import { marketOf, StoredDefinition, WorkflowDefinition } from '../../../src/domain/workflow.ts'

type Raw = Record<string, unknown>

const aDefinition = (changes: Raw = {}): Raw => ({
  name: 'Sell the 50-day average',
  index: 'US500.I',
  cfd: 'US500.I',
  conditions: [aCondition()],
  trigger: aTrigger(),
  ...changes,
})

const aCondition = (
  indicator: Raw = { name: 'ma50', unit_time: 'daily' },
  close: Raw = {},
): Raw => ({
  indicator,
  close: { direction: 'below', unit_time: 'daily', spread: 10, ...close },
})

const aTrigger = (changes: Raw = {}): Raw => ({
  unit_time: 'daily',
  signal: 'breakout',
  location: 'lower',
  order_direction: 'sell',
  quantity: 0.1,
  ...changes,
})

const errorsOf = (definition: unknown): { field: string; message: string }[] => {
  const parsed = WorkflowDefinition.safeParse(definition)
  return parsed.success ? [] : fieldErrors(parsed.error.issues, definition)
}

const fieldsOf = (definition: unknown): string[] => errorsOf(definition).map(({ field }) => field)

describe('a workflow that is written', () => {
  test('is a dry run unless it says otherwise', () => {
    expect(WorkflowDefinition.parse(aDefinition())).toMatchObject({
      dry_run: true,
      enable: true,
      is_us: false,
      end_date: null,
    })
  })

  test('keeps every field of a complete definition as it is given', () => {
    const complete = {
      name: 'Zone',
      index: 'DAX.I',
      cfd: 'GER40.I',
      enable: false,
      dry_run: false,
      is_us: true,
      end_date: '2030-12-31',
      conditions: [
        {
          indicator: { name: 'zone', unit_time: 'h4', value: 100, zone_value: 90.5 },
          close: { direction: 'above', unit_time: 'h1', spread: 0.5 },
          element: 'low',
        },
      ],
      trigger: {
        unit_time: 'h1',
        signal: 'breakout',
        location: 'higher',
        order_direction: 'buy',
        quantity: 2,
        offset: 0.1,
      },
    }
    expect(WorkflowDefinition.parse(complete)).toEqual(complete)
  })

  test('takes the default trigger of its first condition when it has none', () => {
    const both = [
      aCondition({ name: 'ma7', unit_time: 'h1' }, { direction: 'above' }),
      aCondition(),
    ]
    expect(
      WorkflowDefinition.parse(aDefinition({ trigger: undefined, conditions: both })).trigger,
    ).toEqual({
      unit_time: 'h1',
      signal: 'breakout',
      location: 'higher',
      order_direction: 'buy',
      quantity: 0.1,
      offset: 1,
    })
  })

  test('reads enumerated texts whatever their letter case', () => {
    const shouted = aDefinition({
      conditions: [aCondition({ name: 'MA50', unit_time: 'Daily' }, { direction: 'BELOW' })],
      trigger: aTrigger({ order_direction: 'Sell', location: 'LOWER' }),
    })
    const parsed = WorkflowDefinition.parse(shouted)
    expect(parsed.conditions[0]?.indicator.name).toBe('ma50')
    expect(parsed.trigger.order_direction).toBe('sell')
  })

  test('leaves out the inputs of another indicator, which nothing reads', () => {
    const indicator = { name: 'ma50', unit_time: 'daily', value: 4, zone_value: null }
    expect(
      WorkflowDefinition.parse(aDefinition({ conditions: [aCondition(indicator)] })).conditions[0]
        ?.indicator,
    ).toEqual({ name: 'ma50', unit_time: 'daily' })
  })

  test.each([
    ['an unknown indicator', { name: 'rsi', unit_time: 'h1' }, 'conditions.0.indicator.name'],
    [
      'a name that every object has',
      { name: 'constructor', unit_time: 'h1' },
      'conditions.0.indicator.name',
    ],
    [
      'a name that is no name',
      { name: '__proto__', unit_time: 'h1' },
      'conditions.0.indicator.name',
    ],
    ['an unknown unit time', { name: 'ma7', unit_time: '2h' }, 'conditions.0.indicator.unit_time'],
    [
      'a level without a value',
      { name: 'polarite', unit_time: 'h1' },
      'conditions.0.indicator.value',
    ],
    [
      'a zone with one bound',
      { name: 'zone', unit_time: 'h1', value: 3 },
      'conditions.0.indicator.zone_value',
    ],
    [
      'a line with one point',
      { name: 'inclined', unit_time: 'h1', x1: { x: '2026-01-05', y: 4 } },
      'conditions.0.indicator.x2',
    ],
    [
      'a line with two equal dates',
      {
        name: 'inclined',
        unit_time: 'h1',
        x1: { x: '2026-01-05', y: 4 },
        x2: { x: '2026/01/05', y: 5 },
      },
      'conditions.0.indicator.x2.x',
    ],
    [
      'a line that runs backwards',
      {
        name: 'inclined',
        unit_time: 'h1',
        x1: { x: '2026-01-07', y: 4 },
        x2: { x: '2026-01-05', y: 5 },
      },
      'conditions.0.indicator.x2.x',
    ],
    [
      'a line within one weekend, which has no business day',
      {
        name: 'inclined',
        unit_time: 'h1',
        x1: { x: '2026-01-03', y: 4 },
        x2: { x: '2026-01-04', y: 5 },
      },
      'conditions.0.indicator.x2.x',
    ],
    [
      'a point that is no date',
      {
        name: 'inclined',
        unit_time: 'h1',
        x1: { x: '2026-02-30', y: 4 },
        x2: { x: '2026-03-04', y: 5 },
      },
      'conditions.0.indicator.x1.x',
    ],
  ])('names the field of %s', (_case, indicator, field) => {
    expect(fieldsOf(aDefinition({ conditions: [aCondition(indicator)] }))).toEqual([field])
  })

  test.each([
    ['a blank name', { name: '  ' }, 'name'],
    ['a name with a control character', { name: 'a\u0000b' }, 'name'],
    ['no conditions', { conditions: [] }, 'conditions'],
    ['an end date with a time', { end_date: '2026-12-31T10:00:00Z' }, 'end_date'],
    ['an end date that does not exist', { end_date: '2026-02-30' }, 'end_date'],
    ['an end date in another age', { end_date: '9999-01-01' }, 'end_date'],
    ['a misspelt field', { dryrun: true }, 'dryrun'],
    ['a text for a flag', { enable: 'yes' }, 'enable'],
    ['a negative quantity', { trigger: aTrigger({ quantity: -1 }) }, 'trigger.quantity'],
    ['a quantity of zero', { trigger: aTrigger({ quantity: 0 }) }, 'trigger.quantity'],
    ['an endless quantity', { trigger: aTrigger({ quantity: Infinity }) }, 'trigger.quantity'],
    [
      'a quantity beyond all measure',
      { trigger: aTrigger({ quantity: 1e308 }) },
      'trigger.quantity',
    ],
    [
      'a quantity too small to be stored',
      { trigger: aTrigger({ quantity: 1e-200 }) },
      'trigger.quantity',
    ],
    ['a condition that is no object', { conditions: [5] }, 'conditions.0'],
    ['a negative offset', { trigger: aTrigger({ offset: -1 }) }, 'trigger.offset'],
    [
      'an unknown side',
      { trigger: aTrigger({ order_direction: 'short' }) },
      'trigger.order_direction',
    ],
    [
      'a negative spread',
      { conditions: [aCondition(undefined, { spread: -1 })] },
      'conditions.0.close.spread',
    ],
    [
      'a location on the wrong side, which would never fire',
      { trigger: aTrigger({ location: 'higher' }) },
      'trigger.location',
    ],
  ])('names the field of %s', (_case, change, field) => {
    expect(fieldsOf(aDefinition(change))).toEqual([field])
  })

  test('is told the value and what was expected', () => {
    const [error] = errorsOf(
      aDefinition({ conditions: [aCondition({ name: 'rsi', unit_time: 'h1' })] }),
    )
    expect(error?.message).toBe(
      'expected one of ma7, ma50, combo, bbb, bbh, polarite, zone, inclined, got "rsi"',
    )
    expect(errorsOf(aDefinition({ trigger: aTrigger({ quantity: -1 }) }))[0]).toEqual({
      field: 'trigger.quantity',
      message: 'expected a number above 0, got -1',
      value: -1,
    })
  })

  test('is told about all bad fields at once', () => {
    expect(
      fieldsOf(aDefinition({ name: '', enable: 1, trigger: aTrigger({ quantity: 0 }) })),
    ).toEqual(['name', 'enable', 'trigger.quantity'])
  })
})

test('a stored definition may hold a location that does not fit, for the engine to report', () => {
  expect(
    StoredDefinition.parse(aDefinition({ trigger: aTrigger({ location: 'higher' }) })).trigger
      .location,
  ).toBe('higher')
})

test.each([
  [{ cfd: 'AAPL:xnas', is_us: false }, 'US'],
  [{ cfd: 'KO:XNYS', is_us: false }, 'US'],
  [{ cfd: 'GER40.I', is_us: false }, 'EU'],
  [{ cfd: 'US500.I', is_us: true }, 'US'],
] as const)('the hours of %o are those of the %s', (workflow, market) => {
  expect(marketOf(workflow)).toBe(market)
})
