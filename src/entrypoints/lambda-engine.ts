import type { Context } from 'aws-lambda'
import { createHttpBroker } from '../brokers/http.ts'
import { openSecret, openStores } from '../compose.ts'
import { newId, systemClock } from '../system.ts'
import { withDeadline } from '../data/deadline.ts'
import { createSpool } from '../data/spool.ts'
import { EngineEvent, EngineRefusal } from '../domain/engine-event.ts'
import { describeFieldErrors, fieldErrors, messageOf } from '../domain/errors.ts'
import type { ExecutionContext } from '../domain/order.ts'
import type { Execution } from '../domain/ports.ts'
import type { FollowUp, RunSummary } from '../domain/run.ts'
import type { WorkflowRun } from '../domain/workflow.ts'
import { createWorkflowEngine, isTooLate } from '../engine/run.ts'
import { readEngineFunctionConfig } from '../lambda-config.ts'
import { createHttpMarket } from '../market/http.ts'
import { oncePerSandbox, openOutput } from './lambda-sandbox.ts'

/** With these, an order that neither the broker nor the store answers is through within ten seconds. */
const PLACE_DEADLINE_MS = 2_500
const READ_DEADLINE_MS = 1_500
const LIST_DEADLINE_MS = 5_000
/** Kept for telling that the time was up, before Lambda ends the sandbox. */
const RESERVE_MS = 500

const monotonic = (): number => performance.now()

const sandbox = oncePerSandbox(() => {
  const config = readEngineFunctionConfig(process.env)
  const { region, retention_seconds } = config
  const { logger, metrics } = openOutput(config)
  const { url, dedupes, settle_seconds, token } = config.broker
  const readToken = token ? openSecret(token, region) : undefined
  const { workflows, trail, intents } = openStores({ config, logger })
  const engine = createWorkflowEngine({
    workflows,
    trail,
    intents,
    hostClaims: null,
    journal: createSpool({
      queueUrl: config.spool_queue_url,
      region,
      logger,
      now: monotonic,
    }),
    broker: createHttpBroker({
      url,
      dedupesClientOrderIds: dedupes,
      settleMs: settle_seconds * 1000,
      token: readToken,
      placeDeadlineMs: PLACE_DEADLINE_MS,
      readDeadlineMs: READ_DEADLINE_MS,
      listDeadlineMs: LIST_DEADLINE_MS,
    }),
    market: createHttpMarket({ url: config.market.url, now: monotonic }),
    retention_seconds,
    logger,
    newId,
    // A copy from before would not know what was switched off since, by the other function.
    lastKnownWorkflows: () => Promise.resolve(null),
    followedUp: (done, now) => metrics(followUpMetrics(done, now)),
  })
  return { engine, readToken, logger, metrics }
})

type Answer = RunSummary | WorkflowRun | FollowUp | EngineRefusal

/**
 * Seconds since the oldest order that is, or may be, at the broker and not in the trail. Undefined when
 * none was seen by a follow-up that did not see everything.
 */
const oldestUnrecordedAge = (
  { complete, oldest_unrecorded_at, doubtful_since }: FollowUp,
  now: Date,
): number | undefined => {
  const times = [oldest_unrecorded_at, doubtful_since].filter((at) => at !== null)
  if (times.length === 0 && !complete) return undefined
  return Math.max(0, ...times.map((at) => (now.getTime() - Date.parse(at)) / 1000))
}

/** The metrics of what every task does: following up on earlier orders. */
const followUpMetrics = (done: FollowUp, now: Date) => {
  const age = oldestUnrecordedAge(done, now)
  return {
    OrdersRecorded: done.recorded + done.recovered,
    OrdersSpooled: done.spooled,
    OrdersUnrecorded: done.unrecorded,
    OrdersAbandoned: done.abandoned,
    ...(age === undefined ? {} : { OldestUnrecordedAge: age }),
  }
}

