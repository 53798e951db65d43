import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import type { LambdaContext } from 'hono/aws-lambda'
import { handle } from 'hono/aws-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { listen } from '../../src/entrypoints/listen.ts'
import { paths } from '../../src/paths.ts'
import { assets } from '../../src/views/asset-url.ts'
import { credentialStates, saveAccess, type CredentialState } from '../support/access.ts'
import { createApp } from '../support/app.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

type Access = 'anybody' | 'viewer' | 'operator'

/** Each route of the app, with whom it needs. */
const ROUTES: Record<string, Access> = {
  'GET /': 'viewer',
  'GET /healthz': 'anybody',
  'GET /readyz': 'viewer',
  'GET /assets/:name': 'anybody',
  'GET /sign-in': 'anybody',
  'POST /sign-in': 'anybody',
  'GET /sign-in/provider': 'anybody',
  'GET /sign-in/callback': 'anybody',
  'POST /sign-out': 'viewer',
  'POST /theme': 'viewer',
  'GET /workflows': 'viewer',
  'GET /workflows/new': 'operator',
  'POST /workflows/new': 'operator',
  'POST /workflows/enable': 'operator',
  'GET /workflows/:workflow_id': 'viewer',
  'GET /workflows/:workflow_id/chart': 'viewer',
  'GET /workflows/:workflow_id/orders': 'viewer',
  'GET /workflows/:workflow_id/edit': 'operator',
  'POST /workflows/:workflow_id/edit': 'operator',
  'POST /workflows/:workflow_id/enable': 'operator',
  'GET /workflows/:workflow_id/delete': 'operator',
  'POST /workflows/:workflow_id/delete': 'operator',
  'GET /orders': 'viewer',
  'GET /orders/news': 'viewer',
  'GET /orders/:order_id': 'viewer',
  'GET /api/docs': 'viewer',
  'GET /api/openapi.json': 'viewer',
  'GET /api/workflow/attention': 'viewer',
  'GET /api/workflow/indicator-types': 'viewer',
  'GET /api/workflow/orders': 'viewer',
  'GET /api/workflow/orders.csv': 'viewer',
  'GET /api/workflow/orders.ndjson': 'viewer',
  'GET /api/workflow/orders/:order_id': 'viewer',
  'POST /api/workflow/reconciliations': 'operator',
  'POST /api/workflow/runs': 'operator',
  'GET /api/workflow/workflows': 'viewer',
  'POST /api/workflow/workflows': 'operator',
  'GET /api/workflow/workflows/:workflow_id': 'viewer',
  'PUT /api/workflow/workflows/:workflow_id': 'operator',
  'PATCH /api/workflow/workflows/:workflow_id': 'operator',
  'DELETE /api/workflow/workflows/:workflow_id': 'operator',
  'GET /api/workflow/workflows/:workflow_id/orders': 'viewer',
  'GET /api/workflow/workflows/:workflow_id/orders.csv': 'viewer',
  'GET /api/workflow/workflows/:workflow_id/orders.ndjson': 'viewer',
  'GET /api/workflow/workflows/:workflow_id/orders/summary': 'viewer',
  'POST /api/workflow/workflows/:workflow_id/runs': 'operator',
}

const METHODS = [
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'QUERY',
  'TRACE',
  'FROB',
]
const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** Whom a method at a path needs: what no route answers is for nobody but those who may do all. */
const accessOf = (method: string, path: string): Access => {
  const get = ROUTES[`GET ${path}`]
  if (method === 'HEAD') return get ?? 'viewer'
  // What is possible is no more than that.
  if (method === 'OPTIONS') return get === 'anybody' ? 'anybody' : 'viewer'
  return ROUTES[`${method} ${path}`] ?? (method === 'GET' ? 'viewer' : 'operator')
}

const expectedOf = (
  access: Access,
  method: string,
  { as, bySession, page }: CredentialState,
): 'admitted' | 401 | 403 => {
  const isChange = !SAFE.includes(method)
  if (access === 'anybody') return isChange && page === 'foreign' ? 403 : 'admitted'
  if (as === null) return 401
  if (isChange && bySession && page !== 'own') return 403
  return access === 'operator' && as === 'viewer' ? 403 : 'admitted'
}

const NOW = new Date('2026-11-20T09:30:00.000Z')
const { document, states, signedOut, texts } = credentialStates(NOW)

const open = async () => {
  const folder = await aFolder()
  const product = await openInstallation(folder.path, { API_REQUESTS_PER_SECOND: '0' })
  await saveAccess(folder.path, document)
  await product.access.signedOut.add(signedOut, new Date('2099-01-01'))
  const logger = recordingLogger()
  const app = createApp({ ...product, clock: { now: () => NOW }, newId, logger })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    app,
    server,
    agent,
    logger,
    close: async () => {
      agent.destroy()
      server.close()
      server.closeAll()
      await product.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
let product: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  product = await open()
})
afterAll(() => product.close())

