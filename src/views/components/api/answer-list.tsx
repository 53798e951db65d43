import type { Child } from 'hono/jsx'
import { ContentList } from './content-list.tsx'
import type { AnswerOfStatus } from './operations.ts'
import { CodeSpans, Prose } from './prose.tsx'
import { ownExample } from './sample.ts'
import { SchemaType } from './schema-type.tsx'

const Headers = ({ headers }: Pick<AnswerOfStatus, 'headers'>): Child => (
  <dl class='fields'>
    {headers.map(({ name, schema = {}, description, required, ...header }) => (
      <div class='field'>
        <dt>
          <code class='field-name'>{name}</code>{' '}
          <span class='where'>header{required && ', always sent'}</span>
        </dt>
        <dd>
          <SchemaType schema={schema} example={header.example ?? ownExample(schema)} />
          <Prose text={description ?? schema.description} />
        </dd>
      </div>
    ))}
  </dl>
)

/** Every answer that there may be, by its status. */
export const AnswerList = ({ answers }: { answers: readonly AnswerOfStatus[] }): Child => (
  <dl class='answers'>
    {answers.map(({ status, description, headers, content = {} }) => (
      <div>
        <dt>
          <span class={status.startsWith('2') ? 'pill pill-good' : 'pill'}>{status}</span>{' '}
          <CodeSpans text={description} />
        </dt>
        <dd>
          <ContentList content={content} />
          {headers.length > 0 && <Headers headers={headers} />}
        </dd>
      </div>
    ))}
  </dl>
)
