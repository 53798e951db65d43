import { randomUUID } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newId, systemClock } from '../../src/system.ts'
import { orderIdOf } from '../../src/domain/order.ts'
import type { RunSummary } from '../../src/domain/run.ts'
import { WorkflowDefinition, type Workflow } from '../../src/domain/workflow.ts'
import { paths } from '../../src/paths.ts'
import { assets } from '../../src/views/asset-url.ts'
import { createApp } from '../support/app.ts'
import { anIntendedOrder } from '../support/builders.ts'
import { idleEngine } from '../support/idle-engine.ts'
import { recordingLogger } from '../support/logger.ts'
import { startLambdaWorld, type HttpAnswer, type LambdaWorld } from '../support/lambda-world.ts'

let world: LambdaWorld
beforeAll(async () => {
  world = await startLambdaWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

afterEach(async () => {
  world.proxy.clear()
  await world.proxy.up()
  const { workflows, broken } = await world.workflows.list(new Date())
  await Promise.all([...workflows, ...broken].map(({ id }) => world.workflows.remove(id)))
})

/** Sells the break of a level that yesterday's candle closed just under. */
const aDefinition = (name: string): WorkflowDefinition =>
  WorkflowDefinition.parse({
    name,
    index: 'TEST',
    cfd: 'TEST',
    dry_run: false,
    conditions: [
      {
        indicator: { name: 'polarite', unit_time: 'daily', value: 100 },
        close: { direction: 'below', unit_time: 'daily', spread: 5 },
      },
    ],
    trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 2 },
  })

const create = (name = 'Sell under 100'): Promise<Workflow> =>
  world.workflows.create(randomUUID(), aDefinition(name), new Date())

/** What EventBridge Scheduler sends; it writes times without milliseconds. */
const scheduled = (task: 'run' | 'reconcile', minutesAgo = 0) => {
  const at = new Date(Date.now() - minutesAgo * 60_000)
  return { task, scheduled_at: `${at.toISOString().slice(0, 19)}Z` }
}

const run = async (event: object = scheduled('run'), remainingMs?: number): Promise<RunSummary> => {
  const { payload, failed } = await world.engine.invoke(event, remainingMs)
  expect(failed).toBeNull()
  return payload as RunSummary
}

/** A run that fails, so that its event is delivered again: the message, and what it did all the same. */
const failingRun = async (event: object, remainingMs?: number) => {
  const before = world.engine.lines.length
  const { failed } = await world.engine.invoke(event, remainingMs)
  const lines = world.engine.lines.slice(before)
  const [counts] = logged(lines, 'run.finished') as unknown as Omit<RunSummary, 'workflows'>[]
  if (!failed || !counts) throw new Error('expected a run that ends, and then fails')
  return { message: failed.errorMessage, counts, lines }
}

const recorded = async ({ id }: Workflow): Promise<number> =>
  (await world.trail.summarizeWorkflowOrders(id, new Date())).count

/** How often the broker has the order of a workflow. */
const placed = async ({ id }: Workflow): Promise<number> => {
  const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10)
  const order_id = orderIdOf(id, `${yesterday}T00:00:00.000Z`)
  return (await world.book()).filter((client_order_id) => client_order_id === order_id).length
}

const jsonOf = <T = Record<string, unknown>>({ body, isBase64Encoded }: HttpAnswer): T =>
  JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body) as T

const logged = (lines: readonly string[], event: string) =>
  lines
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

const metrics = (lines: readonly string[]) =>
  lines
    .filter((line) => line.startsWith('{"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('both functions fit into their budgets, and hold nothing that only the laptop needs', () => {
  const facts = world.bundles.map(({ name, bytes, budget, forbidden }) => ({
    name,
    fits: bytes <= budget,
    forbidden,
  }))
  expect(facts).toEqual([
    { name: 'http', fits: true, forbidden: [] },
    { name: 'engine', fits: true, forbidden: [] },
  ])
})

