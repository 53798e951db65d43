import type { Child } from 'hono/jsx'
import { operationAnchor, schemaAnchor, tagAnchor } from './anchors.ts'
import { MethodPill } from './method-pill.tsx'
import type { OperationGroup } from './operations.ts'

interface Props {
  groups: readonly OperationGroup[]
  schemas: readonly string[]
}

const ContentsList = ({ groups, schemas }: Props): Child => (
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
    <li>
      <a class='contents-group' href='#schemas'>
        Schemas
      </a>
      <ul>
        {schemas.map((name) => (
          <li>
            <a href={`#${schemaAnchor(name)}`}>{name}</a>
          </li>
        ))}
      </ul>
    </li>
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
