import type { Child } from 'hono/jsx'
import { AnswerDetails, AnswerPill } from './answer-list.tsx'
import { answerAnchor, headerAnchor } from './anchors.ts'
import { HeaderRow } from './header-row.tsx'
import type { AnswerOfStatus, NamedHeader } from './operations.ts'
import { Permalink } from './permalink.tsx'
import { Prose } from './prose.tsx'

/** One of the answers that several operations have. */
export const AnswerArticle = (answer: AnswerOfStatus): Child => {
  const name = answer.shared ?? ''
  const anchor = answerAnchor(name)
  return (
    <article class='panel documented' id={anchor} aria-labelledby={`${anchor}-title`}>
      <div class='documented-title'>
        <h3 id={`${anchor}-title`}>
          <AnswerPill status={answer.status} /> {name}
        </h3>
        <Permalink anchor={anchor} of={name} />
      </div>
      <Prose text={answer.description} />
      <AnswerDetails {...answer} />
    </article>
  )
}

/** The headers that several answers have. */
export const HeaderPanel = ({ headers }: { headers: readonly NamedHeader[] }): Child => (
  <div class='panel documented'>
    <dl class='fields'>
      {headers.map((header) => (
        <HeaderRow {...header} anchor={headerAnchor(header.name)} />
      ))}
    </dl>
  </div>
)
