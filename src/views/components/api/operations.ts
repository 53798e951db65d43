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

/** A header, and the name that it is described under when several answers have it. */
export interface NamedHeader extends Header {
  name: string
  shared: string | null
}

export interface AnswerOfStatus extends Omit<Answer, 'headers'> {
  status: string
  headers: NamedHeader[]
  /** The name that it is described under when several operations have it. */
  shared: string | null
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

/** The name of what is referred to; null for what stands there itself. */
const sharedName = (value: object): string | null =>
  isReference(value) ? referredName(value.$ref) : null

const answersOf = (
  { responses = {} }: DocumentedOperation,
  { components = {} }: ApiDocument,
): AnswerOfStatus[] =>
  Object.entries(responses).flatMap(([status, response]) =>
    resolved(response, components.responses).map(({ headers = {}, ...answer }) => ({
      ...answer,
      status,
      shared: sharedName(response),
      headers: Object.entries(headers).flatMap(([name, header]) =>
        resolved(header, components.headers).map((known) => ({
          ...known,
          name,
          shared: sharedName(header),
        })),
      ),
    })),
  )

/** The headers that several answers have. */
export const sharedHeaders = ({ components = {} }: ApiDocument): NamedHeader[] =>
  Object.entries(components.headers ?? {}).flatMap(([name, header]) =>
    resolved(header, components.headers).map((known) => ({ ...known, name, shared: name })),
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

/** The answers that several operations have, each once, by their status. */
export const sharedAnswers = (groups: readonly OperationGroup[]): AnswerOfStatus[] => {
  const answers = groups.flatMap(({ operations }) => operations.flatMap((each) => each.answers))
  const shared = answers.filter((answer) => answer.shared !== null)
  return [...new Map(shared.map((answer) => [answer.shared, answer])).values()].toSorted((a, b) =>
    a.status.localeCompare(b.status),
  )
}
