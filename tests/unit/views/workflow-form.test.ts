import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UNIT_TIMES } from '../../../src/domain/candle.ts'
import { fittingLocation, WorkflowDefinition } from '../../../src/domain/workflow.ts'
import {
  conditionFieldName,
  copyOf,
  emptyForm,
  formOf,
  labelOf,
  parseForm,
  readForm,
  type DefinitionForm,
} from '../../../src/views/components/workflow-form/form.ts'

/** What a browser sends of a form, and a server reads of that. */
const overTheWire = ({ texts, conditions }: DefinitionForm): DefinitionForm => {
  const inner = conditions.flatMap((condition, index) =>
    [...condition].map(([name, text]): [string, string] => [conditionFieldName(index, name), text]),
  )
  return readForm(new URLSearchParams(new URLSearchParams([...texts, ...inner]).toString()))
}

const number = fc
  .oneof(
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc.double({ min: -1e15, max: 1e15, noNaN: true }),
  )
  .filter((value) => value === 0 || Math.abs(value) >= 1e-15)
const notNegative = number.map(Math.abs)
const positive = notNegative.filter((value) => value > 0)
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const unit_time = fc.constantFrom(...UNIT_TIMES)
const direction = fc.constantFrom('below' as const, 'above' as const)
const text = (max: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1 })
    .map((value) => value.replaceAll(/\p{Cc}/gu, '').trim())
    .filter((value) => value.length > 0 && value.length <= max)

const indicator = fc.oneof(
  fc.record({ name: fc.constantFrom('ma7', 'ma50', 'combo', 'bbb', 'bbh'), unit_time }),
  fc.record({ name: fc.constant('polarite'), unit_time, value: number }),
  fc.record({ name: fc.constant('zone'), unit_time, value: number, zone_value: number }),
  fc.record({
    name: fc.constant('inclined'),
    unit_time,
    x1: fc.record({ x: day, y: positive }),
    x2: fc.record({ x: fc.constant('2150-06-15'), y: positive }),
  }),
)
const condition = fc.record({
  indicator,
  close: fc.record({ direction, unit_time, spread: notNegative }),
  element: fc.constantFrom(null, 'close', 'high', 'low'),
})
const trigger = fc.record({
  unit_time,
  order_direction: fc.constantFrom('buy', 'sell'),
  quantity: positive,
  offset: notNegative,
})

/** Every definition that can be written. */
const anyDefinition = fc
  .record({
    name: text(200),
    index: text(64),
    cfd: text(64),
    enable: fc.boolean(),
    dry_run: fc.boolean(),
    is_us: fc.boolean(),
    end_date: fc.option(day),
    conditions: fc.array(condition, { minLength: 1, maxLength: 10 }),
    trigger,
  })
  .map((drawn) => {
    const location = fittingLocation(drawn.conditions[0]?.close.direction ?? 'below')
    return WorkflowDefinition.parse({ ...drawn, trigger: { ...drawn.trigger, location } })
  })

const aForm = (...changes: [name: string, text: string][]): DefinitionForm =>
  readForm([
    ['name', 'Sell the break'],
    ['cfd', 'US500.I'],
    ['index', 'US500.I'],
    ['dry_run', 'true'],
    ['conditions.0.indicator.name', 'polarite'],
    ['conditions.0.indicator.unit_time', 'daily'],
    ['conditions.0.indicator.value', '2000'],
    ['conditions.0.close.direction', 'below'],
    ['conditions.0.close.unit_time', 'daily'],
    ['trigger.order_direction', 'sell'],
    ['trigger.quantity', '0.1'],
    ['trigger.unit_time', 'daily'],
    ...changes,
  ])

const errorsOf = (form: DefinitionForm) => Object.fromEntries(parseForm(form).errors ?? [])

describe('a definition', () => {
  test('comes back as it was, whatever it holds, from its form', () => {
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        expect(parseForm(overTheWire(formOf(definition))).definition).toEqual(definition)
      }),
    )
  })

  test('is made of what was typed, with the defaults of what was left empty', () => {
    expect(parseForm(aForm(['trigger.offset', ' '], ['end_date', ''])).definition).toMatchObject({
      enable: false,
      dry_run: true,
      is_us: false,
      end_date: null,
      conditions: [{ close: { direction: 'below', spread: 0 }, element: null }],
      trigger: { location: 'lower', order_direction: 'sell', quantity: 0.1, offset: 1 },
    })
  })

  test('has its trigger on the side that fits the first condition', () => {
    const above = aForm(['conditions.0.close.direction', 'above'])
    expect(parseForm(above).definition?.trigger.location).toBe('higher')
  })
})

