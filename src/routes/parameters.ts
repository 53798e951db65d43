import { zValidator } from '@hono/zod-validator'
import type { Context, ValidationTargets } from 'hono'
import { z } from 'zod'
import { DomainError, describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import { INDICATORS, WorkflowId } from '../domain/workflow.ts'
import { WORKFLOW_SORTS } from '../domain/workflow-list.ts'

const wholeNumber = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`
  return (
    z
      .string({ error })
      .regex(/^\d{1,9}$/, { error })
      .transform(Number)
      .pipe(z.number().min(min, { error }).max(max, { error }))
      // In a URL it is text; to those who read the document it is a number.
      .meta({ type: 'integer', minimum: min, maximum: max })
  )
}

/** `page` of a list, from 1. */
const page = wholeNumber(1, 1_000_000)

const per_page = wholeNumber(1, 100)

const trueOrFalse = z
  .enum(['true', 'false'], { error: 'expected true or false' })
  .transform((text) => text === 'true')
  .meta({ type: 'boolean' })

/** A parameter that may be given several times. */
const repeatable = <Item extends z.ZodType<unknown, string>>(item: Item, most: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z
      .array(item)
      .max(most, { error: `expected at most ${most} values` })
      .optional(),
  )

const instant = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 time with a zone' })
  .transform((text) => new Date(text).toISOString())
  .meta({ example: '2026-11-20T09:30:00.000Z' })

/** Which orders a list holds; `from` is included, `to` is not. */
const orderFilter = {
  direction: z.enum(['BUY', 'SELL'], { error: 'expected BUY or SELL' }).optional(),
  order_type: z.enum(['LIMIT', 'OPEN_STOP'], { error: 'expected LIMIT or OPEN_STOP' }).optional(),
  instrument: z
    .string()
    .min(1)
    .max(64, { error: 'expected at most 64 characters' })
    .optional()
    .meta({
      description: 'The code of the instrument that was traded, exactly',
      example: 'US500.I',
    }),
  from: instant.optional().meta({ description: 'Placed at this time or later' }),
  to: instant.optional().meta({ description: 'Placed before this time' }),
  ids: repeatable(WorkflowId.meta({ format: 'uuid' }), 100),
}

const orderList = {
  per_page: per_page.default(20).meta({ type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  sort: z
    .enum(['-placed_at', 'placed_at'], { error: 'expected -placed_at or placed_at' })
    .default('-placed_at'),
  cursor: z
    .string()
    .optional()
    .meta({ description: 'From a page of the same list, under the same filter' }),
  ...orderFilter,
}

/** A page by its number has a total and no filter; one by its cursor the other way round. */
export const HistoryParameters = z.strictObject({ page: page.optional(), ...orderList })

export const OrderListParameters = z.strictObject({
  ...orderList,
  workflow_id: repeatable(WorkflowId.meta({ format: 'uuid' }), 100),
  latest: trueOrFalse.default(false).meta({ type: 'boolean', default: false }),
})

export const WorkflowListParameters = z.strictObject({
  page: page.optional(),
  per_page: per_page.optional(),
  enabled: trueOrFalse.optional(),
  dry_run: trueOrFalse.optional(),
  indicator: z.enum(INDICATORS, { error: `expected one of ${INDICATORS.join(', ')}` }).optional(),
  index: z.string().max(64, { error: 'expected at most 64 characters' }).optional(),
  q: z.string().max(200, { error: 'expected at most 200 characters' }).optional(),
  sort: z
    .enum(WORKFLOW_SORTS, { error: `expected one of ${WORKFLOW_SORTS.join(', ')}` })
    .default('name'),
})

export const RunParameters = z.strictObject({
  dry_run: trueOrFalse.default(false).meta({ type: 'boolean', default: false }),
})

export const RunsParameters = z.strictObject({
  workflow_id: WorkflowId.meta({ format: 'uuid' }).optional(),
})

export const PageParameters = z.object({ page: page.default(1) })

export const AttentionParameters = z.strictObject({
  workflow_id: WorkflowId.meta({ format: 'uuid' }).optional(),
})

const id = WorkflowId.meta({ format: 'uuid', example: '6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11' })

export const WorkflowIdParameter = z.object({ workflow_id: id })
export const OrderIdParameter = z.object({ order_id: id })

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
