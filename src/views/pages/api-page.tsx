import type { Child } from 'hono/jsx'
import { paths } from '../../paths.ts'
import { tagAnchor } from '../components/api/anchors.ts'
import { Contents } from '../components/api/contents.tsx'
import type { ApiDocument, Schemas } from '../components/api/document.ts'
import { OperationArticle } from '../components/api/operation-article.tsx'
import {
  operationGroups,
  sharedAnswers,
  sharedHeaders,
  type OperationGroup,
} from '../components/api/operations.ts'
import { Prose } from '../components/api/prose.tsx'
import { SchemaArticle } from '../components/api/schema-article.tsx'
import { AnswerArticle, HeaderPanel } from '../components/api/shared-article.tsx'

/** Where the operations are served, by the origin of this page; no slash at the end. */
const baseOf = ({ servers = [] }: ApiDocument, origin: string): string =>
  new URL(servers[0]?.url ?? '/', origin).href.replace(/\/$/, '')

const About = ({ document, base }: { document: ApiDocument; base: string }): Child => {
  const { info, openapi } = document
  return (
    <div class='panel about'>
      <Prose text={info.description} />
      <p class='muted'>
        Served at <code>{base}</code>. {info.title} {info.version}
        {info.license && `, ${info.license.name} license`}.
      </p>
      <p>
        <a href={paths.api.document}>The OpenAPI {openapi} document</a>, from which this page is
        made
      </p>
    </div>
  )
}

const Group = ({
  group: { name, description, operations },
  base,
  schemas,
}: {
  group: OperationGroup
  base: string
  schemas: Schemas
}): Child => (
  <section class='stack' aria-labelledby={tagAnchor(name)}>
    <div class='group-title'>
      <h2 id={tagAnchor(name)}>{name}</h2>
      <Prose text={description} />
    </div>
    {operations.map((operation) => (
      <OperationArticle operation={operation} base={base} schemas={schemas} />
    ))}
  </section>
)

/** The API for those who write programs: every operation and every schema of the document. */
export const ApiPage = ({ document, origin }: { document: ApiDocument; origin: string }): Child => {
  const groups = operationGroups(document)
  const schemas = document.components?.schemas ?? {}
  const answers = sharedAnswers(groups)
  const headers = sharedHeaders(document)
  const base = baseOf(document, origin)
  return (
    <>
      <div class='page-title'>
        <h1>API</h1>
        <p class='muted'>JSON over HTTP, for programs</p>
      </div>
      <div class='manual'>
        <Contents
          groups={groups}
          answers={answers.map(({ shared }) => shared ?? '')}
          headers={headers.map(({ name }) => name)}
          schemas={Object.keys(schemas)}
        />
        <div class='stack'>
          <About document={document} base={base} />
          {groups.map((group) => (
            <Group group={group} base={base} schemas={schemas} />
          ))}
          {answers.length > 0 && (
            <section class='stack' aria-labelledby='answers'>
              <div class='group-title'>
                <h2 id='answers'>Answers</h2>
                <p>What many operations answer</p>
              </div>
              {answers.map((answer) => (
                <AnswerArticle {...answer} />
              ))}
            </section>
          )}
          {headers.length > 0 && (
            <section class='stack' aria-labelledby='headers'>
              <div class='group-title'>
                <h2 id='headers'>Headers</h2>
                <p>What many answers come with</p>
              </div>
              <HeaderPanel headers={headers} />
            </section>
          )}
          <section class='stack' aria-labelledby='schemas'>
            <div class='group-title'>
              <h2 id='schemas'>Schemas</h2>
              <p>What the bodies above are made of</p>
            </div>
            {Object.entries(schemas).map(([name, schema]) => (
              <SchemaArticle name={name} schema={schema} />
            ))}
          </section>
        </div>
      </div>
    </>
  )
}
