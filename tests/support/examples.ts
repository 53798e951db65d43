import { randomBytes } from 'node:crypto'
import { addToken, NO_TOKENS } from '../../src/domain/access.ts'
import { DomainError } from '../../src/domain/errors.ts'
import { definitionOf } from '../../src/domain/workflow.ts'
import { paths } from '../../src/paths.ts'
import { resolved, type Document, type Operation, type Parameter } from './contract.ts'
import { NOW, openExampleWorld, ORDER_ID, WORKFLOW_ID } from './example-world.ts'
import { aFolder } from './installation.ts'

type Headers = Record<string, string>

/** A request that is made of nothing but examples of the API document. */
interface ExampleRequest {
  operationId: string
  /** What it has besides what it must have. */
  extra: string
  method: string
  path: string
  headers: Headers
  body?: string
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const parametersOf = (document: Document, { parameters = [] }: Operation): Parameter[] =>
  parameters.map((parameter) => resolved(document, parameter))

/** The request that has these parameters, and a body of this type where there is one. */
const requestOf = (
  operation: Operation,
  {
    method,
    template,
    parameters,
    bodyType,
    accept,
  }: {
    method: string
    template: string
    parameters: readonly Parameter[]
    bodyType: string | undefined
    accept?: string
  },
): Omit<ExampleRequest, 'extra'> => {
  const query = new URLSearchParams()
  const headers: Headers = accept === undefined ? {} : { Accept: accept }
  let path = template
  for (const { name, in: place, example } of parameters) {
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(textOf(example)))
    else if (place === 'header') headers[name] = textOf(example)
    else for (const each of [example].flat()) query.append(name, textOf(each))
  }
  const request = {
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    headers,
  }
  if (bodyType === undefined) return request
  headers['Content-Type'] = bodyType
  const body = JSON.stringify(operation.requestBody?.content[bodyType]?.example)
  return { ...request, body }
}

const exampleRequestsOf = (
  document: Document,
  template: string,
  method: string,
  operation: Operation,
): ExampleRequest[] => {
  const all = parametersOf(document, operation)
  const required = all.filter((parameter) => parameter.required)
  const bodyTypes = Object.keys(operation.requestBody?.content ?? {})
  const [bodyType] = bodyTypes
  const [, success] = Object.entries(operation.responses).find(([status]) => status < '300') ?? []
  const types = success ? Object.keys(resolved(document, success).content ?? {}) : []
  const base = { method, template, parameters: required, bodyType }
  return [
    { extra: '', ...requestOf(operation, base) },
    ...all
      .filter((parameter) => !parameter.required)
      .map((parameter) => ({
        extra: parameter.name,
        ...requestOf(operation, { ...base, parameters: [...required, parameter] }),
      })),
    ...bodyTypes.slice(1).map((other) => ({
      extra: other,
      ...requestOf(operation, { ...base, bodyType: other }),
    })),
    ...types.slice(1).map((accept) => ({
      extra: accept,
      ...requestOf(operation, { ...base, accept }),
    })),
  ]
}

/** For each operation: the least that it needs, and each thing more that it may have, by itself. */
const exampleRequests = (document: Document): ExampleRequest[] =>
  Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      exampleRequestsOf(document, template, method, operation),
    ),
  )

const send = async (
  world: Awaited<ReturnType<typeof openExampleWorld>>,
  { method, path, headers, body }: ExampleRequest,
): Promise<Response> =>
  world.request(path, { method, headers, ...(body === undefined ? {} : { body }) })

/** What a request that changes something needs, or must not find. */
const prepare = async (
  { workflows }: Awaited<ReturnType<typeof openExampleWorld>>,
  { operationId, extra }: ExampleRequest,
): Promise<void> => {
  const isToCreate = operationId === 'replaceWorkflow' && extra === 'If-None-Match'
  if (isToCreate) await workflows.remove(WORKFLOW_ID)
}

/** The body of an answer, as a value where it is JSON. */
const bodyOf = async (response: Response): Promise<{ type: string; body: unknown }> => {
  const type = response.headers.get('Content-Type')?.split(';')[0] ?? ''
  const text = await response.text()
  return { type, body: /[/+]json$/.test(type) ? JSON.parse(text) : text }
}

