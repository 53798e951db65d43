import type { z } from 'zod'
import { withUnitTime } from '../../src/data/workflow-file.ts'
import { describeFieldErrors, fieldErrors } from '../../src/domain/errors.ts'
import { Condition, StoredDefinition, type WorkflowDefinition } from '../../src/domain/workflow.ts'

/** A definition of the product, or what is wrong with it, on one line. */
export type Parsed<T> = { value: T } | { error: string }

const parse = <T>(schema: z.ZodType<T>, raw: unknown): Parsed<T> => {
  // The vectors say `ut` where the product says `unit_time` (decision D12).
  const input = withUnitTime(raw)
  const parsed = schema.safeParse(input)
  return parsed.success
    ? { value: parsed.data }
    : { error: describeFieldErrors(fieldErrors(parsed.error.issues, input)) }
}

export const parseCondition = (raw: unknown): Parsed<Condition> => parse(Condition, raw)

/** Reads a vector's workflow the way a stored one is read; its id is no part of the definition. */
export const parseDefinition = (raw: Record<string, unknown>): Parsed<WorkflowDefinition> => {
  const { id: _id, ...definition } = raw
  return parse(StoredDefinition, definition)
}
