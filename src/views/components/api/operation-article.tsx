import type { Child } from 'hono/jsx'
import { operationAnchor } from './anchors.ts'
import { AnswerList } from './answer-list.tsx'
import { CodeBlock } from './code-block.tsx'
import { ContentList } from './content-list.tsx'
import { curlCommand } from './curl.ts'
import type { RequestBody, Schemas } from './document.ts'
import { MethodPill } from './method-pill.tsx'
import type { Operation } from './operations.ts'
import { ParameterList } from './parameter-list.tsx'
import { Permalink } from './permalink.tsx'
import { CodeSpans, Prose } from './prose.tsx'

/** A path that may be broken before each of its slashes. */
const Path = ({ path }: { path: string }): Child => (
  <code class='path'>
    {path.split(/(?=\/)/).map((part) => (
      <>
        <wbr />
        {part}
      </>
    ))}
  </code>
)

const Body = ({ body }: { body: RequestBody }): Child => (
  <>
    <h4>Request body{body.required ? '' : ' (optional)'}</h4>
    <Prose text={body.description} />
    <ContentList content={body.content} />
  </>
)

interface Props {
  operation: Operation
  /** Where the API is served: `http://127.0.0.1:3000`. */
  base: string
  schemas: Schemas
}

/** Everything about one operation. */
export const OperationArticle = ({ operation, base, schemas }: Props): Child => {
  const { id, method, path, summary, description, deprecated, parameters, body, answers } =
    operation
  const anchor = operationAnchor(id)
  return (
    <article class='panel documented' id={anchor} aria-labelledby={`${anchor}-title`}>
      <div class='documented-title'>
        <h3 id={`${anchor}-title`}>
          <CodeSpans text={summary} />
        </h3>
        <Permalink anchor={anchor} of={id} />
      </div>
      <p class='endpoint'>
        <MethodPill method={method} /> <Path path={path} />{' '}
        {deprecated && <span class='pill pill-warn'>Deprecated</span>}
      </p>
      <Prose text={description} />
      {parameters.length > 0 && (
        <>
          <h4>Parameters</h4>
          <ParameterList parameters={parameters} />
        </>
      )}
      {body && <Body body={body} />}
      <h4>Answers</h4>
      <AnswerList answers={answers} />
      <h4>With curl</h4>
      <CodeBlock label={`curl for ${id}`} code={curlCommand(operation, base, schemas)} />
    </article>
  )
}
