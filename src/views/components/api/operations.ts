import { referredName } from './anchors.ts'
import {
  METHODS,
  type Answer,
  type ApiDocument,
  type DocumentedOperation,
  type Header,
  type Method,
  type Parameter,
  type Reference,
  type RequestBody,
} from './document.ts'

export interface AnswerOfStatus extends Omit<Answer, 'headers'> {
  status: string
  headers: (Header & { name: string })[]
}

/** An operation with everything that it refers to, schemas apart. */
export interface Operation extends Pick<DocumentedOperation, 'description' | 'deprecated'> {
  id: string
  method: Method
  path: string
  summary: string
  parameters: Parameter[]
  body: RequestBody | null
  answers: AnswerOfStatus[]
}

export interface OperationGroup {
  name: string
  description?: string | undefined
  operations: Operation[]
}

const UNTAGGED = 'Other'

const isReference = (value: object): value is Reference => '$ref' in value

/** The thing itself, or what it refers to, as a list of one; a dangling reference leads to nothing. */
const resolved = <T extends object>(
  value: T | Reference,
  named: Record<string, T | Reference> = {},
): T[] => {
  if (!isReference(value)) return [value]
  const target = named[referredName(value.$ref)]
  return target && !isReference(target) ? [target] : []
}

const answersOf = (
  { responses = {} }: DocumentedOperation,
  { components = {} }: ApiDocument,
): AnswerOfStatus[] =>
  Object.entries(responses).flatMap(([status, response]) =>
    resolved(response, components.responses).map(({ headers = {}, ...answer }) => ({
      ...answer,
      status,
      headers: Object.entries(headers).flatMap(([name, header]) =>
        resolved(header, components.headers).map((known) => ({ ...known, name })),
      ),
    })),
  )

/** Every operation with the tag that it is listed under, which is its first. */
const taggedOperations = (document: ApiDocument): { tag: string; operation: Operation }[] => {
  const { components = {}, paths = {} } = document
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const found = item[method]
      if (!found) return []
      const { operationId: id = `${method}${path}`, summary = id, requestBody } = found
      const [body = null] = requestBody ? resolved(requestBody, components.requestBodies) : []
      const operation: Operation = {
        id,
        method,
        path,
        summary,
        ...(found.description !== undefined && { description: found.description }),
        ...(found.deprecated !== undefined && { deprecated: found.deprecated }),
        parameters: [...(item.parameters ?? []), ...(found.parameters ?? [])].flatMap((parameter) =>
          resolved(parameter, components.parameters),
        ),
        body,
        answers: answersOf(found, document),
      }
      return [{ tag: found.tags?.[0] ?? UNTAGGED, operation }]
    }),
  )
}

/** All operations, each once: tags in the order of the document, then those it does not list. */
export const operationGroups = (document: ApiDocument): OperationGroup[] => {
  const tagged = taggedOperations(document)
  const listed = document.tags ?? []
  const names = new Set([...listed.map(({ name }) => name), ...tagged.map(({ tag }) => tag)])
  return [...names]
    .map((name) => ({
      name,
      description: listed.find((tag) => tag.name === name)?.description,
      operations: tagged.filter(({ tag }) => tag === name).map(({ operation }) => operation),
    }))
    .filter(({ operations }) => operations.length > 0)
}
