import type { Child } from 'hono/jsx'
import { schemaAnchor } from './anchors.ts'
import type { JsonSchema } from './document.ts'
import { ownExample } from './sample.ts'
import { literal, rulesOf, typeWords, type Rule } from './schema-words.ts'

/** The type of a value; the name of a schema leads to it. */
export const SchemaName = ({ schema }: { schema: JsonSchema }): Child => (
  <span class='type'>
    {typeWords(schema).map((word) =>
      typeof word === 'string' ? word : <a href={`#${schemaAnchor(word.schema)}`}>{word.schema}</a>,
    )}
  </span>
)

/** Values one after the other. */
export const Literals = ({ values }: { values: readonly unknown[] }): Child =>
  values.map((value, index) => (
    <>
      {index > 0 && ', '}
      <code>{literal(value)}</code>
    </>
  ))

const RuleWords = ({ words, values }: Rule): Child => (
  <>
    , {words}
    {values.length > 0 && ' '}
    <Literals values={values} />
  </>
)

/** Examples that are short enough to stand in a sentence. */
const exampleRules = (example: unknown): Rule[] =>
  example === undefined || typeof example === 'object'
    ? []
    : [{ words: 'for example', values: [example] }]

/** What a value is and which rules it keeps to, in one sentence. */
export const SchemaType = ({
  schema,
  example = ownExample(schema),
}: {
  schema: JsonSchema
  example?: unknown
}): Child => (
  <p class='schema-type'>
    <SchemaName schema={schema} />
    {[...rulesOf(schema), ...exampleRules(example)].map((rule) => (
      <RuleWords {...rule} />
    ))}
  </p>
)