describe('the function that serves the app, behind API Gateway', () => {
  test('answers the health check to anybody', async () => {
    const answer = await world.request({ path: paths.health, cookies: [] })

    expect(answer).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' })
  })

  test('shows a page to somebody with a session, and its files under the names of the laptop', async () => {
    const { name } = await create('Sell on AWS')
    const page = await world.request({
      path: paths.workflows,
      cookies: ['theme=dark', world.session(new Date())],
    })

    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(name)
    for (const { url, body, type } of Object.values(assets)) {
      expect(page.body).toContain(url)
      const file = await world.request({ path: url, headers: { 'accept-encoding': 'gzip' } })
      expect(file.headers).toMatchObject({ 'content-type': type })
      const bytes = Buffer.from(file.body, file.isBase64Encoded ? 'base64' : 'utf8')
      const isPacked = file.headers['content-encoding'] === 'gzip'
      expect((isPacked ? gunzipSync(bytes) : bytes).equals(body)).toBe(true)
    }
  })

  test('has the whole API document, with its examples', async () => {
    const laptop = createApp({
      ...world,
      ...idleEngine,
      retention_seconds: 604_800,
      clock: systemClock,
      newId,
      logger: recordingLogger(),
    })
    const expected = await laptop.request(paths.api.document)

    const document = jsonOf(await world.request({ path: paths.api.document }))

    expect(document).toEqual(await expected.json())
  })

  test('signs in whoever has a token, and counts who has none', async () => {
    const signIn = (token: string) =>
      world.request({
        method: 'POST',
        path: paths.signIn(),
        cookies: [],
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
        },
        body: new URLSearchParams({ token }).toString(),
      })

    await signIn('ot_00000000_guessed')
    expect(metrics(world.http.lines)).toMatchObject([{ deployment: 'test', SignInFailures: 1 }])

    const { cookies = [] } = await signIn(world.token)
    const page = await world.request({
      path: paths.workflows,
      cookies: cookies.map((cookie) => cookie.split(';')[0] ?? ''),
    })
    expect(page.statusCode).toBe(200)
    expect(metrics(world.http.lines)).toHaveLength(1)
  })

  test('counts who guesses tokens of the API, and not who sends none', async () => {
    const ask = (headers: Record<string, string>) =>
      world.request({ path: paths.api.workflows, cookies: [], headers })
    const before = world.http.lines.length

    expect(await ask({})).toMatchObject({ statusCode: 401 })
    expect(await ask({ authorization: `Bearer ${world.token}x` })).toMatchObject({
      statusCode: 401,
    })

    expect(metrics(world.http.lines.slice(before))).toMatchObject([{ SignInFailures: 1 }])
  })

  test('sets two cookies apart from one another', async () => {
    // A session that is half over is renewed, and what was told once is forgotten.
    const answer = await world.request({
      path: paths.workflows,
      cookies: ['flash=saved_live.0', world.session(new Date(Date.now() - 30 * 60_000))],
    })

    expect(answer.statusCode).toBe(200)
    expect(answer.cookies?.map((cookie) => cookie.split('=')[0]).sort()).toEqual([
      '__Host-ordertrail',
      'flash',
    ])
    expect(answer.headers).not.toHaveProperty('set-cookie')
  })

  test.each([
    ['as text', (json: string) => json],
    ['in base64', (json: string) => Buffer.from(json)],
  ])('reads a body that comes %s, and a header that was sent twice', async (_how, encode) => {
    const made = await world.request({
      method: 'POST',
      path: paths.api.workflows,
      headers: { 'content-type': 'application/json' },
      body: encode(JSON.stringify(aDefinition('Müller & Söhne'))),
    })
    expect(made.statusCode).toBe(201)
    const workflow = jsonOf(made)
    expect(workflow).toMatchObject({ name: 'Müller & Söhne' })

    const path = paths.api.workflow(String(workflow['id']))
    const { headers } = await world.request({ path })
    // API Gateway joins what is repeated by commas.
    const again = await world.request({
      path,
      headers: { 'if-none-match': `"other",${headers['etag']}` },
    })
    expect(again.statusCode).toBe(304)
  })

  test.each([
    ['says that it is short', { 'content-length': '10' }],
    ['comes in chunks', { 'transfer-encoding': 'chunked' }],
    ['says both', { 'content-length': '10', 'transfer-encoding': 'chunked' }],
  ])('refuses a body that is too large and %s', async (_what, lie) => {
    for (const body of ['x'.repeat(70_000), Buffer.alloc(70_000)]) {
      const answer = await world.request({
        method: 'POST',
        path: paths.api.workflows,
        headers: { 'content-type': 'application/json', ...lie },
        body,
      })
      expect(answer.statusCode).toBe(413)
    }
  })

  test('goes by the request id that it is given, if that can be one', async () => {
    const path = paths.api.workflows
    const given = await world.request({ path, headers: { 'x-request-id': 'from-elsewhere-7' } })
    const odd = await world.request({ path, headers: { 'x-request-id': 'a "quoted" one' } })

    expect(given.headers['x-request-id']).toBe('from-elsewhere-7')
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('says so when an answer is larger than Lambda lets through', async () => {
    const last = { at: new Date().toISOString(), request_id: 'long', outcome: 'failed' as const }
    for (let number = 0; number < 17; number += 1) {
      const { id } = await create(`Workflow ${number}`)
      const reason = 'long '.repeat(76_000)
      await world.workflows.saveLastRun(id, { ...last, reason, order_id: null, decision: null })
    }

    const refused = await world.request({ path: paths.api.workflows })
    expect(refused).toMatchObject({ statusCode: 400, isBase64Encoded: false })
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-content-type-options': 'nosniff',
    })
    expect(jsonOf(refused)).toMatchObject({
      detail: expect.stringContaining('6 MB') as string,
      request_id: refused.headers['x-request-id'],
    })

    const packed = await world.request({
      path: paths.api.workflows,
      headers: { 'accept-encoding': 'gzip' },
    })
    expect(packed).toMatchObject({ statusCode: 200, isBase64Encoded: true })
  })
})