describe('a number', () => {
  test.each([
    ['1500', 1500],
    [' 0.5 ', 0.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e-7', 1e-7],
  ])('is read from "%s"', (typed, value) => {
    expect(parseForm(aForm(['trigger.quantity', typed])).definition?.trigger.quantity).toBe(value)
  })

  test.each(['1,5', '1,500.00', '1 500', '0x10', 'ten', '1e400', 'Infinity', '--1', '1e'])(
    'is not read from "%s", and is asked for as it is written here',
    (typed) => {
      expect(errorsOf(aForm(['trigger.quantity', typed]))).toEqual({
        'trigger.quantity':
          'expected a number with a decimal point and no separators, such as 0.5 or 1500',
      })
    },
  )

  test('that is missing is told apart from one that cannot be read', () => {
    expect(errorsOf(aForm(['trigger.quantity', '']))).toEqual({
      'trigger.quantity': 'expected a number, such as 0.5 or 1500',
    })
  })

  test('that is out of range has the words of the schema', () => {
    expect(errorsOf(aForm(['trigger.quantity', '0']))).toEqual({
      'trigger.quantity': 'expected a number above 0',
    })
  })
})

describe('what is wrong', () => {
  test('is told once for every field that needs something', () => {
    expect(errorsOf(readForm([['conditions.0.indicator.name', 'inclined']]))).toEqual({
      name: 'expected a name',
      cfd: 'expected the code of the instrument that is traded',
      index: 'expected the code of the instrument that the indicator is computed on',
      'conditions.0.indicator.unit_time': 'choose one',
      'conditions.0.indicator.x1.x': 'expected a date as YYYY-MM-DD',
      'conditions.0.indicator.x1.y': 'expected a number, such as 0.5 or 1500',
      'conditions.0.indicator.x2.x': 'expected a date as YYYY-MM-DD',
      'conditions.0.indicator.x2.y': 'expected a number, such as 0.5 or 1500',
      'conditions.0.close.direction': 'choose one',
      'conditions.0.close.unit_time': 'choose one',
      'trigger.order_direction': 'choose one',
      'trigger.quantity': 'expected a number, such as 0.5 or 1500',
      'trigger.unit_time': 'choose one',
    })
  })

  test('is told of an indicator that there is none, whatever objects have by that name', () => {
    for (const name of ['', 'rsi', 'constructor', '__proto__']) {
      expect(errorsOf(aForm(['conditions.0.indicator.name', name]))).toEqual({
        'conditions.0.indicator.name': 'choose one',
      })
    }
  })

  test('is told of a form without conditions, and of one with too many', () => {
    expect(errorsOf(readForm([]))).toMatchObject({ conditions: 'expected at least one condition' })
    const { texts, conditions } = aForm()
    const many = { texts, conditions: Array.from({ length: 40 }, () => conditions[0] ?? new Map()) }
    expect(errorsOf(overTheWire(many))).toEqual({ conditions: 'expected at most 10 conditions' })
  })
})

describe('what a browser sends', () => {
  test('may have gaps between the conditions, which are closed', () => {
    const sent = aForm(['conditions.7.indicator.name', 'ma7'], ['conditions.3.element', 'low'])
    expect(sent.conditions.map((each) => [...each].at(-1))).toEqual([
      ['close.unit_time', 'daily'],
      ['element', 'low'],
      ['indicator.name', 'ma7'],
    ])
  })

  test('cannot name anything but the fields', () => {
    const form = readForm([
      ['__proto__', 'x'],
      ['constructor.prototype.polluted', 'x'],
      ['conditions.__proto__.polluted', 'x'],
      ['conditions.0.__proto__.polluted', 'x'],
      ['conditions.99.element', 'low'],
      ['revision', '7'],
    ])
    expect(form).toEqual({ texts: new Map(), conditions: [] })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})

describe('a stored item that is broken', () => {
  test('fills in what it has, tidied, and leaves the rest empty', () => {
    const { texts, conditions } = formOf({
      name: 7,
      cfd: ['US500.I'],
      end_date: '2030/12/31',
      enable: 'yes',
      conditions: [{ indicator: { name: 'MA50 ', unit_time: null }, close: 'below' }, null],
      trigger: 'none',
    })
    expect(texts.get('name')).toBe('7')
    expect(texts.get('cfd')).toBe('')
    expect(texts.get('end_date')).toBe('2030-12-31')
    expect(texts.get('trigger.quantity')).toBe('')
    expect(conditions[0]?.get('indicator.name')).toBe('ma50')
    expect(conditions[0]?.get('close.direction')).toBe('')
    expect(conditions).toHaveLength(2)
  })

  test.each([null, 'text', 7, [], {}, { conditions: { length: 2 } }])(
    'can be as strange as %j',
    (stored) => {
      expect(formOf(stored).conditions).toEqual([])
      expect(parseForm(formOf(stored)).definition).toBeUndefined()
    },
  )
})

test('a new workflow, and a copy of a live one, begins as a dry run', () => {
  expect(emptyForm().texts.get('dry_run')).toBe('true')
  const copy = copyOf(aForm(['dry_run', 'false']))
  expect(copy.texts.get('dry_run')).toBe('true')
  expect(copy.texts.get('name')).toBe('Copy of Sell the break')
})

test('a field is called what it means for its indicator', () => {
  const form = aForm(['conditions.1.indicator.name', 'combo'])
  expect(labelOf(form, 'trigger.quantity')).toBe('Order: Quantity')
  expect(labelOf(form, 'conditions.0.close.direction')).toBe('Condition 1: Side of the close')
  expect(labelOf(form, 'conditions.1.close.direction')).toBe('Condition 2: Signal')
})
