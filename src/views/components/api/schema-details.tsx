import type { Child } from 'hono/jsx'
import type { JsonSchema } from './document.ts'
import { Prose } from './prose.tsx'
import { Literals, SchemaName, SchemaType } from './schema-type.tsx'
import {
  entriesOf,
  fieldCount,
  fieldsOf,
  toldApart,
  type Field,
  type Variant,
} from './schema-shape.ts'
import { hasForms } from './schema-words.ts'

/** So many fields inside a field are shown at once; more are folded. */
const SHOWN_AT_ONCE = 6

const FieldRow = ({ name, schema, required }: Field): Child => (
  <div class='field'>
    <dt>
      <code class='field-name'>{name}</code> {required && <span class='required'>required</span>}
    </dt>
    <dd>
      <SchemaType schema={schema} />
      <Prose text={schema.description} />
      <Folded name={name} schema={schema} />
    </dd>
  </div>
)

const VariantRow = ({ schema, told_by }: Variant): Child => (
  <li>
    {told_by ? (
      <p class='variant'>
        <code>{told_by.field}</code> is <Literals values={told_by.values} />
        {schema.$ref && (
          <>
            : <SchemaName schema={schema} />
          </>
        )}
      </p>
    ) : (
      <SchemaType schema={schema} />
    )}
    <Prose text={schema.description} />
    <SchemaDetails schema={schema} />
  </li>
)

/** What stands inside a field: at once if it is little, else to be unfolded. */
const Folded = ({ name, schema }: { name: string; schema: JsonSchema }): Child => {
  const count = fieldCount(schema)
  if (count <= SHOWN_AT_ONCE) return <SchemaDetails schema={schema} />
  return (
    <details class='fold'>
      <summary>
        What is in <code>{name}</code>
      </summary>
      <SchemaDetails schema={schema} />
    </details>
  )
}

/** The fields and the forms of a schema, to every depth; schemas with a name are linked instead. */
export const SchemaDetails = ({ schema }: { schema: JsonSchema }): Child => {
  if (schema.$ref) return null
  const fields = fieldsOf(schema)
  const entries = entriesOf(schema)
  return (
    <>
      {fields.length > 0 && (
        <dl class='fields'>
          {fields.map((field) => (
            <FieldRow {...field} />
          ))}
        </dl>
      )}
      {(hasForms(schema) || schema.discriminator) && (
        <ul class='variants'>
          {toldApart(schema).map((variant) => (
            <VariantRow {...variant} />
          ))}
        </ul>
      )}
      {entries && <SchemaDetails schema={entries} />}
    </>
  )
}
