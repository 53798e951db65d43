import { z } from 'zod'
import { Instant, UnitTime, type Market } from './candle.ts'
import { Decision } from './decision.ts'
import { DomainError } from './errors.ts'
import { tolerant } from './tolerant.ts'

/** Texts in lower case, read whatever their letter case. */
const inAnyCase = <Schema extends z.ZodType<string>>(schema: Schema) =>
  tolerant((value) => (typeof value === 'string' ? value.trim().toLowerCase() : value), schema)

/** One of a closed set of texts. */
const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  inAnyCase(z.enum(values, { error: `expected one of ${values.join(', ')}` }))

/** An object with these fields and no others. */
const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: 'expected an object' })

/** Far beyond any price or quantity, and well within what DynamoDB can hold. */
const LARGEST = 1e15

const number = z
  .number({ error: 'expected a finite number' })
  .refine(
    (value) => value === 0 || (Math.abs(value) <= LARGEST && Math.abs(value) >= 1 / LARGEST),
    {
      error: `expected a number of a size from ${1 / LARGEST} to ${LARGEST}`,
    },
  )
  // DynamoDB has no -0, and what is written must be what is read back.
  .overwrite((value) => value + 0)
const positive = number.positive({ error: 'expected a number above 0' })
const notNegative = number.min(0, { error: 'expected a number of at least 0' })

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/

/** A calendar day, `YYYY-MM-DD`; `YYYY/MM/DD` is read too. A time of day is refused. */
const day = tolerant(
  (value) => (typeof value === 'string' ? value.trim().replaceAll('/', '-') : value),
  z
    .string({ error: 'expected a date as YYYY-MM-DD' })
    .meta({ format: 'date' })
    .refine((text) => ISO_DATE.test(text) && isRealDay(text), {
      error: 'expected a date as YYYY-MM-DD, without a time',
      abort: true,
    })
    // An inclined line is counted out day by day, so a slip of the keyboard must not cost hours.
    .refine((text) => text >= '1900-01-01' && text < '2200-01-01', {
      error: 'expected a date from 1900 to 2199',
    }),
)

const isRealDay = (text: string): boolean => {
  const parsed = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)
}

const printable = (label: string, max: number) =>
  z
    .string({ error: `expected ${label}` })
    .trim()
    .min(1, { error: `expected ${label}` })
    .max(max, { error: `expected at most ${max} characters` })
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    .regex(/^[^\u0000-\u001f\u007f]*$/, { error: 'expected no control characters' })

/** Identifies a workflow: a UUID in lower case. */
export const WorkflowId = z
  .string({ error: 'expected a UUID' })
  .meta({ format: 'uuid' })
  .toLowerCase()
  .pipe(z.guid({ error: 'expected a UUID' }))

/** The id that a new workflow may have: order ids are computed from it, which takes a real UUID. */
export const NewWorkflowId = WorkflowId.pipe(
  z.uuid({ error: 'expected a UUID of RFC 9562, such as version 4' }),
)

export const INDICATORS = [
  'ma7',
  'ma50',
  'combo',
  'bbb',
  'bbh',
  'polarite',
  'zone',
  'inclined',
] as const
export type IndicatorName = (typeof INDICATORS)[number]

/** A dated price that an inclined line goes through. */
const Point = object({
  x: day,
  y: positive.meta({ description: 'A price' }),
}).meta({ id: 'Point', description: 'A dated price' })

const unitTime = inAnyCase(UnitTime)
const named = <const Names extends readonly IndicatorName[]>(...names: Names) =>
  object({ name: z.literal(names), unit_time: unitTime })

/** The inputs of an indicator that only some indicators use. */
const USES = new Map<unknown, readonly string[]>([
  ['polarite', ['value']],
  ['zone', ['value', 'zone_value']],
  ['inclined', ['x1', 'x2']],
])
const OPTIONAL_INPUTS = ['value', 'zone_value', 'x1', 'x2']

const level = number.meta({ description: 'A price' })

/**
 * An indicator and its inputs. Inputs that belong to another indicator are left out, as nothing
 * reads them; a field that no indicator has is refused.
 */