const perform = async (event: EngineEvent, execution: Execution): Promise<Answer> => {
  const { engine, metrics } = sandbox()
  const since = monotonic()
  switch (event.task) {
    case 'run': {
      const { workflow_id } = event
      const scheduled_at = new Date(event.scheduled_at)
      const summary = await engine.run({ ...execution, scheduled_at, workflow_id })
      metrics({
        // One that a person asks for must not hide that the schedule is silent.
        Runs: event.context ? 0 : 1,
        OrdersPlaced: summary.placed,
        OrdersUnsent: summary.unsent,
        DuplicatesPrevented: summary.duplicate,
        WorkflowsFailed: summary.failed,
        WorkflowsLeft: summary.left,
        RunDuration: monotonic() - since,
      })
      return summary
    }
    case 'run_one': {
      const { workflow_id, dry_run } = event
      const run = await engine.runOne({ ...execution, workflow_id, dry_run })
      metrics({
        OrdersPlaced: run.outcome === 'placed' ? 1 : 0,
        OrdersUnsent: run.outcome === 'unsent' ? 1 : 0,
        DuplicatesPrevented: run.outcome === 'duplicate' ? 1 : 0,
      })
      return run
    }
    case 'reconcile': {
      const done = await engine.reconcile(execution)
      metrics({ Reconciliations: done.complete ? 1 : 0 })
      return done
    }
  }
}

/** What asking again would not change, as the answer to it; null for any other failure. */
const refusalOf = (error: unknown): EngineRefusal | null => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const refusal = EngineRefusal.safeParse({ refused: { code, message: messageOf(error) } })
  return refusal.success ? refusal.data : null
}

/**
 * What another delivery of the event may do better, though this one did all that it could; null when
 * there is nothing. One that comes too late to place would only leave workflows again.
 */
const shortfallOf = (answer: Answer, mayPlace: boolean): string | null => {
  if (!('recorded' in answer)) return null
  const { unrecorded, oldest_unrecorded_at } = answer
  if (unrecorded > 0 && oldest_unrecorded_at !== null) {
    return 'placed orders are nowhere but at the broker'
  }
  if (!('unsent' in answer)) return null
  const { unsent, left } = answer
  if (unsent > 0) return `orders that did not reach the broker: ${unsent}`
  return left > 0 && mayPlace ? `workflows that there was no time for: ${left}` : null
}

/** Where the schedule asks, a run is named by the invocation; else by the request that asked for it. */
const contextOf = (event: EngineEvent, { awsRequestId }: Context): ExecutionContext =>
  event.context ?? { trigger_source: 'lambda', request_id: awsRequestId, user: null }

/**
 * Does what an `EngineEvent` asks for, and returns what came of it. The invocation fails when another
 * delivery of the event may do better; anything else is logged and answered with a refusal.
 */
export const handler = async (input: unknown, lambda: Context): Promise<Answer> => {
  const { readToken, logger } = sandbox()
  const parsed = EngineEvent.safeParse(input)
  if (!parsed.success) {
    const message = describeFieldErrors(fieldErrors(parsed.error.issues, input))
    logger.error('event.refused', { request_id: lambda.awsRequestId, message })
    return { refused: { code: 'bad_request', message } }
  }
  const event = parsed.data
  const context = contextOf(event, lambda)
  const about = { request_id: context.request_id, task: event.task }
  const remainingMs = (): number => lambda.getRemainingTimeInMillis() - RESERVE_MS
  try {
    await readToken?.()
    const now = systemClock.now()
    const answer = await withDeadline('the engine', remainingMs(), () =>
      perform(event, { now, context, remainingMs }),
    )
    const mayPlace = !isTooLate({ now, scheduled_at: new Date(event.scheduled_at) })
    const shortfall = shortfallOf(answer, mayPlace)
    // Only the schedule delivers again.
    if (shortfall !== null && !event.context) throw new Error(shortfall)
    return answer
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) {
      logger.error('event.failed', { ...about, problem: messageOf(error) })
      throw error
    }
    logger.error('event.refused', { ...about, ...refusal.refused })
    return refusal
  }
}
