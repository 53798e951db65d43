import { fittingLocation, WorkflowDefinition } from '../../../domain/workflow.ts'
import {
  CONDITION_FIELDS,
  conditionFields,
  DEFINITION_FIELDS,
  FIELD_GROUPS,
  type Field,
} from './fields.ts'

/** What stands in the fields, as text, by their dotted names. */
type Texts = ReadonlyMap<string, string>

/** A definition as it is typed: its own fields, and those of each condition by their names in it. */
export interface DefinitionForm {
  texts: Texts
  conditions: readonly Texts[]
}

/** What is wrong, in lower case and without a full stop, by the dotted name of the field. */
export type FormErrors = ReadonlyMap<string, string>
export const NO_ERRORS: FormErrors = new Map()

/** The name of a condition's field in the whole form: `conditions.0.close.spread`. */
export const conditionFieldName = (index: number, name: string): string =>
  `conditions.${index}.${name}`

// One more than a definition may have, so that the schema can say so.
const MOST_CONDITIONS = 11
const CONDITION_FIELD = /^conditions\.(\d|10)\.(.+)$/

/** The field with this name, as it is meant in this form; the condition that it belongs to, if any. */
export const fieldNamed = (
  { conditions }: DefinitionForm,
  name: string,
): { field?: Field | undefined; condition?: number } => {
  const [, index, inner] = CONDITION_FIELD.exec(name) ?? []
  if (index === undefined) return { field: DEFINITION_FIELDS.get(name) }
  const indicator = conditions[Number(index)]?.get('indicator.name') ?? ''
  const found = conditionFields(indicator).find((each) => each.name === inner)
  return { field: found?.field, condition: Number(index) }
}

/** The names of all fields that are read of this form, in the order in which they stand in it. */
export const namesIn = ({ conditions }: DefinitionForm): string[] => [
  ...FIELD_GROUPS.workflow,
  ...conditions.flatMap((condition, index) =>
    conditionFields(condition.get('indicator.name') ?? '')
      .filter(({ read }) => read)
      .map(({ name }) => conditionFieldName(index, name)),
  ),
  ...FIELD_GROUPS.order,
  ...FIELD_GROUPS.run,
]

/** What the field with this name is called; a name that no field has is shown as it is. */
export const labelOf = (form: DefinitionForm, name: string): string => {
  if (name === 'conditions') return 'Conditions'
  const { field, condition } = fieldNamed(form, name)
  const label = field?.label ?? name
  if (condition !== undefined) return `Condition ${condition + 1}: ${label}`
  return name.startsWith('trigger.') ? `Order: ${label}` : label
}

/** A form in which nothing is filled in but what is the same for every new workflow. */
export const emptyForm = (): DefinitionForm => ({
  texts: new Map([
    ['dry_run', 'true'],
    ['enable', 'true'],
  ]),
  conditions: [new Map()],
})

/** The form of a new workflow that does the same, as a dry run. */
export const copyOf = ({ texts, conditions }: DefinitionForm): DefinitionForm => ({
  texts: new Map([...texts, ['name', `Copy of ${texts.get('name') ?? ''}`], ['dry_run', 'true']]),
  conditions,
})

/** The form with one condition more, which is empty. */
export const addCondition = ({ texts, conditions }: DefinitionForm): DefinitionForm => ({
  texts,
  conditions: [...conditions, new Map<string, string>()].slice(0, MOST_CONDITIONS),
})

/** What a browser sent. Names that no field has are passed over. */
export const readForm = (sent: Iterable<readonly [name: string, text: string]>): DefinitionForm => {
  const texts = new Map<string, string>()
  const conditions = new Map<number, Map<string, string>>()
  for (const [name, text] of sent) {
    const [, index, inner = ''] = CONDITION_FIELD.exec(name) ?? []
    if (DEFINITION_FIELDS.has(name)) texts.set(name, text)
    if (index === undefined || !CONDITION_FIELDS.has(inner)) continue
    const condition = conditions.get(Number(index)) ?? new Map<string, string>()
    conditions.set(Number(index), condition.set(inner, text))
  }
  const inOrder = [...conditions].toSorted(([a], [b]) => a - b)
  return { texts, conditions: inOrder.map(([, condition]) => condition) }
}

const valueAt = (value: unknown, name: string): unknown =>
  name
    .split('.')
    .reduce<unknown>(
      (inside, key) =>
        typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key)
          ? (Reflect.get(inside, key) as unknown)
          : undefined,
      value,
    )