describe('the engine, called by the schedule', () => {
  test('places and records what is due, and returns and measures what it did', async () => {
    const workflow = await create()
    const before = world.engine.lines.length

    const summary = await run()

    expect(summary).toMatchObject({ placed: 1, recorded: 1, failed: 0, left: 0, warnings: [] })
    expect(await placed(workflow)).toBe(1)
    const { orders } = await world.trail.getWorkflowOrders({
      workflow_id: workflow.id,
      page: 1,
      per_page: 1,
      sort: '-placed_at',
      now: new Date(),
    })
    const order = await world.trail.getOrder(orders[0]?.order_id ?? '', new Date())
    expect(order?.execution_context).toEqual({
      trigger_source: 'lambda',
      request_id: summary.request_id,
      user: null,
    })
    const lines = world.engine.lines.slice(before)
    expect(logged(lines, 'order.placed')).toMatchObject([
      { request_id: summary.request_id, workflow_id: workflow.id },
    ])
    const measured = metrics(lines)
    expect(measured).toMatchObject([
      {
        deployment: 'test',
        OrdersRecorded: 1,
        OrdersSpooled: 0,
        OrdersUnrecorded: 0,
        OrdersAbandoned: 0,
        OldestUnrecordedAge: 0,
      },
      {
        deployment: 'test',
        Runs: 1,
        OrdersPlaced: 1,
        OrdersUnsent: 0,
        DuplicatesPrevented: 0,
        WorkflowsFailed: 0,
        WorkflowsLeft: 0,
        RunDuration: expect.any(Number) as number,
      },
    ])
    expect(measured[0]?.['_aws']).toMatchObject({
      CloudWatchMetrics: [{ Namespace: 'ordertrail', Dimensions: [['deployment']] }],
    })
  })

  test('places nothing for an event that is delivered again', async () => {
    const workflow = await create()
    const event = scheduled('run')
    await run(event)

    const again = await run(event)

    expect(again).toMatchObject({ placed: 0, duplicate: 1 })
    expect(await placed(workflow)).toBe(1)
    expect(await recorded(workflow)).toBe(1)
  })

  test('places nothing for an event that comes more than ten minutes late', async () => {
    const workflow = await create()

    const summary = await run(scheduled('run', 11))

    expect(summary.workflows).toMatchObject([{ outcome: 'late' }])
    expect(await placed(workflow)).toBe(0)
  })

  test('takes no workflow with ten seconds left, says which, and the next delivery takes them', async () => {
    const workflows = await Promise.all([create('one'), create('two')])
    const event = scheduled('run')

    const { message, counts, lines } = await failingRun(event, 10_000)

    expect(message).toBe('workflows that there was no time for: 2')
    expect(counts).toMatchObject({ placed: 0, left: 2, evaluated: 0 })
    const [told] = logged(lines, 'run.cut_short')
    expect(told?.['left']).toEqual(expect.arrayContaining(workflows.map(({ id }) => id)))
    expect(await Promise.all(workflows.map(placed))).toEqual([0, 0])
    // Too late to place anything, so that a further delivery is of no use.
    expect(await run(scheduled('run', 11), 10_000)).toMatchObject({ left: 2 })

    expect(await run(event)).toMatchObject({ placed: 2, left: 0 })
    expect(await Promise.all(workflows.map(placed))).toEqual([1, 1])
  })

  test('records what it placed before the time ran out, and the next delivery places the rest', async () => {
    const workflows = await Promise.all(
      Array.from({ length: 8 }, (_, index) => create(`number ${index}`)),
    )
    const event = scheduled('run')
    const release = world.holdAnswers()
    const timer = setTimeout(release, 1_700)

    const { counts: short } = await failingRun(event, 12_000)
    clearTimeout(timer)
    release()

    expect(short.placed + short.left).toBe(8)
    expect(short.left).toBeGreaterThanOrEqual(4)
    expect(short.recorded).toBe(short.placed)
    const rest = await run(event)
    expect(rest).toMatchObject({ placed: short.left, duplicate: short.placed })
    expect(await Promise.all(workflows.map(placed))).toEqual(workflows.map(() => 1))
    expect(await Promise.all(workflows.map(recorded))).toEqual(workflows.map(() => 1))
  })

  test('fails when an order did not reach the broker, so that the next delivery places it', async () => {
    const workflow = await create()
    const event = scheduled('run')
    world.turnAway.times = 2

    const { message, counts, lines } = await failingRun(event)
    expect(message).toBe('orders that did not reach the broker: 1')
    expect(counts).toMatchObject({ placed: 0, failed: 1, unsent: 1 })
    expect(metrics(lines)).toContainEqual(expect.objectContaining({ OrdersUnsent: 1 }))

    const before = world.engine.lines.length
    // Its claim is open, and nobody knows yet that nothing is on its way.
    expect(await run(scheduled('reconcile'))).toMatchObject({
      complete: true,
      oldest_unrecorded_at: null,
      doubtful_since: counts.at,
    })
    const [measured] = metrics(world.engine.lines.slice(before))
    expect(measured?.['OldestUnrecordedAge']).toBeGreaterThan(0)

    expect(await run(event)).toMatchObject({ placed: 1, unsent: 0, doubtful_since: null })
    expect(await placed(workflow)).toBe(1)
  })

  test('does not count as a reconciliation what could not read the claims', async () => {
    world.proxy.inject('error_500', 'Query order_intents', 2)
    const before = world.engine.lines.length

    expect(await run(scheduled('reconcile'))).toMatchObject({ complete: false })

    const [followUp, task, ...others] = metrics(world.engine.lines.slice(before))
    expect(followUp).not.toHaveProperty('OldestUnrecordedAge')
    expect(task).toMatchObject({ Reconciliations: 0 })
    expect(others).toEqual([])
  })

  test('fails while the store is down, so that the event is delivered again', async () => {
    const workflow = await create()
    const event = scheduled('run')
    await world.proxy.down('closed')

    const { failed } = await world.engine.invoke(event)
    expect(failed?.errorMessage).toContain('DynamoDB cannot be reached')
    expect(await placed(workflow)).toBe(0)

    await world.proxy.up()
    expect(await run(event)).toMatchObject({ placed: 1, recorded: 1 })
    expect(await placed(workflow)).toBe(1)
  })

  test('tells that the time was up before Lambda ends it', async () => {
    await world.proxy.down('black_hole')

    const { failed } = await world.engine.invoke(scheduled('run'), 1_200)

    expect(failed?.errorMessage).toContain('the engine did not answer within')
  })

  test('keeps in the queue what the store does not take, and its sweep records it once', async () => {
    const workflow = await create()
    // Both tries of the recording, and both of the follow-up in the same run.
    world.proxy.inject('error_500', 'UpdateItem order_intents', 4)
    const before = world.engine.lines.length

    const summary = await run()
    expect(summary).toMatchObject({ placed: 1, recorded: 0, spooled: 1 })
    expect(summary.oldest_unrecorded_at).not.toBeNull()
    expect(world.queue.messages()).toMatchObject({ ready: 1 })
    expect(await recorded(workflow)).toBe(0)

    const done = await run(scheduled('reconcile'))
    expect(done).toMatchObject({ recorded: 1, spooled: 0, oldest_unrecorded_at: null })
    expect(await recorded(workflow)).toBe(1)
    expect(world.queue.messages()).toEqual({ ready: 0, hidden: 0 })
    expect(metrics(world.engine.lines.slice(before))).toMatchObject([
      { OrdersSpooled: 1, OldestUnrecordedAge: expect.any(Number) as number },
      { Runs: 1 },
      { OrdersRecorded: 1, OldestUnrecordedAge: 0 },
      { Reconciliations: 1 },
    ])
  })

  test('does not count as waiting what its own follow-up records', async () => {
    const workflow = await create()
    // Both tries of the recording; the follow-up finds the order at the broker.
    world.proxy.inject('error_500', 'UpdateItem order_intents', 2)

    expect(await run()).toMatchObject({ placed: 1, recovered: 1, oldest_unrecorded_at: null })
    expect(await recorded(workflow)).toBe(1)
    await run(scheduled('reconcile'))
    expect(world.queue.messages()).toEqual({ ready: 0, hidden: 0 })
    expect(await recorded(workflow)).toBe(1)
  })

  test('refuses what is no event of it, which no further delivery would change', async () => {
    expect(await world.engine.invoke({ task: 'run' })).toEqual({
      failed: null,
      payload: {
        refused: {
          code: 'bad_request',
          message: expect.stringContaining('scheduled_at') as string,
        },
      },
    })
  })
})

