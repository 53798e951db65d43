import type { OpenAPIHono } from '@hono/zod-openapi'

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

/** What middleware answers before or after any route. */
const ANY = {
  403: problem('It does not come from where requests are taken from'),
  406: problem('`Accept` leaves out every type that there is'),
  500: problem('A fault of ours; `request_id` leads to it in the log'),
}
const GET = { 304: { description: 'It is what `If-None-Match` names' } }

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** The document with the answers that no route gives by itself. */
export const withCommonAnswers = (document: Document): Document => {
  const paths = structuredClone(document.paths ?? {})
  for (const item of Object.values(paths)) {
    for (const method of METHODS) {
      const operation = item[method]
      if (operation) {
        operation.responses = {
          ...operation.responses,
          ...ANY,
          ...(method === 'get' ? GET : {}),
        }
      }
    }
  }
  return { ...document, paths }
}
