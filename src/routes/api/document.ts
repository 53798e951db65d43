import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiContentObject,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi'
import type { ApiDocument } from '../../views/components/api/document.ts'
import { problems } from './describe.ts'
import examples from './examples.json' with { type: 'json' }
import { COMMON_HEADERS, ETag } from './headers.ts'

type Registry = OpenAPIHono['openAPIRegistry']
type Route = Extract<Registry['definitions'][number], { type: 'route' }>['route']
type Responses = Route['responses']
type Response = Exclude<Responses[string], { $ref: string }>

/** What each operation really answered, by its status and content type. */
const EXAMPLES: Partial<Record<string, Record<string, Record<string, unknown>>>> =
  examples.operations

const NOT_MODIFIED = {
  id: 'NotModified',
  description: 'It is what `If-None-Match` names',
  headers: z
    .object({ ...COMMON_HEADERS, ETag })
    .omit({ 'Server-Timing': true, 'X-Request-Id': true }),
}

/** `If-None-Match` of a request that reads. */
const IfNoneMatch = z
  .string()
  .optional()
  .meta({
    param: {
      id: 'IfNoneMatch',
      description:
        'The `ETag` of what is known already; the answer is 304 as long as it is the same',
      example: '"6d2ff8e2a04d5d3b0b5e7f4b1b2f4c2d"',
    },
  })

const contentOf = (
  content: Response['content'] = {},
  answers: Record<string, unknown> = {},
): ZodOpenApiContentObject =>
  Object.fromEntries(
    Object.entries(content).flatMap(([type, media]) => {
      if (!media || !('schema' in media) || !(media.schema instanceof z.ZodType)) return []
      const example: unknown = media.example ?? answers[type]
      return [[type, { schema: media.schema, ...(example === undefined ? {} : { example }) }]]
    }),
  )

const shapeOf = (schema: unknown): z.core.$ZodLooseShape =>
  schema instanceof z.ZodObject ? schema.shape : {}

const responsesOf = ({ operationId = '', method, responses }: Route): ZodOpenApiResponsesObject =>
  Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      // What has a name in the document is complete.
      if ('$ref' in response || 'id' in response) return [status, response]
      const content = contentOf(response.content, EXAMPLES[operationId]?.[status])
      const headers = {
        ...COMMON_HEADERS,
        ...(method === 'get' ? { ETag } : {}),
        ...shapeOf(response.headers),
      }
      const { description = '' } = response
      const hasBody = Object.keys(content).length > 0
      return [status, { description, headers: z.object(headers), ...(hasBody ? { content } : {}) }]
    }),
  )

/** What middleware answers before or after a route. */
const commonResponses = ({ method, path, security }: Route): Responses => ({
  ...(method === 'get' ? { 304: NOT_MODIFIED } : problems(413)),
  ...(security ? {} : problems(401, 503)),
  ...problems(403, 406, 500),
  ...(path.startsWith('/api/') ? problems(429) : {}),
})

const operationOf = (route: Route): ZodOpenApiOperationObject => {
  const { operationId = '', tags = [], summary = '', description } = route
  const { method, request = {}, responses, security } = route
  const { params, query, headers, body } = request
  const conditional = method === 'get' ? { 'If-None-Match': IfNoneMatch } : {}
  return {
    operationId,
    tags,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(security ? { security } : {}),
    requestParams: {
      path: z.object(shapeOf(params)),
      query: z.object(shapeOf(query)),
      header: z.object({ ...shapeOf(headers), ...conditional }),
    },
    ...(body ? { requestBody: { ...body, content: contentOf(body.content) } } : {}),
    responses: responsesOf({ ...route, responses: { ...responses, ...commonResponses(route) } }),
  }
}

/** What zod says of a schema, as far as it tells a reader something. */
const tidied: ZodOpenApiOverride = ({ zodSchema, jsonSchema, io }) => {
  const { def } = zodSchema._zod
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  delete jsonSchema.propertyNames
  // An answer may have more fields one day.
  if (io === 'output' && def.type === 'object' && !def.catchall) {
    delete jsonSchema.additionalProperties
  }
  // The bounds say the same.
  if (def.type === 'tuple') delete jsonSchema.items
  const [inner, none, ...others] = jsonSchema.anyOf ?? []
  if (none?.type === 'null' && others.length === 0 && typeof inner?.type === 'string') {
    delete jsonSchema.anyOf
    Object.assign(jsonSchema, inner, { ...jsonSchema, type: [inner.type, 'null'] })
    if (inner.enum) jsonSchema.enum = [...inner.enum, null]
  }
}

/** The OpenAPI document of the routes that were registered. */
export const documentOf = (
  { definitions }: Registry,
  about: Omit<ZodOpenApiObject, 'paths'>,
): ApiDocument => {
  const paths: ZodOpenApiPathsObject = {}
  for (const definition of definitions) {
    if (definition.type !== 'route') continue
    const { path, method } = definition.route
    paths[path] = { ...paths[path], [method]: operationOf(definition.route) }
  }
  const { components = {}, ...document } = createDocument({ ...about, paths }, { override: tidied })
  const schemas = Object.entries(components.schemas ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no schema of ours is a mere true or false
  return {
    ...document,
    components: { ...components, schemas: Object.fromEntries(schemas) },
  } as ApiDocument
}
