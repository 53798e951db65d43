/** What these tests read of a JSON schema. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  default?: unknown
  example?: unknown
  examples?: unknown[]
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  schema: Schema
}

interface Reference {
  $ref: string
}
type OrReference<T> = T | Reference

export interface Response {
  content?: Record<string, unknown>
}

interface DescribedOperation {
  operationId: string
  parameters?: OrReference<Parameter>[]
  requestBody?: OrReference<{ content: Record<string, { schema?: Schema }> }>
  responses: Record<string, OrReference<Response>>
}

export interface OpenApi {
  paths: Record<string, Record<string, unknown>>
}

/** One thing that can be asked for. */
export interface Operation {
  operationId: string
  method: string
  /** Such as `/orders/{order_id}`. */
  template: string
  parameters: Parameter[]
  /** The bodies that it takes, by their media type. */
  bodies: [type: string, schema: Schema][]
  /** What it may answer, by status; `pointer` leads to it in the document. */
  responses: Record<string, Response & { pointer: string }>
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

const unescaped = (key: string): string =>
  decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')

/** A JSON pointer as the fragment of a reference. */
export const pointerOf = (...keys: string[]): string =>
  [
    '#',
    ...keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))),
  ].join('/')

/** What a reference within the document leads to. */
export const targetOf = <T>(document: OpenApi, reference: string): T => {
  const found = reference
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? (Reflect.get(value, unescaped(key)) as unknown)
          : undefined,
      document,
    )
  if (found === undefined) throw new Error(`the document has no ${reference}`)
  return found as T
}

const resolved = <T extends object>(document: OpenApi, value: OrReference<T>): T =>
  '$ref' in value ? targetOf<T>(document, value.$ref) : value

/** Every operation of the document. */
export const operationsOf = (document: OpenApi): Operation[] =>
  Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, described]) => {
        const {
          operationId,
          parameters = [],
          requestBody,
          responses,
        } = described as DescribedOperation
        const { content } = requestBody ? resolved(document, requestBody) : { content: {} }
        return {
          operationId,
          method: method.toUpperCase(),
          template,
          parameters: parameters.map((parameter) => resolved(document, parameter)),
          bodies: Object.entries(content).map(([type, { schema = {} }]) => [type, schema]),
          responses: Object.fromEntries(
            Object.entries(responses).map(([status, response]) => {
              const own = pointerOf('paths', template, method, 'responses', status)
              const pointer = '$ref' in response ? response.$ref : own
              return [status, { ...resolved(document, response), pointer }]
            }),
          ),
        }
      }),
  )
