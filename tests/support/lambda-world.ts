import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { bundleFunctions } from '../../scripts/lambda/bundle.ts'
import { createPaperBroker } from '../../src/brokers/paper.ts'
import { paperBrokerApp } from '../../src/brokers/paper-server.ts'
import { openStores } from '../../src/compose.ts'
import { createTables } from '../../src/data/tables.ts'
import { cookieOf, tokensFor } from './access.ts'
import { startDynalite } from './dynamodb.ts'
import { startDynamoDbProxy } from './dynamodb-proxy.ts'
import { startSandbox, startServer, type LambdaAnswer } from './lambda.ts'
import { recordingLogger } from './logger.ts'
import { startQueue } from './sqs.ts'
import { startParameterStore } from './ssm.ts'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
const BROKER_TOKEN = 'the-secret-of-the-broker'

interface HttpEvent {
  method?: string
  path: string
  query?: string
  headers?: Record<string, string>
  cookies?: string[]
  body?: string | Buffer
}

export interface HttpAnswer {
  statusCode: number
  headers: Record<string, string>
  cookies?: string[]
  body: string
  isBase64Encoded: boolean
}

/** An event of an HTTP API of API Gateway, payload format 2.0. A Buffer is a body in base64. */
const httpEvent = ({ method = 'GET', path, query = '', headers, cookies, body }: HttpEvent) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: query,
  ...(cookies ? { cookies } : {}),
  headers: {
    host: 'api.example.com',
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-proto': 'https',
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  },
  requestContext: {
    accountId: '000000000000',
    apiId: 'api',
    domainName: 'api.example.com',
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
    requestId: randomUUID(),
    routeKey: '$default',
    stage: '$default',
  },
  ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body.toString('base64') : body }),
  isBase64Encoded: Buffer.isBuffer(body),
})

/**
 * Both Lambda functions as they are deployed, each in a sandbox, and what they reach: DynamoDB behind
 * a proxy, SQS, SSM, Lambda, a broker that asks for a token, and candles on a web server.
 */
export const startLambdaWorld = async () => {
  await using opened = new AsyncDisposableStack()

  await mkdir(DIST, { recursive: true })
  const folder = await mkdtemp(join(DIST, 'test-'))
  opened.defer(() => rm(folder, { recursive: true }))
  const bundles = await bundleFunctions(folder)

  const dynamodb = await startDynalite()
  opened.defer(dynamodb.close)
  const proxy = await startDynamoDbProxy(dynamodb.endpoint)
  opened.defer(proxy.close)
  const queue = opened.use(await startQueue())
  const parameters = opened.use(await startParameterStore())

  const now = new Date()
  const access = tokensFor({ ada: { role: 'operator' } }, now)
  parameters.put('/test/access', JSON.stringify(access.document))
  parameters.put('/test/broker', BROKER_TOKEN)

  const paper = createPaperBroker({ file: join(folder, 'book.sqlite') })
  opened.defer(() => paper.close())
  const gate = { open: Promise.resolve() }
  /** How many orders the broker turns away unread. */
  const turnAway = { times: 0 }
  const broker = opened.use(
    await startServer(
      new Hono()
        .use(async (c, next) => {
          if (c.req.header('Authorization') !== `Bearer ${BROKER_TOKEN}`) return c.body(null, 401)
          if (c.req.method === 'POST' && turnAway.times > 0) {
            turnAway.times -= 1
            return c.body(null, 429)
          }
          await next()
          if (c.req.method === 'POST') await gate.open
          return undefined
        })
        .route(
          '/',
          paperBrokerApp(paper, () => new Date()),
        ),
    ),
  )

  const yesterday = new Date(now.getTime() - 24 * 3_600_000).toISOString().slice(0, 10)
  const candles = opened.use(
    await startServer(
      new Hono().get('/TEST_daily.csv', (c) =>
        c.body(`date,open,high,low,close\n${yesterday},99,100.5,97.25,98\n`),
      ),
    ),
  )

  const environment = {
    TABLE_PREFIX: 'test-',
    DEPLOYMENT: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    AWS_ENDPOINT_URL_SSM: parameters.url,
    MARKET: 'http',
    MARKET_URL: candles.url,
  }
  const engine = opened.use(
    await startSandbox(join(folder, 'engine'), {
      ...environment,
      BROKER: 'http',
      BROKER_URL: broker.url,
      BROKER_DEDUPES: 'true',
      BROKER_TOKEN_PARAMETER: '/test/broker',
      SPOOL_QUEUE_URL: queue.url,
    }),
  )

  /** How often the engine function is found at work. */
  const busy = { times: 0 }
  const lambda = opened.use(
    await startServer(
      new Hono().post('/2015-03-31/functions/:name/invocations', async (c) => {
        if (busy.times > 0) {
          busy.times -= 1
          c.header('X-Amzn-ErrorType', 'TooManyRequestsException')
          return c.json({ Type: 'User', Message: 'Rate Exceeded.' }, 429)
        }
        const { payload, failed }: LambdaAnswer = await engine.invoke(await c.req.json())
        if (failed) c.header('X-Amz-Function-Error', 'Unhandled')
        return c.body(JSON.stringify(failed ?? payload))
      }),
    ),
  )
  const http = opened.use(
    await startSandbox(join(folder, 'http'), {
      ...environment,
      ACCESS_PARAMETER: '/test/access',
      ENGINE_FUNCTION: 'arn:aws:lambda:eu-west-1:000000000000:function:engine',
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    }),
  )

  const stores = openStores({
    config: {
      store: { kind: 'endpoint', endpoint: dynamodb.endpoint },
      region: 'eu-west-1',
      table_prefix: environment.TABLE_PREFIX,
      retention_seconds: 604_800,
    },
    logger: recordingLogger(),
  })
  opened.defer(stores.client.close)
  await createTables(stores.client, environment.TABLE_PREFIX)

  const kept = opened.move()
  return {
    ...stores,
    bundles,
    proxy,
    busy,
    turnAway,
    queue,
    parameters,
    engine,
    http,
    secrets: [BROKER_TOKEN, access.texts.ada],
    /** Of an operator. */
    token: access.texts.ada,
    /** The cookie of a session that began at this time. */
    session: (since: Date) => cookieOf(access.document, access.ids.ada, since),
    /** Sends a request through API Gateway, as somebody who may do everything unless it says who. */
    request: async ({ headers, ...event }: HttpEvent): Promise<HttpAnswer> => {
      const authorization: Record<string, string> = event.cookies
        ? {}
        : { authorization: `Bearer ${access.texts.ada}` }
      const { payload, failed } = await http.invoke(
        httpEvent({ ...event, headers: { ...authorization, ...headers } }),
      )
      if (failed) throw new Error(`${failed.errorType}: ${failed.errorMessage}`)
      return payload as HttpAnswer
    },
    /** How often the broker's book has each order, by the id that we gave it. */
    book: async () =>
      (await paper.list({ since: new Date(0) })).map((order) => order.client_order_id),
    /** The broker answers no placement until the function is called. */
    holdAnswers: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate.open = promise
      return resolve
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
export type LambdaWorld = Awaited<ReturnType<typeof startLambdaWorld>>
