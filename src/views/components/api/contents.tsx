import type { Child } from 'hono/jsx'
import { answerAnchor, headerAnchor, operationAnchor, schemaAnchor, tagAnchor } from './anchors.ts'
import { MethodPill } from './method-pill.tsx'
import type { OperationGroup } from './operations.ts'

interface Props {
  groups: readonly OperationGroup[]
  answers: readonly string[]
  headers: readonly string[]
  schemas: readonly string[]
}

const Named = ({
  title,
  names,
  anchor,
}: {
  title: string
  names: readonly string[]
  anchor: (name: string) => string
}): Child =>
  names.length > 0 && (
    <li>
      <a class='contents-group' href={`#${title.toLowerCase()}`}>
        {title}
      </a>
      <ul>
        {names.map((name) => (
          <li>
            <a href={`#${anchor(name)}`}>{name}</a>
          </li>
        ))}
      </ul>
    </li>
  )

const ContentsList = ({ groups, answers, headers, schemas }: Props): Child => (
  <ul class='contents-list'>
    {groups.map(({ name, operations }) => (
      <li>
        <a class='contents-group' href={`#${tagAnchor(name)}`}>
          {name}
        </a>
        <ul>
          {operations.map(({ id, method }) => (
            <li>
              <a href={`#${operationAnchor(id)}`}>
                <MethodPill method={method} /> {id}
              </a>
            </li>
          ))}
        </ul>
      </li>
    ))}
    <Named title='Answers' names={answers} anchor={answerAnchor} />
    <Named title='Headers' names={headers} anchor={headerAnchor} />
    <Named title='Schemas' names={schemas} anchor={schemaAnchor} />
  </ul>
)

/**
 * The table of contents: folded on a phone, open beside the text where there is room. A fold cannot
 * know the width, so the list is there twice and the stylesheet leaves one of them.
 */
export const Contents = (props: Props): Child => (
  <nav class='contents' aria-label='Contents'>
    <details class='contents-narrow'>
      <summary>Contents</summary>
      <ContentsList {...props} />
    </details>
    <div class='contents-wide'>
      <ContentsList {...props} />
    </div>
  </nav>
)
