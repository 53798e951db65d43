import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { paths } from '../../../src/paths.ts'
import type { Answer } from '../../support/raw-http.ts'
import { operationsOf, pointerOf, type OpenApi } from './document.ts'
import type { FuzzRequest } from './requests.ts'

/** What no answer may hold: stacks, and names that only the inside knows. */
const LEAKS = [
  /\bat (?:async |new )?[\w$.<>]+ \(/g,
  /\bat (?:file|node|async file):/g,
  /node_modules|\/src\/|\.[cm]?[jt]sx?:\d/g,
  /dynamo|dynalite|leveldb|amazonaws|aws-sdk|smithy|sqlite/gi,
  /(?:Exception|[a-z]Error)\b/g,
  /ResourceNotFound|ConditionalCheck|ProvisionedThroughput|ExpressionAttribute/g,
  /workflow_orders|order_intents|\bby_day\b|\bby_order_id\b/g,
  // zod's codes, and what it says where nobody has put it better.
  /invalid_(?:type|union|format|value|key)|unrecognized_keys|too_(?:small|big)|not_multiple_of/g,
  /(?:Invalid (?:input|option|string|number|key)|Too (?:small|big)|Unrecognized keys?):/g,
  /\[object \w+\]|\bundefined\b|\bNaN\b/g,
]

const BASE = 'urn:ordertrail:document'

/** The path that a server sees behind a request target, or null when there is none. */
const pathOf = (target: string): string | null => {
  try {
    return new URL(target.startsWith('/') ? `http://127.0.0.1${target}` : target).pathname
  } catch {
    return null
  }
}

/** Decoded as the router does: what makes no text stays as it is. */
const decoded = (path: string): string => {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** Decoded where it can be. */
const percentDecoded = (text: string): string =>
  text.replaceAll(/%([0-9A-F]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )

const isForPrograms = (path: string): boolean =>
  (path.startsWith('/api/') && path !== paths.api.docs) ||
  path === paths.health ||
  path === paths.ready

/**
 * The rules that every answer keeps to, whatever was asked; they say what is wrong with an answer,
 * which is nothing when it keeps to them. `secrets` are further names that only the inside knows.
 */
export const createRules = (document: OpenApi, secrets: readonly string[]) => {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema({ $id: BASE, ...document })
  const checks = new Map<string, ValidateFunction>()
  const problemsAt = (where: string, value: unknown): string[] => {
    const check = checks.get(where) ?? ajv.compile({ $ref: `${BASE}${where}` })
    checks.set(where, check)
    return check(value) ? [] : [`is not as the document says: ${ajv.errorsText(check.errors)}`]
  }

  const operations = operationsOf(document).map((operation) => ({
    ...operation,
    pattern: new RegExp(
      `^${operation.template.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`,
    ),
  }))
  /** What a request asks for, if it is anything; a path without parameters comes first. */
  const operationOf = (method: string, path: string) => {
    const own = operations.filter((operation) => operation.method === method)
    return (
      own.find(({ template }) => template === path) ?? own.find(({ pattern }) => pattern.test(path))
    )
  }

  const jsonOf = (text: string): { value: unknown } | null => {
    try {
      return { value: JSON.parse(text) }
    } catch {
      return null
    }
  }

  const leaksOf = ({ headers, body }: Answer, asked: string): string[] => {
    const shown = [...headers]
      // That the store is DynamoDB is no secret there.
      .filter(([name]) => name !== 'server-timing')
      .map((header) => header.join(': '))
      .concat(body)
      .join('\n')
    const sent = percentDecoded(asked)
    return (
      [
        ...new Set(LEAKS.flatMap((leak) => shown.match(leak) ?? [])),
        ...secrets.filter((secret) => shown.includes(secret)),
      ]
        // What the request itself said may be repeated.
        .filter((leak) => !sent.includes(leak))
        .map((leak) => `holds "${leak}"`)
    )
  }

  /** A refusal is a problem document, for everything that programs may ask for. */
  const refusalProblems = (answer: Answer): string[] => {
    const type = answer.headers.get('Content-Type')
    if (type !== 'application/problem+json') return [`is of the type ${type}`]
    const json = jsonOf(answer.body)
    if (!json) return ['is no JSON']
    const wrong = problemsAt(pointerOf('components', 'schemas', 'Problem'), json.value)
    if (wrong.length > 0) return wrong
    const { status, request_id } = json.value as { status: number; request_id: string }
    return [
      ...(status === answer.status ? [] : [`says that its status is ${status}`]),
      ...(request_id === answer.headers.get('X-Request-Id') ? [] : ['has another X-Request-Id']),
    ]
  }

  /** True for what was refused before anybody knew what it asks for. */
  const isRefusedUnread = ({ status, body }: Answer): boolean =>
    status >= 400 && body.includes('"instance":"urn:uuid:')

  /** An operation answers what the document says that it answers. */
  const contractProblems = (method: string, path: string, answer: Answer): string[] => {
    const operation = operationOf(method, path)
    if (!operation || isRefusedUnread(answer)) return []
    const promised = operation.responses[String(answer.status)]
    if (!promised) return ['has a status that the document does not name']
    const { content = {} } = promised
    if (Object.keys(content).length === 0)
      return answer.body === '' ? [] : ['has a body that the document does not name']
    const type = answer.headers.get('Content-Type')?.split(';')[0] ?? ''
    if (!content[type]) return [`has a type that the document does not name: ${type}`]
    if (!/[/+]json$/.test(type)) return []
    const json = jsonOf(answer.body)
    if (!json) return ['is no JSON']
    return problemsAt(
      [promised.pointer, 'content', pointerOf(type).slice(2), 'schema'].join('/'),
      json.value,
    )
  }

  /**
   * What is wrong with an answer to whatever was sent. A refusal may be a page or without a body, unless
   * it has to be a problem document.
   */
  const wrongWith = (answer: Answer, asked: string, isForProgram = false): string[] => {
    const { status, headers, body } = answer
    const isPage = headers.get('Content-Type')?.startsWith('text/html') === true
    const isProblem = status >= 400 && (isForProgram || (body !== '' && !isPage))
    return [
      ...(status >= 500 || status < 200 ? ['is no answer to a bad request'] : []),
      ...(isProblem ? refusalProblems(answer) : []),
      // What the document itself says of the inside, it says on purpose.
      ...(body.startsWith('{"openapi":') ? [] : leaksOf(answer, asked)),
    ]
  }

  /** What is wrong with the answer to a request. */
  const wrongFor = (request: FuzzRequest, answer: Answer): string[] => {
    const { method, target, headers } = request
    const { status, body } = answer
    const path = decoded(pathOf(target) ?? '/api/')
    const isWithoutBody = method === 'HEAD' || status === 204 || status === 304
    const asked = [target, ...headers.flat(), request.body?.toString()].join('\n')
    return [
      ...wrongWith(answer, asked, isForPrograms(path) && !isWithoutBody),
      ...(isWithoutBody && body !== '' ? ['has a body'] : []),
      ...(method === 'HEAD' ? [] : contractProblems(method, path, answer)),
    ]
  }

  return {
    wrongWith,
    wrongFor,
    /** The operation that a request reaches, or null. */
    reached: ({ method, target }: FuzzRequest): string | null =>
      operationOf(method, decoded(pathOf(target) ?? ''))?.operationId ?? null,
  }
}
