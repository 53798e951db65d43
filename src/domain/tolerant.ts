import { z } from 'zod'

/**
 * A schema that reads more than it asks for: `tidy` puts what is given into the form that the schema
 * has, and that form is what the types ask of those who call from TypeScript.
 */
export const tolerant = <Schema extends z.ZodType>(
  tidy: (value: unknown) => unknown,
  schema: Schema,
) => z.preprocess<unknown, Schema, z.input<Schema>>(tidy, schema)