export const Indicator = tolerant(
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const raw: Record<string, unknown> = Object.fromEntries(Object.entries(value))
    const name = typeof raw['name'] === 'string' ? raw['name'].trim().toLowerCase() : raw['name']
    const unused = OPTIONAL_INPUTS.filter((key) => !USES.get(name)?.includes(key))
    return {
      ...Object.fromEntries(
        Object.entries(raw).filter(([key, input]) => !unused.includes(key) && input !== null),
      ),
      name,
    }
  },
  z
    .discriminatedUnion(
      'name',
      [
        named('ma7', 'ma50', 'combo', 'bbb', 'bbh').meta({
          id: 'ComputedIndicator',
          description: 'Computed from the candles alone',
        }),
        named('polarite')
          .extend({ value: level })
          .meta({ id: 'LevelIndicator', description: 'One price' }),
        named('zone')
          .extend({ value: level, zone_value: level })
          .meta({ id: 'ZoneIndicator', description: 'All between two prices, in whichever order' }),
        named('inclined')
          .extend({ x1: Point, x2: Point })
          .refine(({ x1, x2 }) => x1.x !== x2.x, {
            path: ['x2', 'x'],
            error: 'expected another date than x1, as two equal dates make no line',
          })
          .refine(({ x1, x2 }) => x1.x >= x2.x || hasWeekdayAfter(x1.x, x2.x), {
            path: ['x2', 'x'],
            error: 'expected a date at least one weekday after x1',
          })
          .refine(({ x1, x2 }) => x1.x <= x2.x, {
            path: ['x2', 'x'],
            error: 'expected a date after x1',
          })
          .meta({ id: 'InclinedIndicator', description: 'A line through two dated prices' }),
      ],
      { error: `expected one of ${INDICATORS.join(', ')}` },
    )
    .meta({ id: 'Indicator', description: 'What gives the level, and what it needs for that' }),
)
export type Indicator = z.infer<typeof Indicator>

/** True when a Monday to Friday lies in the days after `start`, up to and with `end`. */
const hasWeekdayAfter = (start: string, end: string): boolean => {
  const first = Date.parse(`${start}T00:00:00Z`) + 86_400_000
  const last = Date.parse(`${end}T00:00:00Z`)
  for (let at = first; at <= Math.min(last, first + 2 * 86_400_000); at += 86_400_000) {
    if (![0, 6].includes(new Date(at).getUTCDay())) return true
  }
  return false
}

/** When the candle that just closed counts as being at the level. `spread` is in points. */
const Close = object({
  direction: choice(['below', 'above']).meta({ description: 'On which side of the level' }),
  unit_time: unitTime,
  spread: notNegative
    .nullish()
    .transform((spread) => spread ?? 0)
    .pipe(z.number())
    .meta({ description: 'How far from the level still counts, in points; 0 when not given' }),
})

const ELEMENTS = ['close', 'high', 'low'] as const

export const Condition = object({
  indicator: Indicator,
  close: Close.meta({ description: 'When the candle that just closed counts as at the level' }),
  element: choice(ELEMENTS)
    .nullish()
    .transform((element) => element ?? null)
    .pipe(z.enum(ELEMENTS).nullable())
    .meta({
      description:
        'The one price of the candle that counts; null: the close, and the end that faces the level',
    }),
}).meta({
  id: 'ConditionInput',
  outputId: 'Condition',
  description: 'What has to be true of the candle that just closed',
})
export type Condition = z.infer<typeof Condition>
export type CloseDirection = Condition['close']['direction']
export type Element = NonNullable<Condition['element']>

/** What to order when all conditions hold. `offset` is in points, `quantity` in units. */
export const Trigger = object({
  unit_time: unitTime.meta({ description: 'Of the candle that the order is placed beside' }),
  signal: choice(['breakout']).default('breakout'),
  location: choice(['lower', 'higher']).meta({
    description:
      'Which end of that candle: lower for a close below the level, higher for one above',
  }),
  order_direction: choice(['buy', 'sell']),
  quantity: positive.meta({ description: 'In units of the instrument' }),
  offset: notNegative
    .meta({ description: 'How far beyond the end of the candle, in points' })
    .default(1),
}).meta({
  id: 'TriggerInput',
  outputId: 'Trigger',
  description: 'What to order when all conditions hold',
})
export type Trigger = z.infer<typeof Trigger>

