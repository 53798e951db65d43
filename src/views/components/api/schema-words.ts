import { referredName } from './anchors.ts'
import type { JsonSchema } from './document.ts'
import { entriesOf, fieldsOf, isNullable, typesOf, valuesOf, variantsOf } from './schema-shape.ts'

/** A piece of text, or the name of a schema that it leads to. */
export type Words = (string | { schema: string })[]

const ANYTHING = 'anything'

const joined = (all: readonly Words[], between: string): Words =>
  all.flatMap((words, index) => (index === 0 ? words : [between, ...words]))

/** True for variants that need more than a word each: fields or rules of their own. */
export const hasForms = (schema: JsonSchema): boolean =>
  variantsOf(schema).some(
    (variant) =>
      !variant.$ref && (fieldsOf(variant).length > 0 || ruleCount(variant) || hasForms(variant)),
  )

const ruleCount = (schema: JsonSchema): number => rulesOf(schema).length

const plural = (words: Words): Words => {
  const [first, ...rest] = words
  if (typeof first !== 'string' || first === ANYTHING) return words
  return [first.startsWith('list') ? first.replace('list', 'lists') : `${first}s`, ...rest]
}

const isAnything = (schema: JsonSchema): boolean => typeWords(schema)[0] === ANYTHING

/** `list of numbers`, and `list, each number or string` where the plural would not be clear. */
const listWords = (start: string, entry: JsonSchema): Words => {
  const isOneWord = variantsOf(entry).length === 0 && typesOf(entry).length < 2
  const words = typeWords(entry)
  return isOneWord && !isNullable(entry)
    ? [`${start} of `, ...plural(words)]
    : [`${start}, each `, ...words]
}

const wordsOfType = (type: string, schema: JsonSchema): Words => {
  if (type === 'array' && schema.prefixItems) {
    const places = joined(schema.prefixItems.map(typeWords), ', ')
    return [`list of ${schema.prefixItems.length}: `, ...places]
  }
  if (type === 'array') return listWords('list', schema.items ?? {})
  const entries = entriesOf(schema)
  const isMap = type === 'object' && fieldsOf(schema).length === 0 && entries !== null
  return isMap && !isAnything(entries) ? listWords('object', entries) : [type]
}

const wordsWithoutNull = (schema: JsonSchema): Words => {
  if (schema.$ref) return [{ schema: referredName(schema.$ref) }]
  const variants = variantsOf(schema)
  if (hasForms(schema)) return [`one of ${variants.length} forms`]
  if (variants.length > 0) return joined(variants.map(typeWords), ' or ')
  if (schema.allOf) return joined(schema.allOf.map(typeWords), ' and ')
  const types = typesOf(schema)
  if (types.length === 0) return isNullable(schema) ? [] : [ANYTHING]
  return joined(
    types.map((type) => wordsOfType(type, schema)),
    ' or ',
  )
}

/** What kind of value it is: `list of strings`, `number or null`, the name of a schema. */
export const typeWords = (schema: JsonSchema): Words => {
  const words = wordsWithoutNull(schema)
  if (!isNullable(schema)) return words
  return words.length > 0 ? [...words, ' or null'] : ['null']
}

/** One rule that a value keeps to, in words, with the literal values that belong to it. */
export interface Rule {
  words: string
  values: unknown[]
}

const FORMATS: Record<string, string> = {
  date: 'a date, YYYY-MM-DD',
  'date-time': 'a time in ISO 8601',
  uuid: 'a UUID',
  uri: 'a URI',
  email: 'an e-mail address',
}

/** A value as it is read: text without quotes, everything else as JSON. */
export const literal = (value: unknown): string =>
  typeof value === 'string' && value !== '' ? value : JSON.stringify(value)

const rule = (words: string, ...values: unknown[]): Rule => ({ words, values })

/** `1 to 200 characters`, `at least 1 entry`, `at most 10 fields`. */
const sizeWords = (min: number | undefined, max: number | undefined, one: string, many: string) => {
  const unit = (count: number) => (count === 1 ? one : many)
  if (min !== undefined && max !== undefined) {
    return [rule(min === max ? `${min} ${unit(min)}` : `${min} to ${max} ${unit(max)}`)]
  }
  if (min !== undefined) return [rule(`at least ${min} ${unit(min)}`)]
  return max === undefined ? [] : [rule(`at most ${max} ${unit(max)}`)]
}

const rangeWords = (schema: JsonSchema): Rule[] => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const both = minimum !== undefined && maximum !== undefined
  return [
    ...(both ? [rule(`${minimum} to ${maximum}`)] : []),
    ...(minimum !== undefined && !both ? [rule(`at least ${minimum}`)] : []),
    ...(exclusiveMinimum === undefined ? [] : [rule(`more than ${exclusiveMinimum}`)]),
    ...(maximum !== undefined && !both ? [rule(`at most ${maximum}`)] : []),
    ...(exclusiveMaximum === undefined ? [] : [rule(`less than ${exclusiveMaximum}`)]),
    ...(multipleOf === undefined ? [] : [rule(`a multiple of ${multipleOf}`)]),
  ]
}

const valueRules = (schema: JsonSchema): Rule[] => {
  const values = valuesOf(schema)
  if (values.length === 0) return []
  return [rule(values.length === 1 && !isNullable(schema) ? 'always' : 'one of', ...values)]
}

/** The rules of a list's entries that stand in it; what is referred to has its own. */
const entryRules = ({ items }: JsonSchema): Rule[] =>
  items && !items.$ref
    ? rulesOf(items).map(({ words, values }) => ({ words: `each ${words}`, values }))
    : []

/** What an object may have besides the fields that are described. */
const otherFieldRules = ({ additionalProperties: others, properties }: JsonSchema): Rule[] => {
  if (others === undefined) return []
  if (others === false) return [rule('without other fields')]
  if (others !== true && !isAnything(others)) return []
  return [rule(properties ? 'with any other fields' : 'with any fields')]
}

/** Everything that a value keeps to besides its type. */
export const rulesOf = (schema: JsonSchema): Rule[] => [
  ...valueRules(schema),
  ...(schema.format ? [rule(FORMATS[schema.format] ?? `format ${schema.format}`)] : []),
  ...rangeWords(schema),
  ...sizeWords(schema.minLength, schema.maxLength, 'character', 'characters'),
  ...(schema.pattern === undefined ? [] : [rule('matches', schema.pattern)]),
  ...sizeWords(schema.minItems, schema.maxItems, 'entry', 'entries'),
  ...(schema.uniqueItems ? [rule('no entry twice')] : []),
  ...entryRules(schema),
  ...sizeWords(schema.minProperties, schema.maxProperties, 'field', 'fields'),
  ...otherFieldRules(schema),
  ...('default' in schema ? [rule('default', schema.default)] : []),
  ...(schema.readOnly ? [rule('read only')] : []),
  ...(schema.writeOnly ? [rule('write only')] : []),
  ...(schema.deprecated ? [rule('deprecated')] : []),
]