/** A path that the route answers. */
const pathOf = (route: string): string =>
  route
    .replace('/assets/:name', assets['favicon.svg'].url)
    .replaceAll(/:\w+_id/g, '6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11')

interface Asked {
  method: string
  path: string
  query?: string | undefined
  headers: [name: string, value: string][]
  body?: string
}
interface Answered {
  status: number
  cookies: string[]
}

/** Over a socket of the server that `ordertrail serve` has. */
const overNode = async ({ method, path, query, headers, body = '' }: Asked): Promise<Answered> => {
  const { port } = new URL(product.server.url)
  const message = request({
    host: '127.0.0.1',
    port,
    agent: product.agent,
    method,
    path: query === undefined ? path : `${path}?${query}`,
    headers: ['Host', `127.0.0.1:${port}`, 'Content-Length', `${body.length}`, ...headers.flat()],
  }).end(body)
  const [response] = (await once(message, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return {
    status: response.statusCode ?? 0,
    cookies: response.headers['set-cookie'] ?? [],
  }
}

/** As API Gateway has it done: repeated headers are joined, cookies stand beside them. */
const overLambda = async ({
  method,
  path,
  query = '',
  headers,
  body,
}: Asked): Promise<Answered> => {
  const joined: Record<string, string> = { host: 'orders.example' }
  const cookies: string[] = []
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    if (key === 'cookie') cookies.push(value)
    else joined[key] = joined[key] === undefined ? value : `${joined[key]},${value}`
  }
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    cookies,
    headers: joined,
    body: body ?? null,
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      authentication: null,
      authorizer: {},
      domainName: 'orders.example',
      domainPrefix: 'orders',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
      requestId: 'request',
      routeKey: '$default',
      stage: '$default',
      time: '20/Nov/2026:09:30:00 +0000',
      timeEpoch: NOW.getTime(),
    },
  }
  const answer = (await handle(product.app)(event as never, {} as LambdaContext)) as {
    statusCode: number
    cookies?: string[]
  }
  return {
    status: answer.statusCode,
    cookies: answer.cookies ?? [],
  }
}

const ADAPTERS = { Node: overNode, Lambda: overLambda }

const outcomeOf = ({ status }: Answered): 'admitted' | 401 | 403 | 500 =>
  status === 401 || status === 403 || status === 500 ? status : 'admitted'

/**
 * Every method over Lambda, where a request costs little; over Node those that there are. No request
 * can be made of TRACE outside of a server, and Node's parser refuses methods that it does not know.
 */
const isAsked = (adapter: string, method: string, path: string): boolean =>
  adapter === 'Lambda'
    ? method !== 'TRACE'
    : method === 'TRACE' || ROUTES[`${method} ${path}`] !== undefined

test('every route of the app is in the table, and no other', () => {
  const registered = product.app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`)
  expect([...new Set(registered)].toSorted()).toEqual(Object.keys(ROUTES).toSorted())
})

describe.each(Object.entries(ADAPTERS))('over %s', (adapter, ask) => {
  test.each(Object.entries(states))('%s gets what the table says, everywhere', async (_, state) => {
    const wrong: string[] = []
    for (const path of new Set(Object.keys(ROUTES).map((route) => route.split(' ')[1] ?? ''))) {
      for (const method of METHODS) {
        if (!isAsked(adapter, method, path)) continue
        const { query, headers } = state
        const answer = await ask({ method, path: pathOf(path), query, headers: headers() })
        const expected = expectedOf(accessOf(method, path), method, state)
        if (outcomeOf(answer) !== expected) {
          wrong.push(`${method} ${path}: ${answer.status} instead of ${expected}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })
})

test.each(Object.entries(ADAPTERS))('over %s two cookies are two', async (_, ask) => {
  const { headers } = states['a session'] ?? {}
  const answer = await ask({ method: 'POST', path: paths.signOut, headers: headers?.() ?? [] })
  expect(answer.status).toBe(303)
  const names = answer.cookies.map((cookie) => cookie.split('=')[0])
  expect(names).toEqual(['__Host-ordertrail', 'flash'])
})

test('over Lambda whoever fails to sign in is known by the address that the platform saw', async () => {
  const headers: Asked['headers'] = [
    ['Content-Type', 'application/x-www-form-urlencoded'],
    ['X-Forwarded-For', '198.51.100.1'],
  ]
  const body = new URLSearchParams({ token: texts.operator.slice(1) }).toString()
  const answer = await overLambda({ method: 'POST', path: paths.signIn(), headers, body })
  expect(answer.status).toBe(401)
  const failed = product.logger.events.findLast(({ event }) => event === 'sign_in.failed')
  expect(failed).toMatchObject({ address: '203.0.113.7' })
})