describe('a run that a person asks the app for', () => {
  const post = (path: string, query = '') => world.request({ method: 'POST', path, query })

  test('is done by the engine, in the name of that person', async () => {
    const workflow = await create()

    const explained = await post(paths.api.workflowRuns(workflow.id), 'dry_run=true')
    expect(jsonOf(explained)).toMatchObject({ outcome: 'dry_run', decision: { kind: 'order' } })
    expect(await placed(workflow)).toBe(0)

    const answer = await post(paths.api.runs)
    expect(answer.statusCode).toBe(200)
    expect(jsonOf(answer)).toMatchObject({ placed: 1, recorded: 1 })
    expect(await placed(workflow)).toBe(1)

    const again = jsonOf(await post(paths.api.workflowRuns(workflow.id)))
    expect(again).toMatchObject({ outcome: 'duplicate' })
    const order = await world.trail.getOrder(String(again['order_id']), new Date())
    expect(order?.execution_context).toEqual({
      trigger_source: 'api',
      request_id: answer.headers['x-request-id'],
      user: 'ada',
    })
    expect((await post(paths.api.reconciliations)).statusCode).toBe(200)
  })

  test('waits while the engine is at work for somebody else', async () => {
    const workflow = await create()
    world.busy.times = 2
    expect(jsonOf(await post(paths.api.runs))).toMatchObject({ placed: 1 })
    expect(world.busy.times).toBe(0)
    expect(await placed(workflow)).toBe(1)
  })

  test('is none of those by which the schedule is seen to be alive', async () => {
    const written = world.engine.lines.length
    await post(paths.api.runs)
    const told = metrics(world.engine.lines.slice(written)).filter((line) => 'Runs' in line)
    expect(told).toMatchObject([{ Runs: 0 }])
  })

  test('of one workflow measures what became of the orders of all others, too', async () => {
    const { id } = await create()
    const longAgo = new Date(Date.now() - 3_600_000)
    await world.intents.claim(anIntendedOrder(), 'died before placing', longAgo)
    const written = world.engine.lines.length

    expect(jsonOf(await post(paths.api.workflowRuns(id)))).toMatchObject({ outcome: 'placed' })

    expect(metrics(world.engine.lines.slice(written))).toMatchObject([
      { OrdersRecorded: 1, OrdersAbandoned: 1 },
      { OrdersPlaced: 1, OrdersUnsent: 0 },
    ])
  })

  test('is refused for a workflow that there is not, and 503 while the engine fails', async () => {
    expect((await post(paths.api.workflowRuns(randomUUID()))).statusCode).toBe(404)

    world.proxy.inject('error_500', 'Scan workflows', 2)
    const failed = await post(paths.api.runs)
    expect(failed).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } })
  })
})

describe('secrets', () => {
  test('are read once in a while, and never logged', () => {
    const reads = (name: string) => world.parameters.reads.filter((read) => read === name).length
    expect(reads('/test/broker')).toBe(1)
    const lines = [...world.engine.lines, ...world.http.lines].join('\n')
    for (const secret of world.secrets) expect(lines).not.toContain(secret)
  })
})

test('an order that neither the store nor the queue takes fails the run, and a sweep records it', async () => {
  const workflow = await create()
  await world.queue.close()
  world.proxy.inject('error_500', 'UpdateItem order_intents', 4)

  const { failed } = await world.engine.invoke(scheduled('run'))
  expect(failed?.errorMessage).toContain('nowhere but at the broker')
  expect(await placed(workflow)).toBe(1)

  world.proxy.inject('error_500', 'UpdateItem order_intents', 2)
  expect(await run(scheduled('reconcile'))).toMatchObject({
    recovered: 0,
    oldest_unrecorded_at: expect.any(String) as string,
  })
  expect(await run(scheduled('reconcile'))).toMatchObject({
    recovered: 1,
    oldest_unrecorded_at: null,
  })
  expect(await placed(workflow)).toBe(1)
  expect(await recorded(workflow)).toBe(1)
})
