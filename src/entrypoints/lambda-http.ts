import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { createApp } from '../app.tsx'
import { openAccessControl } from '../compose-access.ts'
import { openStores } from '../compose.ts'
import { newId, systemClock } from '../system.ts'
import type { Logger } from '../domain/ports.ts'
import { everyMinutes } from '../domain/run-schedule.ts'
import { chartOf } from '../engine/chart.ts'
import { readHttpFunctionConfig } from '../lambda-config.ts'
import { createHttpMarket } from '../market/http.ts'
import type { Metrics } from '../metrics.ts'
import { createInvokedEngine } from './invoked-engine.ts'
import { oncePerSandbox, openOutput } from './lambda-sandbox.ts'

/** Why somebody is refused who did not try a secret: a page that was open for long, for one. */
const NO_ATTEMPT: readonly unknown[] = ['no_credential', 'signed_out', 'session_expired']

/** The same logger, which also counts failed attempts to sign in, by a page or by a token. */
const withSignInFailures = (logger: Logger, metrics: Metrics): Logger => {
  const counting =
    (log: Logger['info']): Logger['info'] =>
    (event, fields) => {
      log(event, fields)
      const isBadToken =
        event === 'access.refused' &&
        fields?.['code'] === 'unauthenticated' &&
        !NO_ATTEMPT.includes(fields['reason'])
      if (event === 'sign_in.failed' || isBadToken) metrics({ SignInFailures: 1 })
    }
  return {
    info: counting(logger.info),
    warn: counting(logger.warn),
    error: counting(logger.error),
  }
}

const sandbox = oncePerSandbox(() => {
  const config = readHttpFunctionConfig(process.env)
  const output = openOutput(config)
  const logger = withSignInFailures(output.logger, output.metrics)
  const stores = openStores({ config, logger })
  const market = createHttpMarket({ url: config.market.url, now: () => performance.now() })
  const { meter, workflows, trail, intents, ready } = stores
  const { retention_seconds, requests_per_second, cors_origins } = config
  const app = createApp({
    meter,
    workflows,
    trail,
    intents,
    ready,
    engine: createInvokedEngine({ functionName: config.engine_function, region: config.region }),
    schedule: everyMinutes(config.run_every_minutes, { onWeekends: config.run_on_weekends }),
    chart: (workflow, now) => chartOf(market, workflow, now),
    access: openAccessControl(config, stores),
    // The engine function refuses to start with one.
    paper: false,
    caller: { trigger_source: 'api', user: null },
    // DynamoDB removes by itself what is too old.
    purge: () => Promise.resolve(0),
    clock: systemClock,
    newId,
    logger,
    retention_seconds,
    requests_per_second,
    cors_origins,
  })
  return { answer: handle(app) }
})

/** How many bytes Lambda takes as the answer to an event. */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024
/** An answer with a body of no more characters cannot be larger, however they are escaped. */
const SURELY_SMALL = MAX_ANSWER_BYTES / 8

type Answer = Awaited<ReturnType<ReturnType<typeof handle>>>

/** Lambda would answer for us, without a word about why. */
const withinLimit = (answer: Answer): Answer => {
  if (answer.body.length < SURELY_SMALL) return answer
  if (Buffer.byteLength(JSON.stringify(answer)) < MAX_ANSWER_BYTES) return answer
  const {
    'content-encoding': _encoding,
    'content-disposition': _name,
    'content-length': _length,
    etag: _tag,
    ...headers
  } = answer.headers ?? {}
  const problem = {
    type: 'about:blank',
    title: 'Bad request',
    status: 400,
    detail: `expected a list that fits into ${MAX_ANSWER_BYTES / 1024 / 1024} MB: ask for a shorter time by from and to, for fewer workflows, or for a compressed answer by Accept-Encoding`,
    request_id: headers['x-request-id'],
  }
  return {
    ...answer,
    statusCode: 400,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem),
    isBase64Encoded: false,
  }
}

/** Pages and API, behind an HTTP API of API Gateway. */
export const handler = async (event: LambdaEvent, context: LambdaContext): Promise<Answer> =>
  withinLimit(await sandbox().answer(event, context))
