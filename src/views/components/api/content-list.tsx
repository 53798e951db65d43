import type { Child } from 'hono/jsx'
import { Example } from './code-block.tsx'
import type { Content } from './document.ts'
import { mediaExamples } from './sample.ts'
import { SchemaDetails } from './schema-details.tsx'
import { SchemaType } from './schema-type.tsx'

/** What a body may be: for each content type its schema and its examples. */
export const ContentList = ({ content }: { content: Content }): Child =>
  Object.entries(content).map(([type, media]) => {
    const { schema = {} } = media
    return (
      <div class='content'>
        <p class='content-type'>
          <code>{type}</code>
        </p>
        <SchemaType schema={schema} />
        <SchemaDetails schema={schema} />
        {mediaExamples(media).map(({ name, value }) => (
          <Example label={name} value={value} />
        ))}
      </div>
    )
  })
