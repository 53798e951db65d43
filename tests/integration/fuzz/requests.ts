import * as fc from 'fast-check'
import { breaksOf, type Break } from './breaks.ts'
import { operationsOf, type OpenApi, type Operation } from './document.ts'
import { encoded, sendableHeader, withHeader, type Draft, type Field } from './draft.ts'
import { writeJson } from './hostile.ts'
import { createValues, type Known } from './values.ts'

/** A request as it goes over the wire. */
export interface FuzzRequest {
  method: string
  /** The request target, byte by byte. */
  target: string
  headers: Field[]
  body: Buffer | null
  isChunked: boolean
  /** What is not as the document says. */
  broken: string[]
}

/** A request as the document describes it. */
const describedDraft = (
  { method, template, parameters, bodies }: Operation,
  valuesOf: ReturnType<typeof createValues>,
): fc.Arbitrary<Draft> => {
  const given = parameters.map(({ name, in: place, required, schema }) => {
    const value = valuesOf(schema, name)
    return fc
      .tuple(required ? fc.constant(true) : fc.nat(9).map((chance) => chance < 3), value)
      .map(([isGiven, made]) => ({ name, place, values: isGiven ? [made].flat() : [] }))
  })
  const body =
    bodies.length === 0
      ? fc.constant(null)
      : fc.oneof(
          ...bodies.map(([type, schema]) => valuesOf(schema).map((json) => ({ type, json }))),
        )
  return fc.tuple(fc.tuple(...given), body).map(([fields, content]) => {
    const at = (wanted: string): Field[] =>
      fields
        .filter(({ place }) => place === wanted)
        .flatMap(({ name, values }) => values.map((value): Field => [name, String(value)]))
    const path = at('path').reduce(
      (filled, [name, value]) => filled.replace(`{${name}}`, () => encoded(value)),
      template,
    )
    const headers = at('header').map(([name, value]): Field => [name, sendableHeader(value)])
    return {
      method,
      path,
      query: at('query'),
      rawQuery: '',
      headers: content ? withHeader(headers, 'Content-Type', content.type) : headers,
      json: content?.json,
      bytes: null,
      isChunked: false,
    }
  })
}

const requestOf = (draft: Draft, breaks: readonly Break[]): FuzzRequest => {
  const { method, path, query, rawQuery, headers, json, bytes, isChunked } = breaks.reduce(
    (made, { apply }) => ({ ...made, ...apply(made) }),
    draft,
  )
  const pairs = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const search = [...pairs, rawQuery].filter(Boolean).join('&')
  const request: FuzzRequest = {
    method,
    target: search === '' ? path : `${path}?${search}`,
    headers,
    body: bytes ?? (json === undefined ? null : Buffer.from(writeJson(json))),
    isChunked,
    broken: breaks.map(({ what }) => what),
  }
  return Object.defineProperty(request, fc.toStringMethod, { value: () => curlOf(request) })
}

/** An operation that takes more has more to go wrong. */
const weightOf = ({ parameters, bodies }: Operation): number =>
  2 + Math.ceil(parameters.length / 2) + 5 * bodies.length

/**
 * Requests made from a document alone, of every one of its operations: some as the document says,
 * some with one thing broken, some with several.
 */
export const requestsOf = (document: OpenApi, known: Known): fc.Arbitrary<FuzzRequest> => {
  const valuesOf = createValues(document, known)
  const ofOperation = (operation: Operation): fc.Arbitrary<FuzzRequest> => {
    const aBreak = breaksOf(operation)
    return fc
      .tuple(
        describedDraft(operation, valuesOf),
        fc.oneof(
          { weight: 3, arbitrary: fc.constant([]) },
          { weight: 6, arbitrary: fc.tuple(aBreak) },
          { weight: 2, arbitrary: fc.array(aBreak, { minLength: 2, maxLength: 4 }) },
        ),
      )
      .map(([draft, breaks]) => requestOf(draft, breaks))
  }
  return fc.oneof(
    ...operationsOf(document).map((operation) => ({
      weight: weightOf(operation),
      arbitrary: ofOperation(operation),
    })),
  )
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The request as a line for a shell; `$URL` is where the server is. */
export const curlOf = ({ method, target, headers, body, isChunked }: FuzzRequest): string => {
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type')
  const fields = [
    // A header without a value is written with a semicolon; one that is not to be sent, without.
    ...headers.map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`)),
    ...(body === null || hasType ? [] : ['Content-Type:']),
    ...(isChunked ? ['Transfer-Encoding: chunked'] : []),
  ]
  const isPrintable = body !== null && /^[\u0020-\u007e]*$/.test(body.toString('latin1'))
  const words = [
    ...(body === null || isPrintable ? [] : [`echo ${body.toString('base64')} | base64 -d |`]),
    `curl -i ${method === 'HEAD' ? '--head' : `-X ${method}`} --path-as-is`,
    ...fields.map((field) => `-H ${quoted(field)}`),
    ...(body === null ? [] : [`--data-binary ${isPrintable ? quoted(body.toString()) : '@-'}`]),
    ...(target.startsWith('/') ? [] : [`--request-target ${quoted(target)}`]),
    `"$URL"${target.startsWith('/') ? quoted(target) : ''}`,
  ]
  return words.join(' ')
}
