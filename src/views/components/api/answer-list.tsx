import type { Child } from 'hono/jsx'
import { answerAnchor, headerAnchor } from './anchors.ts'
import { ContentList } from './content-list.tsx'
import { HeaderRow } from './header-row.tsx'
import type { AnswerOfStatus, NamedHeader } from './operations.ts'
import { CodeSpans } from './prose.tsx'

/** The status of an answer; the colour tells a success. */
export const AnswerPill = ({ status }: Pick<AnswerOfStatus, 'status'>): Child => (
  <span class={status.startsWith('2') ? 'pill pill-good' : 'pill'}>{status}</span>
)

/** Headers that are described elsewhere. */
const SharedHeaders = ({ headers }: { headers: readonly NamedHeader[] }): Child => (
  <p class='schema-type'>
    with{' '}
    {headers.map(({ name, shared }, index) => (
      <>
        {index > 0 && ', '}
        <a href={`#${headerAnchor(shared ?? name)}`}>{name}</a>
      </>
    ))}
  </p>
)

/** The type, the body and the headers of an answer. */
export const AnswerDetails = ({ content = {}, headers }: AnswerOfStatus): Child => {
  const shared = headers.filter((header) => header.shared !== null)
  const own = headers.filter((header) => header.shared === null)
  return (
    <>
      <ContentList content={content} />
      {own.length > 0 && (
        <dl class='fields'>
          {own.map((header) => (
            <HeaderRow {...header} />
          ))}
        </dl>
      )}
      {shared.length > 0 && <SharedHeaders headers={shared} />}
    </>
  )
}

/** Every answer that there may be, by its status; what many operations answer is described once. */
export const AnswerList = ({ answers }: { answers: readonly AnswerOfStatus[] }): Child => (
  <dl class='answers'>
    {answers.map((answer) => (
      <div>
        <dt>
          <AnswerPill status={answer.status} /> <CodeSpans text={answer.description} />
        </dt>
        <dd>
          {answer.shared === null ? (
            <AnswerDetails {...answer} />
          ) : (
            <p class='schema-type'>
              <a href={`#${answerAnchor(answer.shared)}`}>{answer.shared}</a>
            </p>
          )}
        </dd>
      </div>
    ))}
  </dl>
)