/** The location that a trigger must have for a close direction; any other one never fires. */
export const fittingLocation = (direction: CloseDirection): Trigger['location'] =>
  direction === 'below' ? 'lower' : 'higher'

const defaultTrigger = (direction: CloseDirection): Trigger => ({
  unit_time: 'h1',
  signal: 'breakout',
  location: fittingLocation(direction),
  order_direction: direction === 'below' ? 'sell' : 'buy',
  quantity: 0.1,
  offset: 1,
})

const emptyAsNull = (value: unknown): unknown => (value === '' ? null : value)

const trueOrFalse = z.boolean({ error: 'expected true or false' })

/** The fields of a definition; what is not given gets its default, the trigger apart. */
export const definitionFields = {
  name: printable('a name', 200).meta({ description: 'For people; need not be unique' }),
  index: printable('the code of the instrument that the indicator is computed on', 64).meta({
    description: 'The code of the instrument that indicators are computed on',
  }),
  cfd: printable('the code of the instrument that is traded', 64).meta({
    description: 'The code of the instrument that is traded',
  }),
  enable: trueOrFalse.meta({ description: 'False: it is not evaluated' }).default(true),
  dry_run: trueOrFalse.meta({ description: 'True: nothing is sent to the broker' }).default(true),
  is_us: trueOrFalse
    .meta({ description: 'Whether US hours apply, which they do to US shares in any case' })
    .default(false),
  end_date: z
    .preprocess(
      emptyAsNull,
      day
        .nullish()
        .transform((date) => date ?? null)
        .pipe(z.iso.date().nullable()),
    )
    .meta({ description: 'The last day, in UTC, on which it is evaluated; null: no end' }),
  conditions: z
    .array(Condition, { error: 'expected a list of conditions' })
    .min(1, { error: 'expected at least one condition' })
    .max(10, { error: 'expected at most 10 conditions' }),
  trigger: Trigger.nullish().meta({
    description:
      'Without one, a breakout of the hourly candle beyond the first condition, 0.1 units',
  }),
}

const withTrigger = <T extends { conditions: Condition[]; trigger?: Trigger | null | undefined }>(
  definition: T,
) => ({
  ...definition,
  trigger:
    definition.trigger ?? defaultTrigger(definition.conditions[0]?.close.direction ?? 'above'),
})

/**
 * A workflow's definition as the engine reads it. A trigger location that does not fit the close
 * direction is let through: stored definitions may hold one, and the engine reports it.
 */
export const StoredDefinition = object(definitionFields).transform(withTrigger)
export type WorkflowDefinition = z.infer<typeof StoredDefinition>

/**
 * A workflow's definition as it is written, by API, form or YAML: everything in it is checked.
 * A missing trigger becomes the default one of the first condition (DOMAIN decision D3).
 */
export const WorkflowDefinition = object(definitionFields)
  .superRefine(({ conditions, trigger }, context) => {
    const direction = conditions[0]?.close.direction
    if (!trigger || !direction || trigger.location === fittingLocation(direction)) return
    context.addIssue({
      code: 'custom',
      path: ['trigger', 'location'],
      input: trigger.location,
      message: `expected ${fittingLocation(direction)}, the side that a close ${direction} the level breaks out to, got "${trigger.location}"`,
    })
  })
  .meta({
    id: 'WorkflowDefinition',
    description: 'A workflow as it is written; unknown fields are refused',
  })
  .transform(withTrigger)

/** The newest order of a workflow, kept beside the definition so that a list needs no look-ups. */
export const LastOrder = z.object({
  order_id: z.string(),
  placed_at: Instant.meta({ description: 'When the broker accepted it' }),
  direction: z.enum(['BUY', 'SELL']),
  price: z.number().meta({ description: 'In the currency of the instrument' }),
  quantity: z.number().meta({ description: 'In units of the instrument' }),
  ttl: z.number().int(),
})
export type LastOrder = z.infer<typeof LastOrder>

/** How many orders a workflow placed on one day. */
export const OrdersOfDay = z
  .object({
    day: z.iso.date().meta({ description: 'In UTC' }),
    count: z.number().int().min(0).meta({ description: 'Of orders' }),
  })
  .meta({ id: 'OrdersOfDay', description: 'How many orders a workflow placed on one day' })
export type OrdersOfDay = z.infer<typeof OrdersOfDay>

