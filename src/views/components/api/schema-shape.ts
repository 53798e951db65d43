import type { JsonSchema } from './document.ts'

export interface Field {
  name: string
  schema: JsonSchema
  required: boolean
}

/** The types that a schema names, null apart; without any, what its other words let one guess. */
export const typesOf = (schema: JsonSchema): string[] => {
  const named = [schema.type ?? []].flat().filter((type) => type !== 'null')
  if (named.length > 0) return named
  if (schema.properties) return ['object']
  if (schema.items ?? schema.prefixItems) return ['array']
  const values = valuesOf(schema)
  return [...new Set(values.map((value) => (typeof value === 'object' ? 'object' : typeof value)))]
}

/** The only values that a schema allows, null apart. */
export const valuesOf = (schema: JsonSchema): unknown[] =>
  ('const' in schema ? [schema.const] : [...(schema.enum ?? [])]).filter((value) => value !== null)

const isNull = (schema: JsonSchema): boolean =>
  schema.type === 'null' || ('const' in schema && schema.const === null)

/** What a value may be instead, null apart. */
export const variantsOf = ({ oneOf = [], anyOf = [] }: JsonSchema): JsonSchema[] =>
  [...oneOf, ...anyOf].filter((variant) => !isNull(variant))

export const isNullable = (schema: JsonSchema): boolean =>
  isNull(schema) ||
  [schema.type ?? []].flat().includes('null') ||
  [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].some(isNull)

/** The fields of an object, those of the parts that it is composed of included. */
export const fieldsOf = ({ properties = {}, required = [], allOf = [] }: JsonSchema): Field[] => [
  ...allOf.flatMap(fieldsOf),
  ...Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    required: required.includes(name),
  })),
]

/** The schema of an entry, of a list or of a map. */
export const entriesOf = ({ items, additionalProperties }: JsonSchema): JsonSchema | null =>
  items ?? (typeof additionalProperties === 'object' ? additionalProperties : null)

/** The fields that are described in place, at every depth; what is referred to has a place of its own. */
export const fieldCount = (schema: JsonSchema): number => {
  const nested = [...fieldsOf(schema).map((field) => field.schema), ...variantsOf(schema)]
  const entries = entriesOf(schema)
  return [...nested, ...(entries ? [entries] : [])].reduce(
    (count, inner) => count + fieldCount(inner),
    fieldsOf(schema).length,
  )
}

/** The field that tells the variants apart, as each of them has it with one value of its own. */
const discriminatorOf = (variants: readonly JsonSchema[]): string | null => {
  const [first, ...others] = variants
  const isOneValue = (variant: JsonSchema, name: string): boolean => {
    const field = variant.properties?.[name]
    return field !== undefined && valuesOf(field).length === 1
  }
  const names = Object.keys(first?.properties ?? {})
  return names.find((name) => [first, ...others].every((it) => it && isOneValue(it, name))) ?? null
}

export interface Variant {
  /** Without the field that tells it apart. */
  schema: JsonSchema
  /** `name` and `ma7, ma50` of the variant that has these names. */
  told_by: { field: string; values: unknown[] } | null
}

const without = (schema: JsonSchema, field: string): JsonSchema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => name !== field),
  ),
  required: (schema.required ?? []).filter((name) => name !== field),
})

/**
 * The variants, each with what tells it from the others, which the schema itself may say; those that
 * differ in nothing else are one.
 */
export const toldApart = (schema: JsonSchema): Variant[] => {
  const variants = variantsOf(schema)
  const { propertyName, mapping } = schema.discriminator ?? {}
  if (propertyName !== undefined && mapping) {
    const values = Map.groupBy(Object.keys(mapping), (value) => mapping[value])
    return variants.map((variant) => ({
      schema: variant,
      told_by: { field: propertyName, values: values.get(variant.$ref) ?? [] },
    }))
  }
  const field = discriminatorOf(variants)
  if (field === null) return variants.map((variant) => ({ schema: variant, told_by: null }))
  const alike = Map.groupBy(variants, (variant) => JSON.stringify(without(variant, field)))
  return [...alike.values()].map((group) => ({
    schema: without(group[0] ?? {}, field),
    told_by: {
      field,
      values: group.flatMap((variant) => valuesOf(variant.properties?.[field] ?? {})),
    },
  }))
}
