import type { Child } from 'hono/jsx'
import type { Header } from './document.ts'
import { Prose } from './prose.tsx'
import { ownExample } from './sample.ts'
import { SchemaType } from './schema-type.tsx'

/** A header, as a row of a list: of one answer, or with an anchor, of all that have it. */
export const HeaderRow = ({
  name,
  anchor,
  schema = {},
  description,
  required,
  ...header
}: Header & { name: string; anchor?: string }): Child => (
  <div class='field' id={anchor}>
    <dt>
      <code class='field-name'>{name}</code>{' '}
      {anchor === undefined && <span class='where'>header{required && ', always sent'}</span>}
    </dt>
    <dd>
      <SchemaType schema={schema} example={header.example ?? ownExample(schema)} />
      <Prose text={description ?? schema.description} />
    </dd>
  </div>
)
