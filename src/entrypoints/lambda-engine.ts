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
import { createWorkflowEngine } from '../engine/run.ts'
import { readEngineFunctionConfig } from '../lambda-config.ts'
import { createHttpMarket } from '../market/http.ts'
import { oncePerSandbox, openOutput } from './lambda-sandbox.ts'

/** With these, an order that neither the broker nor the store answers is through within ten seconds. */
const PLACE_DEADLINE_MS = 3_000
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
  })
  return { engine, readToken, logger, metrics }
})

type Answer = RunSummary | WorkflowRun | FollowUp | EngineRefusal

const ageInSeconds = (at: string | null, now: Date): number =>
  at === null ? 0 : Math.max(0, (now.getTime() - Date.parse(at)) / 1000)

/** The metrics of what every task does: following up on earlier orders. */
const followUpMetrics = (done: FollowUp, now: Date) => ({
  OrdersRecorded: done.recorded + done.recovered,
  OrdersSpooled: done.spooled,
  OrdersUnrecorded: done.unrecorded,
  OrdersAbandoned: done.abandoned,
  OldestUnrecordedAge: ageInSeconds(done.oldest_unrecorded_at, now),
})

/** `Runs` are those of the schedule: one that a person asks for must not hide that it is silent. */
const runMetrics = (
  summary: RunSummary,
  { now, since, isScheduled }: { now: Date; since: number; isScheduled: boolean },
) => ({
  Runs: isScheduled ? 1 : 0,
  OrdersPlaced: summary.placed,
  DuplicatesPrevented: summary.duplicate,
  WorkflowsFailed: summary.failed,
  WorkflowsLeft: summary.left,
  RunDuration: monotonic() - since,
  ...followUpMetrics(summary, now),
})

const perform = async (event: EngineEvent, execution: Execution): Promise<Answer> => {
  const { engine, metrics } = sandbox()
  const { now } = execution
  const since = monotonic()
  switch (event.task) {
    case 'run': {
      const { workflow_id } = event
      const scheduled_at = new Date(event.scheduled_at)
      const summary = await engine.run({ ...execution, scheduled_at, workflow_id })
      metrics(runMetrics(summary, { now, since, isScheduled: !event.context }))
      return summary
    }
    case 'run_one': {
      const { workflow_id, dry_run } = event
      const run = await engine.runOne({ ...execution, workflow_id, dry_run })
      metrics({
        OrdersPlaced: run.outcome === 'placed' ? 1 : 0,
        DuplicatesPrevented: run.outcome === 'duplicate' ? 1 : 0,
      })
      return run
    }
    case 'reconcile': {
      const done = await engine.reconcile(execution)
      metrics({ Reconciliations: 1, ...followUpMetrics(done, now) })
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

/** True when neither the trail nor the queue has an order: it should be looked for again soon. */
const isAtBrokerOnly = ({ unrecorded, oldest_unrecorded_at }: FollowUp): boolean =>
  unrecorded > 0 && oldest_unrecorded_at !== null

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
    const answer = await withDeadline('the engine', remainingMs(), () =>
      perform(event, { now: systemClock.now(), context, remainingMs }),
    )
    // Only the schedule delivers again.
    if (!event.context && 'unrecorded' in answer && isAtBrokerOnly(answer)) {
      throw new Error('placed orders are nowhere but at the broker')
    }
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
