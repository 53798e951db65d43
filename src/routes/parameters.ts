import { zValidator } from '@hono/zod-validator'
import type { Context, ValidationTargets } from 'hono'
import { z } from 'zod'
import { DomainError, describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import { INDICATORS, WorkflowId } from '../domain/workflow.ts'
import { WORKFLOW_SORTS } from '../domain/workflow-list.ts'

/** The workflow and the order that all examples are about. */
const EXAMPLE_WORKFLOW_ID = '6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11'
const EXAMPLE_ORDER_ID = '0466ca56-df62-577b-8215-4bd4e967fb26'

/** For a schema that reads text from a URL: the document says what the text stands for. */
const standsFor = (schema: z.core.JSONSchema.BaseSchema) => ({
  override: ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    for (const key of ['type', 'pattern', 'enum']) delete jsonSchema[key]
    Object.assign(jsonSchema, schema)
  },
})

const wholeNumber = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`
  return z.coerce
    .string<string | number>({ error })
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }))
    .meta(standsFor({ type: 'integer', minimum: min, maximum: max }))
}

/** What a parameter means, with a value that it may have. */
const parameter = (description: string, example: unknown) => ({ param: { description, example } })

const page = wholeNumber(1, 1_000_000)
const PAGE = parameter('The number of the page, from 1', 1)

const per_page = wholeNumber(1, 100)
const PER_PAGE = parameter('How many a page holds', 2)

const trueOrFalse = z.coerce
  .string<'true' | 'false' | boolean>()
  .pipe(z.enum(['true', 'false'], { error: 'expected true or false' }))
  .transform((text) => text === 'true')
  .meta(standsFor({ type: 'boolean' }))

/** A parameter that may be given several times. */
const repeatable = <Item extends z.ZodType<unknown, string>>(item: Item, most: number) =>
  z.preprocess(
    (value: string | string[] | undefined) => (typeof value === 'string' ? [value] : value),
    z
      .array(item)
      .max(most, { error: `expected at most ${most} values` })
      .optional(),
  )

const instant = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 time with a zone' })
  .transform((text) => new Date(text).toISOString())

const workflowIds = repeatable(WorkflowId, 100).meta(
  parameter('Of these workflows, up to 100', [EXAMPLE_WORKFLOW_ID]),
)

/** Which orders a list holds; `from` is included, `to` is not. */
const orderFilter = {
  direction: z
    .enum(['BUY', 'SELL'], { error: 'expected BUY or SELL' })
    .optional()
    .meta(parameter('On this side', 'SELL')),
  order_type: z
    .enum(['LIMIT', 'OPEN_STOP'], { error: 'expected LIMIT or OPEN_STOP' })
    .optional()
    .meta(parameter('Of this type', 'OPEN_STOP')),
  instrument: z
    .string()
    .min(1, { error: 'expected at least one character' })
    .max(64, { error: 'expected at most 64 characters' })
    .optional()
    .meta(parameter('The code of the instrument that was traded, exactly', 'US500.I')),
  from: instant
    .optional()
    .meta(
      parameter('Placed at this time or later; ISO 8601 with a zone', '2026-11-17T00:00:00.000Z'),
    ),
  to: instant
    .optional()
    .meta(parameter('Placed before this time; ISO 8601 with a zone', '2026-11-19T00:00:00.000Z')),
  ids: repeatable(WorkflowId, 100).meta(
    parameter('Of these orders, up to 100', [EXAMPLE_ORDER_ID]),
  ),
}

const orderList = {
  per_page: per_page.default(20).meta({ ...PER_PAGE, override: { default: 20 } }),
  sort: z
    .enum(['-placed_at', 'placed_at'], { error: 'expected -placed_at or placed_at' })
    .default('-placed_at')
    .meta(
      parameter(
        'By the time of placement: newest first with the minus, oldest first without',
        'placed_at',
      ),
    ),
  ...orderFilter,
}

const cursor = (example: string) =>
  z
    .string()
    .optional()
    .meta(
      parameter(
        '`next_cursor` or `previous_cursor` of a page of the same list, under the same filter',
        example,
      ),
    )

/** A page by its number has a total and no filter; one by its cursor the other way round. */
export const HistoryParameters = z.strictObject({
  page: page.optional().meta(PAGE),
  cursor: cursor(
    '-6xkC1IBqEqbeEsbZjIwMjYtMTEtMThUMDg6MDA6MDAuMDAwWiM5OGQ1NmExZS1kZWI4LTVjZGEtODliYS1mYmI5ZmU2NGY4ZDc',
  ),
  ...orderList,
})

export const OrderListParameters = z.strictObject({
  cursor: cursor(
    'fdbrO1caDxxU_O87ZjIwMjYtMTEtMThUMDg6MDA6MDAuMDAwWiNmNzY5YjM2OC05ODQwLTVlOWMtYjllOS1iMTg5YjE4OTY1MjY',
  ),
  ...orderList,
  workflow_id: workflowIds,
  latest: trueOrFalse.default(false).meta({
    ...parameter('True: only the newest order of each workflow', true),
    override: { default: false },
  }),
})

export const WorkflowListParameters = z.strictObject({
  page: page.optional().meta(PAGE),
  per_page: per_page.optional().meta(PER_PAGE),
  enabled: trueOrFalse.optional().meta(parameter('Switched on, or off', true)),
  dry_run: trueOrFalse.optional().meta(parameter('Sends nothing to the broker, or does', false)),
  indicator: z
    .enum(INDICATORS, { error: `expected one of ${INDICATORS.join(', ')}` })
    .optional()
    .meta(parameter('In any of its conditions', 'polarite')),
  traded: trueOrFalse.optional().meta(parameter('Placed an order in the last seven days', true)),
  index: z
    .string()
    .max(64, { error: 'expected at most 64 characters' })
    .optional()
    .meta(parameter('A part of the index, in any case', 'us500')),
  q: z
    .string()
    .max(200, { error: 'expected at most 200 characters' })
    .optional()
    .meta(
      parameter('A part of the name, the index or the traded instrument, in any case', 'break'),
    ),
  sort: z
    .enum(WORKFLOW_SORTS, { error: `expected one of ${WORKFLOW_SORTS.join(', ')}` })
    .default('name')
    .meta(
      parameter(
        'The other way round with a minus; workflows without the date that is sorted by come last',
        '-last_order',
      ),
    ),
})

export const RunParameters = z.strictObject({
  dry_run: trueOrFalse.default(false).meta({
    ...parameter('True: only explain; nothing is sent, nothing is kept', true),
    override: { default: false },
  }),
})

const oneWorkflow = WorkflowId.optional().meta(
  parameter('Of this workflow alone', EXAMPLE_WORKFLOW_ID),
)

export const RunsParameters = z.strictObject({ workflow_id: oneWorkflow })

export const PageParameters = z.object({ page: page.default(1), until: instant.optional() })

export const AttentionParameters = z.strictObject({ workflow_id: oneWorkflow })

export const WorkflowIdParameter = z.object({
  workflow_id: WorkflowId.meta(parameter('The id of the workflow', EXAMPLE_WORKFLOW_ID)),
})
export const OrderIdParameter = z.object({
  order_id: WorkflowId.meta(parameter('The id of the order', EXAMPLE_ORDER_ID)),
})

/**
 * Refuses a part of a request that does not fit its schema with a DomainError that has an entry per
 * field: `invalid` for a body, `bad_request` for everything else. A query parameter that is given
 * twice is refused, as nobody can know which one was meant.
 */
export const refuseInvalid = (
  result: { success: boolean; data?: unknown; error?: Pick<z.core.$ZodError, 'issues'> },
  target: keyof ValidationTargets,
  context: Context,
): void => {
  if (target === 'query') refuseRepeated(context.req.queries())
  if (!result.error) return
  const errors = fieldErrors(result.error.issues, result.data)
  const code = target === 'json' ? 'invalid' : 'bad_request'
  throw new DomainError(code, describeFieldErrors(errors), { errors })
}

/** Parses one part of a request to a page with a schema; see `refuseInvalid`. */
export const validated = <Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) => zValidator(target, schema, (result, context) => refuseInvalid(result, target, context))

const REPEATABLE = ['workflow_id', 'ids']

const refuseRepeated = (queries: Record<string, string[]>): void => {
  const errors = Object.entries(queries)
    .filter(([field, values]) => values.length > 1 && !REPEATABLE.includes(field))
    .map(([field, value]) => ({ field, message: 'expected one value, got several', value }))
  if (errors.length > 0) {
    throw new DomainError('bad_request', describeFieldErrors(errors), { errors })
  }
}
