/**
 * The parts of an OpenAPI 3.1 document that the page of the API shows. The document that the server
 * makes is assignable to `ApiDocument`, so nothing has to be read twice.
 */

export interface Reference {
  $ref: string
}
type Named<T> = Record<string, T | Reference>

export interface JsonSchema {
  $ref?: string
  description?: string
  type?: string | readonly string[]
  format?: string
  enum?: readonly unknown[]
  const?: unknown
  default?: unknown
  example?: unknown
  examples?: readonly unknown[]
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  minProperties?: number
  maxProperties?: number
  items?: JsonSchema
  prefixItems?: readonly JsonSchema[]
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  required?: readonly string[]
  oneOf?: readonly JsonSchema[]
  anyOf?: readonly JsonSchema[]
  allOf?: readonly JsonSchema[]
  discriminator?: { propertyName: string; mapping?: Record<string, string> }
  readOnly?: boolean
  writeOnly?: boolean
  deprecated?: boolean
}
export type Schemas = Record<string, JsonSchema>

export interface MediaType {
  schema?: JsonSchema
  example?: unknown
  examples?: Named<{ summary?: string; value?: unknown }>
}
export type Content = Record<string, MediaType>

export interface Parameter {
  name: string
  in: string
  required?: boolean
  deprecated?: boolean
  description?: string
  schema?: JsonSchema
  example?: unknown
}

export interface Header {
  required?: boolean
  description?: string
  schema?: JsonSchema
  example?: unknown
}

export interface RequestBody {
  required?: boolean
  description?: string
  content: Content
}

export interface Answer {
  description: string
  headers?: Named<Header>
  content?: Content
}

export interface DocumentedOperation {
  operationId?: string
  tags?: readonly string[]
  summary?: string
  description?: string
  deprecated?: boolean
  parameters?: readonly (Parameter | Reference)[]
  requestBody?: RequestBody | Reference
  responses?: Named<Answer>
}

export const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const
export type Method = (typeof METHODS)[number]

type PathItem = { parameters?: readonly (Parameter | Reference)[] } & {
  [method in Method]?: DocumentedOperation
}

export interface ApiDocument {
  openapi: string
  info: {
    title: string
    version: string
    description?: string
    license?: { name: string }
  }
  servers?: readonly { url: string }[]
  tags?: readonly { name: string; description?: string }[]
  components?: {
    schemas?: Schemas
    parameters?: Named<Parameter>
    responses?: Named<Answer>
    requestBodies?: Named<RequestBody>
    headers?: Named<Header>
  }
  paths?: Record<string, PathItem>
}