/** How one workflow fared in one run. */
const OUTCOMES = [
  ['placed', 'the broker accepted the order'],
  ['duplicate', 'the order of this candle was placed before, or is being placed'],
  ['dry_run', 'it would have been placed'],
  ['no_signal', 'a condition does not hold'],
  ['unsupported_trigger', "the trigger's location does not fit the close direction"],
  ['refused', 'the price or quantity makes no order, or the broker said no'],
  ['unsent', 'it surely did not get to the broker: no connection, or it was not safe to send it'],
  ['unknown', 'the broker gave no clear answer; a later run finds out'],
  ['late', "the schedule's call came too late to place anything"],
  ['left', 'the run had no time for it; the next one takes it'],
  ['failed', 'prices are missing or the definition is broken'],
  ['disabled', 'it is switched off'],
  ['expired', 'its end date has passed'],
] as const

export const RunOutcome = z.enum(OUTCOMES.map(([outcome]) => outcome)).meta({
  id: 'RunOutcome',
  description: OUTCOMES.map(([outcome, meaning]) => `\`${outcome}\`: ${meaning}.`).join(' '),
})
export type RunOutcome = z.infer<typeof RunOutcome>

/** What came of a workflow in a run. */
export const outcomeFields = {
  outcome: RunOutcome,
  reason: z.string().nullable().meta({ description: 'Why, as a sentence; null: nothing to add' }),
  order_id: z
    .string()
    .nullable()
    .meta({ format: 'uuid', description: 'The order that it is about; null: none' }),
}

/** The last time that a run looked at a workflow, and what came of it. */
export const LastRun = z
  .object({
    at: Instant.meta({ description: 'When the run began' }),
    request_id: z.string().meta({ description: 'Names the run; it is in the log, too' }),
    ...outcomeFields,
    decision: Decision.nullable().meta({
      description: 'What it was about to do, and why; null where it was not evaluated',
    }),
  })
  .meta({ id: 'LastRun', description: 'The last time that a run looked at the workflow' })
export type LastRun = z.infer<typeof LastRun>

/** What came of running, or explaining, one workflow alone. */
export const WorkflowRun = LastRun.extend({
  workflow_id: z.string().meta({ format: 'uuid' }),
  workflow_name: z.string(),
  warnings: z.array(z.string()).meta({
    description: 'What went wrong around it, such as an order that waits to be recorded',
  }),
}).meta({ id: 'WorkflowRun', description: 'What came of running, or explaining, one workflow' })
export type WorkflowRun = z.infer<typeof WorkflowRun>

/** A stored workflow. `revision` starts at 1 and grows by one with every change of the definition. */
export type Workflow = WorkflowDefinition & {
  id: string
  revision: number
  created_at: string
  updated_at: string
  last_order: LastOrder | null
  /**
   * The orders of the last seven days, oldest day first. These are eight days, as the first one
   * counts from the present time of day on; days without an order are among them.
   */
  orders_by_day: OrdersOfDay[]
  last_run: LastRun | null
}

/** The definition without what the store keeps beside it. */
export const definitionOf = (workflow: WorkflowDefinition): WorkflowDefinition => {
  const { name, index, cfd, enable, dry_run, is_us, end_date, conditions, trigger } = workflow
  return { name, index, cfd, enable, dry_run, is_us, end_date, conditions, trigger }
}

/** The refusal of an id that no workflow has. */
export const unknownWorkflow = (id: string): DomainError =>
  new DomainError('not_found', `there is no workflow ${id}`)

/** The refusal of a write that was meant for another revision. */
export const staleRevision = (id: string, expected: number, current: unknown): DomainError =>
  new DomainError(
    'precondition_failed',
    `workflow ${id} was changed since it was read: expected revision ${expected}, it is at revision ${String(current)}`,
  )

/** A stored item that is no valid workflow: kept, shown and skipped, never fatal. */
export type BrokenWorkflow = { id: string; name: string; problem: string }

/** The hours that apply to a workflow: the traded instrument decides, or the `is_us` flag. */
export const marketOf = ({ cfd, is_us }: Pick<WorkflowDefinition, 'cfd' | 'is_us'>): Market =>
  is_us || /:(xnys|xnas|xase)$/i.test(cfd) ? 'US' : 'EU'