/** A value as it stands in a field, also one of a broken definition; empty where none fits in. */
const textOf = ({ kind }: Field, value: unknown): string => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return ''
  if (kind === 'select' || kind === 'radio') return value.trim().toLowerCase()
  return kind === 'date' ? value.trim().replaceAll('/', '-') : value
}

const textsOf = (fields: ReadonlyMap<string, Field>, value: unknown): Texts =>
  new Map([...fields].map(([name, field]) => [name, textOf(field, valueAt(value, name))]))

/** The form of a definition, or of whatever is stored in place of one. */
export const formOf = (stored: unknown): DefinitionForm => {
  const conditions = valueAt(stored, 'conditions')
  return {
    texts: textsOf(DEFINITION_FIELDS, stored),
    conditions: (Array.isArray(conditions) ? conditions : [])
      .slice(0, MOST_CONDITIONS)
      .map((condition) => textsOf(CONDITION_FIELDS, condition)),
  }
}

// Neither thousands separators nor a decimal comma: 1,500 would be 1500 to one and 1.5 to another.
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i

/** What was meant by the text; what cannot be read stays text, for the schema to refuse. */
const valueOf = ({ kind }: Field, text = ''): unknown => {
  const trimmed = text.trim()
  if (kind === 'checkbox') return trimmed === 'true'
  if (trimmed === '') return undefined
  if (kind === 'number') {
    const number = Number(trimmed)
    return NUMBER.test(trimmed) && Number.isFinite(number) ? number : text
  }
  if (kind === 'radio' && (trimmed === 'true' || trimmed === 'false')) return trimmed === 'true'
  return text
}

type Entry = readonly [name: string, value: unknown]

/** The object whose values these are, by their dotted names. */
const objectOf = (entries: readonly Entry[]): Record<string, unknown> => {
  const byKey = Map.groupBy(entries, ([name]) => name.split('.', 1)[0] ?? '')
  return Object.fromEntries(
    [...byKey].map(([key, inside]) => {
      const leaf = inside.find(([name]) => name === key)
      const within = inside.map(([name, value]): Entry => [name.slice(key.length + 1), value])
      return [key, leaf ? leaf[1] : objectOf(within)]
    }),
  )
}

const entriesOf = (fields: ReadonlyMap<string, Field>, texts: Texts): Entry[] =>
  [...fields].map(([name, field]) => [name, valueOf(field, texts.get(name))])

/**
 * What the form says, for the schema. It has no field for the location of the trigger, as only one
 * fits the first condition.
 */
const inputOf = ({ texts, conditions }: DefinitionForm): Record<string, unknown> => {
  const direction = conditions[0]?.get('close.direction') === 'above' ? 'above' : 'below'
  return objectOf([
    ...entriesOf(DEFINITION_FIELDS, texts),
    ['trigger.location', fittingLocation(direction)],
    ['conditions', conditions.map((each) => objectOf(entriesOf(CONDITION_FIELDS, each)))],
  ])
}

/** What the schema says, in the words of the form: a choice is made, and a number is written. */
const messageFor = (field: Field | undefined, text: string, message: string): string => {
  if (field?.kind === 'select' || field?.kind === 'radio') return 'choose one'
  if (field?.kind !== 'number' || typeof valueOf(field, text) === 'number') return message
  return text.trim() === ''
    ? 'expected a number, such as 0.5 or 1500'
    : 'expected a number with a decimal point and no separators, such as 0.5 or 1500'
}

/** What stands in the field with this name. */
export const textIn = ({ texts, conditions }: DefinitionForm, name: string): string => {
  const [, index, inner = ''] = CONDITION_FIELD.exec(name) ?? []
  return (index === undefined ? texts.get(name) : conditions[Number(index)]?.get(inner)) ?? ''
}

/** Errors as one meets their fields; those of no field come last. */
const inOrder = (form: DefinitionForm, errors: FormErrors): FormErrors => {
  const names = namesIn(form).filter((name) => errors.has(name))
  return new Map(
    [...new Set([...names, ...errors.keys()])].map((name) => [name, errors.get(name) ?? '']),
  )
}

/** The definition that the form holds, or what is wrong with it. */
export const parseForm = (
  form: DefinitionForm,
):
  | { definition: WorkflowDefinition; errors?: undefined }
  | { definition?: undefined; errors: FormErrors } => {
  const parsed = WorkflowDefinition.safeParse(inputOf(form))
  if (parsed.success) return { definition: parsed.data }
  const errors = new Map<string, string>()
  for (const { path, message } of parsed.error.issues) {
    const name = path.join('.')
    if (errors.has(name)) continue
    errors.set(name, messageFor(fieldNamed(form, name).field, textIn(form, name), message))
  }
  return { errors: inOrder(form, errors) }
}
