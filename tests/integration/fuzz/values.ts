import * as fc from 'fast-check'
import { targetOf, type OpenApi, type Schema } from './document.ts'

/** Values that are in the store, or came from it, by the lower-case names of the fields for them. */
export type Known = Readonly<Record<string, readonly unknown[]>>

/** Long enough for any rule about lengths, short enough for many requests. */
const USUAL_LENGTH = 30
const USUAL_ITEMS = 3

/** Times around the ones that are in the store, and far from them. */
const TIMES = [
  { min: new Date('2026-11-01T00:00:00Z'), max: new Date('2026-12-01T00:00:00Z') },
  { min: new Date('1900-01-01T00:00:00Z'), max: new Date('2199-12-31T23:59:59.999Z') },
].map((range) => fc.date({ ...range, noInvalidDate: true }).map((time) => time.toISOString()))

const FORMATS: Record<string, fc.Arbitrary<string>> = {
  uuid: fc.uuid(),
  'date-time': fc.oneof(...TIMES),
  date: fc.oneof(...TIMES).map((time) => time.slice(0, 10)),
}

const text = ({ format, pattern, minLength = 0, maxLength = USUAL_LENGTH }: Schema) => {
  const known = format === undefined ? undefined : FORMATS[format]
  if (known) return known
  const most = Math.max(minLength, Math.min(maxLength, USUAL_LENGTH))
  if (pattern === undefined) return fc.string({ unit: 'grapheme', minLength, maxLength: most })
  return fc
    .stringMatching(new RegExp(pattern, 'u'), { maxLength: most })
    .filter((made) => made.length >= minLength)
}

/** One value that is all of these, as far as that can be put together. */
const merged = (values: readonly unknown[]): unknown =>
  values.every((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
    ? Object.assign({}, ...values)
    : values[0]

const wholeNumber = ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema) =>
  fc.integer({
    min: exclusiveMinimum === undefined ? (minimum ?? -1000) : exclusiveMinimum + 1,
    max: exclusiveMaximum === undefined ? (maximum ?? 1000) : exclusiveMaximum - 1,
  })

/** Mostly amounts as people write them; of all doubles, most are next to nothing. */
const number = ({
  exclusiveMinimum,
  exclusiveMaximum,
  minimum: min = exclusiveMinimum ?? -1e6,
  maximum: max = exclusiveMaximum ?? 1e6,
}: Schema) => {
  const [minExcluded, maxExcluded] = [exclusiveMinimum === min, exclusiveMaximum === max]
  const [least, most] = [Math.max(min, -1e6) * 100, Math.min(max, 1e6) * 100]
  const hundredths = fc.integer({
    min: minExcluded ? Math.floor(least) + 1 : Math.ceil(least),
    max: maxExcluded ? Math.ceil(most) - 1 : Math.floor(most),
  })
  return fc.oneof(
    { weight: 9, arbitrary: hundredths.map((count) => count / 100) },
    {
      weight: 1,
      arbitrary: fc.double({
        min,
        max,
        minExcluded,
        maxExcluded,
        noNaN: true,
        noDefaultInfinity: true,
      }),
    },
  )
}

/**
 * Values that a schema of the document allows, made from the schema alone; for a field that `known`
 * names also values that mean something to the store.
 */
export const createValues = (document: OpenApi, known: Known) => {
  const object = ({ properties = {}, required = [], additionalProperties }: Schema) => {
    const fields = Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema, name)]),
    )
    const described = fc.record(fields, {
      requiredKeys: required.filter((name) => Object.hasOwn(fields, name)),
      noNullPrototype: true,
    })
    if (typeof additionalProperties !== 'object') return described
    const more = fc.dictionary(fc.string(), valuesOf(additionalProperties), {
      maxKeys: USUAL_ITEMS,
      noNullPrototype: true,
    })
    return fc.tuple(more, described).map(([others, own]) => ({ ...others, ...own }))
  }

  const array = ({ items = {}, minItems = 0, maxItems = USUAL_ITEMS }: Schema, name: string) =>
    fc.array(valuesOf(items, name), {
      minLength: minItems,
      maxLength: Math.max(minItems, Math.min(maxItems, USUAL_ITEMS)),
    })

  const ofType = (type: string | undefined, schema: Schema, name: string) => {
    switch (type) {
      case 'object':
        return object(schema)
      case 'array':
        return array(schema, name)
      case 'string':
        return text(schema)
      case 'integer':
        return wholeNumber(schema)
      case 'number':
        return number(schema)
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      case undefined:
        return fc.jsonValue({ maxDepth: 3 })
      default:
        throw new Error(`there are no values yet of the type ${type}`)
    }
  }

  const made = (schema: Schema, name: string): fc.Arbitrary<unknown> => {
    const { enum: choices, const: only, anyOf, oneOf = anyOf, allOf, type } = schema
    if (allOf) {
      return fc.tuple(...allOf.map((one) => valuesOf(one, name))).map(merged)
    }
    if (choices) return fc.constantFrom(...choices)
    if (only !== undefined) return fc.constant(only)
    if (oneOf) return fc.oneof(...oneOf.map((one) => valuesOf(one, name)))
    return fc.oneof(...[type].flat().map((one) => ofType(one, schema, name)))
  }

  const valuesOf = (schema: Schema, name = ''): fc.Arbitrary<unknown> => {
    if (schema.$ref !== undefined) return valuesOf(targetOf(document, schema.$ref), name)
    const { example, examples = [], default: usual } = schema
    const given = [...examples, example, usual].filter((value) => value !== undefined)
    const inStore = known[name.toLowerCase()] ?? []
    const makes = [{ weight: 3, arbitrary: made(schema, name) }]
    if (given.length > 0) makes.push({ weight: 1, arbitrary: fc.constantFrom(...given) })
    // Of a list, each item is such a value.
    if (inStore.length > 0 && schema.type !== 'array') {
      makes.push({ weight: 9, arbitrary: fc.constantFrom(...inStore) })
    }
    return fc.oneof(...makes)
  }
  return valuesOf
}
