import assert from 'node:assert/strict'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { isForPrograms } from '../../src/routes/errors.tsx'

type Referred<T> = T | { $ref: string }
type Named<T> = Record<string, Referred<T>>

export interface MediaType {
  schema: object
  example?: unknown
}
export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema: object
  example?: unknown
}
interface Answer {
  description: string
  headers?: Named<{ required?: boolean; description?: string }>
  content?: Record<string, MediaType>
}
export interface Operation {
  operationId: string
  parameters?: Referred<Parameter>[]
  requestBody?: { required?: boolean; content: Record<string, MediaType> }
  responses: Named<Answer>
}
export interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, object>
    parameters: Record<string, Parameter>
    headers: Record<string, { required?: boolean; description?: string }>
    responses: Record<string, Answer>
  }
}

/** A URI that the document is known by, so that its own references resolve. */
const BASE = 'urn:ordertrail:document'
const PROBLEM = 'application/problem+json'

/** What may have more fields one day has no others today. */
const closed = (schema: unknown): unknown => {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map(closed)
  const inner = Object.fromEntries(
    // Data stands there, which only looks like a schema.
    Object.entries(schema).map(([key, value]) => [key, key === 'example' ? value : closed(value)]),
  )
  const { properties, type } = inner
  return properties && type === 'object' ? { additionalProperties: false, ...inner } : inner
}

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+').replaceAll('.', '\\.')}$`)

/** What stands at a reference within the document, or the thing itself. */
export const resolved = <T extends object>(document: Document, value: Referred<T>): T =>
  '$ref' in value
    ? (value.$ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => Reflect.get(at as object, key), document) as T)
    : value

/** What the API document promises, and whether answers keep to it. */
export const createContract = (document: Document) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ $id: BASE, components: closed(document.components) })
  const checks = new Map<string, ValidateFunction>()
  /** Fails when a value does not fit a schema of the document. */
  const checkValue = (schema: object, value: unknown, what: string): void => {
    const key = JSON.stringify(closed(schema)).replaceAll('"#/', `"${BASE}#/`)
    const check = checks.get(key) ?? ajv.compile(JSON.parse(key) as object)
    checks.set(key, check)
    if (check(value)) return
    assert.fail(`${what}: ${ajv.errorsText(check.errors)}: ${JSON.stringify(value)}`)
  }

  const operationOf = (method: string, path: string): Operation | undefined => {
    const exact = document.paths[path]?.[method]
    const [found] = Object.entries(document.paths).flatMap(([template, methods]) =>
      methods[method] && patternOf(template).test(path) ? [methods[method]] : [],
    )
    return exact ?? found
  }

  /** What belongs to no operation: a refusal, or the answer of what is possible. */
  const answersWithoutOperation: Record<string, Answer> = {
    204: { description: '' },
    ...Object.fromEntries(
      [401, 403, 404, 405, 429, 500, 503].map((status) => [
        status,
        {
          description: '',
          content: { [PROBLEM]: { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
    ),
  }

  return {
    checkValue,
    /** Fails when an answer of the API is one that the document does not have. */
    check: async (method: string, url: string, response: Response): Promise<void> => {
      const { pathname } = new URL(url, 'http://localhost')
      if (!isForPrograms(pathname)) return
      const isHead = method.toUpperCase() === 'HEAD'
      const verb = isHead ? 'get' : method.toLowerCase()
      const operation = operationOf(verb, pathname)
      const { operationId: id, responses } = operation ?? {
        operationId: `${method} ${pathname}`,
        responses: answersWithoutOperation,
      }
      const status = String(response.status)
      const promised = responses[status]
      assert.ok(promised, `${id} must not answer ${status}`)
      const answer = resolved(document, promised)
      const missing = Object.entries(answer.headers ?? {}).filter(
        ([name, header]) => resolved(document, header).required && !response.headers.has(name),
      )
      assert.deepEqual(missing, [], `${id} ${status} has all headers`)
      if (isHead) return
      const { content } = answer
      if (!content) {
        assert.equal(await response.clone().text(), '', `${id} ${status} has no body`)
        return
      }
      const type = response.headers.get('Content-Type')?.split(';')[0] ?? ''
      const media = content[type]
      assert.ok(media, `${id} ${status} must not be ${type}`)
      if (!/[/+]json$/.test(type)) return
      const body: unknown = JSON.parse(await response.clone().text())
      checkValue(media.schema, body, `${id} ${status}`)
    },
  }
}