interface ExampleAnswer {
  request: ExampleRequest
  status: number
  type: string
  body: unknown
}

/** Sends every example request of the document; what changes something has a world of its own. */
export const answerExamples = async (): Promise<ExampleAnswer[]> => {
  await using readOnly = await openOwnWorld()
  const document = (await (await readOnly.request(paths.api.document)).json()) as Document
  const answers: ExampleAnswer[] = []
  for (const request of exampleRequests(document)) {
    await using own = request.method === 'GET' ? null : await openOwnWorld()
    const world = own ?? readOnly
    await prepare(world, request)
    const response = await send(world, request)
    answers.push({ request, status: response.status, ...(await bodyOf(response)) })
  }
  return answers
}

const openOwnWorld = async () => {
  const folder = await aFolder()
  const world = await openExampleWorld(folder.path)
  return {
    ...world,
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** The document cannot hold all of itself. */
const shortened = (operationId: string, body: unknown): unknown => {
  if (operationId !== 'getDocument') return body
  const { openapi, info } = body as { openapi: string; info: object }
  return { openapi, info }
}

/** What the document shows: by operation, status and content type the first answer that has them. */
export const answersToShow = (answers: readonly ExampleAnswer[]) => {
  const shown: Record<string, Record<string, Record<string, unknown>>> = {}
  for (const { request, status, type, body } of answers) {
    if (type === '') continue
    const { operationId } = request
    const bodies = ((shown[operationId] ??= {})[status] ??= {})
    bodies[type] ??= shortened(operationId, body)
  }
  return shown
}

const A_TOKEN = addToken(
  NO_TOKENS,
  { name: 'Ada', role: 'operator', expires_at: null },
  randomBytes,
  NOW,
)

/** The problem document of every failure that the document names, by its status. */
export const provokeProblems = async (): Promise<Record<string, unknown>> => {
  await using world = await openOwnWorld()
  const { request, requestWith, workflows } = world
  const workflow = paths.api.workflow(WORKFLOW_ID)
  const order = paths.api.order(ORDER_ID)
  const change = (method: string, path: string, body: unknown, headers: Headers = {}) =>
    request(path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const reading = (failure: Error) =>
    requestWith({ trail: { ...world.trail, getOrder: () => Promise.reject(failure) } })(order)
  const create = (name: string) =>
    change('POST', paths.api.workflows, { ...definition, name }, { 'Idempotency-Key': 'create-1' })
  const hurry = async (): Promise<Response> => {
    const ask = requestWith({ requests_per_second: 50 })
    for (;;) {
      const response = await ask(order, {}, { incoming: { socket: { remoteAddress: '::1' } } })
      if (response.status !== 200) return response
    }
  }

  const found = await workflows.find(WORKFLOW_ID, NOW)
  const definition = found && definitionOf(found)
  const provoked = [
    await request(`${paths.api.workflows}?per_page=0`),
    await requestWith({ access: { ...world.access, read: async () => A_TOKEN.document } })(order),
    await request(order, { headers: { Host: 'orders.example' } }),
    await request(paths.api.order(WORKFLOW_ID)),
    await request(order, { headers: { Accept: 'text/html' } }),
    await create('Sell the break of 2000').then(() => create('Sell the break of 1900')),
    await change('PATCH', workflow, { enable: false }, { 'If-Match': '"7"' }),
    await change('PUT', workflow, { ...definition, name: 'x'.repeat(70_000) }),
    await change('PUT', workflow, definition, { 'Content-Type': 'application/yaml' }),
    await change('PATCH', workflow, { trigger: { quantity: 0 } }),
    await hurry(),
    await reading(new Error('a fault')),
    await reading(new DomainError('store_unavailable', 'no answer within 2000 ms')),
  ]
  const bodies = await Promise.all(
    provoked.map(async (response) => [response.status, await response.json()] as const),
  )
  return Object.fromEntries(bodies)
}
