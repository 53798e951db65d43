import { referredName } from './anchors.ts'
import type { JsonSchema, MediaType, Schemas } from './document.ts'
import { fieldsOf, isNullable, typesOf, valuesOf, variantsOf } from './schema-shape.ts'

/** The example that the document itself has for a schema, if any. */
export const ownExample = (schema: { example?: unknown; examples?: unknown }): unknown =>
  schema.example ?? (Array.isArray(schema.examples) ? (schema.examples[0] as unknown) : undefined)

/** The examples of a body that the document has, with their names. */
export const mediaExamples = (media: MediaType): { name: string; value: unknown }[] => {
  const named = Object.entries(media.examples ?? {}).flatMap(([name, example]) =>
    'value' in example ? [{ name: example.summary ?? name, value: example.value }] : [],
  )
  return media.example === undefined ? named : [{ name: 'Example', value: media.example }, ...named]
}

/** Capitals show that something is to be filled in: `WORKFLOW_ID`. */
export const placeholder = (name: string): string =>
  name.replaceAll(/[^a-z\d]+/gi, '_').toUpperCase()

const TEXTS: Record<string, string> = {
  date: '2030-12-31',
  'date-time': '2030-12-31T12:00:00.000Z',
  uuid: '00000000-0000-4000-8000-000000000000',
  uri: 'https://example.com/',
  email: 'name@example.com',
}

const numberFor = (schema: JsonSchema): number => {
  const { minimum, exclusiveMinimum, maximum, multipleOf } = schema
  const least = minimum ?? (exclusiveMinimum === undefined ? 1 : exclusiveMinimum + 1)
  return multipleOf ?? (maximum === undefined ? least : Math.min(least, maximum))
}

interface Around {
  schemas: Schemas
  /** The schemas that are being made a sample of; one that comes back here has no end. */
  open: readonly string[]
  /** The field that the value is for. */
  name: string
}

/** The fields that a request must have and those that have examples; never none if there is one. */
const sampleObject = (schema: JsonSchema, around: Around): Record<string, unknown> => {
  const fields = fieldsOf(schema)
  const wanted = fields.filter((field) => field.required || ownExample(field.schema) !== undefined)
  const shown = wanted.length > 0 ? wanted : fields.slice(0, 1)
  return Object.fromEntries(
    shown
      .map(({ name, schema: inner }) => [name, sample(inner, { ...around, name })] as const)
      .filter(([, value]) => value !== undefined),
  )
}

const sampleList = (schema: JsonSchema, around: Around): unknown[] =>
  (schema.prefixItems ?? [schema.items ?? {}])
    .map((entry) => sample(entry, around))
    .filter((value) => value !== undefined)

const sample = (schema: JsonSchema, around: Around): unknown => {
  const own = ownExample(schema) ?? schema.default ?? valuesOf(schema)[0]
  if (own !== undefined) return own
  if (schema.$ref) {
    const name = referredName(schema.$ref)
    const target = around.schemas[name]
    if (!target || around.open.includes(name)) return undefined
    return sample(target, { ...around, open: [...around.open, name] })
  }
  const [variant] = variantsOf(schema)
  if (variant) return sample(variant, around)
  if (schema.allOf) {
    return Object.assign({}, ...schema.allOf.map((part) => sample(part, around))) as unknown
  }
  const [type] = typesOf(schema)
  if (type === 'object') return sampleObject(schema, around)
  if (type === 'array') return sampleList(schema, around)
  if (type === 'boolean') return true
  if (type === 'number' || type === 'integer') return numberFor(schema)
  if (type === undefined && isNullable(schema)) return null
  return TEXTS[schema.format ?? ''] ?? placeholder(around.name)
}

/** A value that fits a schema, from its examples as far as there are any. */
export const sampleOf = (schema: JsonSchema, schemas: Schemas, name = 'value'): unknown =>
  sample(schema, { schemas, open: [], name })

/** A body that fits, from the examples of the document as far as there are any. */
export const sampleBody = (media: MediaType, schemas: Schemas): unknown =>
  mediaExamples(media)[0]?.value ?? sampleOf(media.schema ?? {}, schemas)
