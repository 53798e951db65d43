import { UNIT_TIMES } from '../../../domain/candle.ts'
import { INDICATOR_TYPES } from '../../../domain/indicator-types.ts'
import { capitalised, UNIT_TIME_NAMES } from '../../names.ts'

export type Option = readonly [value: string, label: string]

/** How a field of a definition is asked for. */
export interface Field {
  label: string
  kind: 'text' | 'number' | 'date' | 'select' | 'radio' | 'checkbox'
  options?: readonly Option[]
  hint?: string
}

const unitTimes: readonly Option[] = UNIT_TIMES.map((unit_time) => [
  unit_time,
  capitalised(UNIT_TIME_NAMES[unit_time]),
])

/** The fields of a definition by their dotted names, those of its conditions apart. */
export const DEFINITION_FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['name', { label: 'Name', kind: 'text' }],
  ['cfd', { label: 'Traded instrument (cfd)', kind: 'text', hint: 'Its code, such as US500.I' }],
  [
    'index',
    {
      label: 'Instrument of the level (index)',
      kind: 'text',
      hint: 'What indicators are computed on, often the same code',
    },
  ],
  [
    'end_date',
    { label: 'Last day (optional)', kind: 'date', hint: 'In UTC; left empty, there is no end' },
  ],
  [
    'is_us',
    {
      label: 'US trading hours',
      kind: 'checkbox',
      hint: 'US shares (:xnys, :xnas, :xase) have them in any case',
    },
  ],
  [
    'trigger.order_direction',
    {
      label: 'Side',
      kind: 'radio',
      options: [
        ['buy', 'Buy'],
        ['sell', 'Sell'],
      ],
    },
  ],
  ['trigger.quantity', { label: 'Quantity', kind: 'number', hint: 'In units of the instrument' }],
  [
    'trigger.unit_time',
    {
      label: 'Candle that it breaks out of',
      kind: 'select',
      options: unitTimes,
      hint: 'Through its low after a close below the level, through its high after one above',
    },
  ],
  [
    'trigger.offset',
    {
      label: 'Offset',
      kind: 'number',
      hint: 'How far beyond the candle, in points; left empty, 1',
    },
  ],
  [
    'dry_run',
    {
      label: 'Mode',
      kind: 'radio',
      options: [
        ['true', 'Dry run: what it would order is noted, nothing is sent'],
        ['false', 'Live: its orders are sent to the broker'],
      ],
    },
  ],
  ['enable', { label: 'Enabled', kind: 'checkbox', hint: 'Every run evaluates it' }],
])

/** The same, as they stand together: the conditions come between the first two. */
export const FIELD_GROUPS = {
  workflow: ['name', 'cfd', 'index', 'end_date', 'is_us'],
  order: ['trigger.order_direction', 'trigger.quantity', 'trigger.unit_time', 'trigger.offset'],
  run: ['dry_run', 'enable'],
} as const

/** The fields of a condition by their dotted names inside of it. */
export const CONDITION_FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  [
    'indicator.name',
    {
      label: 'Indicator',
      kind: 'select',
      options: INDICATOR_TYPES.map(({ name, label }) => [name, label]),
    },
  ],
  [
    'indicator.unit_time',
    { label: 'Candles of the indicator', kind: 'select', options: unitTimes },
  ],
  ['indicator.value', { label: 'Level', kind: 'number', hint: 'A price' }],
  ['indicator.zone_value', { label: 'Other end of the zone', kind: 'number', hint: 'A price' }],
  ['indicator.x1.x', { label: 'Day of the first point (x1)', kind: 'date' }],
  ['indicator.x1.y', { label: 'Price of the first point (x1)', kind: 'number' }],
  ['indicator.x2.x', { label: 'Day of the second point (x2)', kind: 'date' }],
  ['indicator.x2.y', { label: 'Price of the second point (x2)', kind: 'number' }],
  [
    'close.direction',
    {
      label: 'Side of the close',
      kind: 'radio',
      options: [
        ['below', 'Below the level'],
        ['above', 'Above the level'],
      ],
    },
  ],
  ['close.unit_time', { label: 'Candle that closes', kind: 'select', options: unitTimes }],
  [
    'close.spread',
    {
      label: 'Spread',
      kind: 'number',
      hint: 'How far from the level counts, in points; left empty, 0',
    },
  ],
  [
    'element',
    {
      label: 'Price that counts',
      kind: 'select',
      options: [
        ['', 'Close, or end facing the level'],
        ['close', 'Close alone'],
        ['high', 'High alone'],
        ['low', 'Low alone'],
      ],
    },
  ],
])

/** What a field is called where its indicator gives it another meaning: `indicator field`. */
const MEANINGS = new Map<string, Partial<Field>>([
  ['zone indicator.value', { label: 'One end of the zone' }],
  [
    'zone close.direction',
    {
      label: 'Breaks out',
      options: [
        ['below', 'Below the zone'],
        ['above', 'Above the zone'],
      ],
    },
  ],
  [
    'combo close.direction',
    {
      label: 'Signal',
      options: [
        ['below', 'Sell'],
        ['above', 'Buy'],
      ],
    },
  ],
  [
    'inclined close.direction',
    {
      label: 'Breaks the line',
      options: [
        ['below', 'Downwards, from at or just above it'],
        ['above', 'Upwards, from at or just below it'],
      ],
    },
  ],
])

/** What nothing reads for an indicator, besides the inputs of other indicators. */
const UNREAD = ['zone close.spread', 'combo close.spread', 'combo element']

const INPUT = /^indicator\.(value|zone_value|x1|x2)/

const isRead = (name: string, indicator: string): boolean => {
  const input = INPUT.exec(name)?.[1]
  if (input === undefined) return !UNREAD.includes(`${indicator} ${name}`)
  const type = INDICATOR_TYPES.find((each) => each.name === indicator)
  return type?.inputs.some((each) => each === input) ?? false
}

/** The fields of a condition with this indicator; it does not read all of them. */
export const conditionFields = (
  indicator: string,
): { name: string; field: Field; read: boolean }[] =>
  [...CONDITION_FIELDS].map(([name, field]) => ({
    name,
    field: { ...field, ...MEANINGS.get(`${indicator} ${name}`) },
    read: isRead(name, indicator),
  }))
