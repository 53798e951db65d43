import type { Child } from 'hono/jsx'
import { schemaAnchor } from './anchors.ts'
import { Example } from './code-block.tsx'
import type { JsonSchema } from './document.ts'
import { Permalink } from './permalink.tsx'
import { Prose } from './prose.tsx'
import { ownExample } from './sample.ts'
import { SchemaDetails } from './schema-details.tsx'
import { SchemaType } from './schema-type.tsx'

/** One of the schemas that have a name. */
export const SchemaArticle = ({ name, schema }: { name: string; schema: JsonSchema }): Child => {
  const anchor = schemaAnchor(name)
  const example = ownExample(schema)
  return (
    <article class='panel documented' id={anchor} aria-labelledby={`${anchor}-title`}>
      <div class='documented-title'>
        <h3 id={`${anchor}-title`}>{name}</h3>
        <Permalink anchor={anchor} of={name} />
      </div>
      <SchemaType schema={schema} />
      <Prose text={schema.description} />
      <SchemaDetails schema={schema} />
      {typeof example === 'object' && <Example label={`Example of ${name}`} value={example} />}
    </article>
  )
}
