import { zValidator } from '@hono/zod-validator'
import type { Context, ValidationTargets } from 'hono'
import { z } from 'zod'
import { DomainError, describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import { WorkflowId } from '../domain/workflow.ts'

const wholeNumber = (min: number, max: number, preset: number) => {
  const error = `expected a whole number from ${min} to ${max}`
  return z
    .string({ error })
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }))
    .default(preset)
}

/** `page` of a list, from 1. */
const page = wholeNumber(1, 1_000_000, 1)

export const HistoryParameters = z.strictObject({
  page,
  per_page: wholeNumber(1, 100, 20),
  sort: z
    .enum(['-placed_at', 'placed_at'], { error: 'expected -placed_at or placed_at' })
    .default('-placed_at'),
})

export const PageParameters = z.object({ page })

export const AttentionParameters = z.strictObject({ workflow_id: WorkflowId.optional() })

export const WorkflowIdParameter = z.object({ workflow_id: WorkflowId })
export const OrderIdParameter = z.object({ order_id: WorkflowId })

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

const refuseRepeated = (queries: Record<string, string[]>): void => {
  const errors = Object.entries(queries)
    .filter(([, values]) => values.length > 1)
    .map(([field, value]) => ({ field, message: 'expected one value, got several', value }))
  if (errors.length > 0) {
    throw new DomainError('bad_request', describeFieldErrors(errors), { errors })
  }
}
