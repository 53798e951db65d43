import { DomainError, hasCode, messageOf } from '../domain/errors.ts'
import {
  orderIdOf,
  type ExecutionContext,
  type IntendedOrder,
  type PlacedOrder,
} from '../domain/order.ts'
import type { Execution, MarketData, WorkflowRunner, Workflows } from '../domain/ports.ts'
import type { FollowUp, RunSummary } from '../domain/run.ts'
import type { Decision } from '../domain/decision.ts'
import {
  unknownWorkflow,
  type BrokenWorkflow,
  type LastRun,
  type RunOutcome,
  type Workflow,
} from '../domain/workflow.ts'
import { gate } from '../domain/gate.ts'
import { inParallel } from '../domain/in-parallel.ts'
import { fetchMarket, type RunMarket } from './market-view.ts'
import {
  brokenResult,
  evaluateOne,
  explainOne,
  FAILED,
  GATED,
  leaveOne,
  resultOf,
  SKIPPED,
  type Evaluation,
} from './outcome.ts'
import { DOUBTFUL, placeOrder, type PlaceDeps } from './place.ts'
import {
  nothingReconciled,
  reconcile,
  type Reconciliation,
  type ReconcileDeps,
  type ReconcileRequest,
} from './reconcile.ts'
import { deliverOrders } from './record.ts'
import { hasTimeFor } from './time-left.ts'

const PLACEMENTS_AT_ONCE = 4
const SAVES_AT_ONCE = 8
/** An order of a candle that is older than this is not what the workflow asked for. */
const MAX_TRIGGER_AGE_MS = 10 * 60_000
/** The broker's list is read at most so often; claims are followed up in every run. */
const LISTING_INTERVAL_MS = 60_000

export interface EngineDeps extends PlaceDeps, ReconcileDeps {
  intents: ReconcileDeps['intents']
  hostClaims: ReconcileDeps['hostClaims']
  broker: PlaceDeps['broker'] & ReconcileDeps['broker']
  journal: ReconcileDeps['journal']
  workflows: Workflows
  market: MarketData
  /** The workflows as the table last held them, for a run that the store does not answer. */
  lastKnownWorkflows: () => Promise<{ saved_at: string; workflows: Workflow[] } | null>
  newId: () => string
  /** Is told what came of every follow-up, whatever it was a part of, at the time of that execution. */
  followedUp?: (done: FollowUp, now: Date) => void
}

export interface RunRequest extends Execution {
  /**
   * When the schedule meant this run to be, the same for every delivery of its call: the candles are
   * those of that time. Without it, now. A call that is more than 10 minutes late places nothing.
   */
  scheduled_at?: Date
  /** Only this workflow, instead of all. */
  workflow_id?: string | undefined
}

export interface WorkflowEngine extends WorkflowRunner {
  run: (request: RunRequest) => Promise<RunSummary>
}

const intendedOrder = (
  workflow: Workflow,
  decision: Extract<Decision, { kind: 'order' }>,
  market: RunMarket,
  context: ExecutionContext,
): IntendedOrder => {
  const { code, ...order } = decision.order
  const order_id = orderIdOf(workflow.id, decision.slot)
  return {
    ...order,
    order_id,
    client_order_id: order_id,
    workflow_id: workflow.id,
    workflow_name: workflow.name,
    revision: workflow.revision,
    asset: { code, index: workflow.index, asset_type: market.instrument(code).asset_type },
    trigger_close: decision.trigger_close,
    slot: decision.slot,
    execution_context: context,
    trace: decision.trace,
  }
}

/** True when a run that was due at that time may not place any more. */
export const isTooLate = ({
  now,
  scheduled_at = now,
}: Pick<RunRequest, 'now' | 'scheduled_at'>): boolean =>
  now.getTime() - scheduled_at.getTime() > MAX_TRIGGER_AGE_MS

/** The same market, which is not asked any more once the run has no time for workflows. */
const untilTimeIsUp = (market: MarketData, request: Execution): MarketData => {
  const asked =
    <Question extends unknown[], Answer>(ask: (...question: Question) => Promise<Answer>) =>
    (...question: Question): Promise<Answer> =>
      hasTimeFor(request, 'workflow')
        ? ask(...question)
        : Promise.reject(new DomainError('market_unavailable', 'there was no time to ask'))
  return {
    candles: asked(market.candles),
    calendar: asked(market.calendar),
    instrument: asked(market.instrument),
  }
}

const tooLate = (evaluation: Evaluation): Evaluation =>
  evaluation.result.outcome === 'placed'
    ? { ...evaluation, result: resultOf(evaluation.workflow, 'late', 'the run came too late') }
    : evaluation

/** An order without a clear answer that the broker turned out to have was placed after all. */
const confirmed = (evaluation: Evaluation, recovered: readonly string[]): Evaluation => {
  const { workflow, result } = evaluation
  const { outcome, order_id } = result
  if (outcome !== 'unknown' || order_id === null || !recovered.includes(order_id)) return evaluation
  return { ...evaluation, result: resultOf(workflow, 'placed', DOUBTFUL, order_id) }
}

/** The engine over its ports. */
export const createWorkflowEngine = (deps: EngineDeps): WorkflowEngine => {
  const { workflows: store, market, logger } = deps

  const findWorkflow = async (workflow_id: string, now: Date): Promise<Workflow> => {
    const workflow = await store.find(workflow_id, now)
    if (!workflow) throw unknownWorkflow(workflow_id)
    return workflow
  }

  const readWorkflows = async (
    { now, workflow_id }: Pick<RunRequest, 'now' | 'workflow_id'>,
    warnings: string[],
  ): Promise<{ workflows: Workflow[]; broken: BrokenWorkflow[] }> => {
    try {
      if (workflow_id === undefined) return await store.list(now)
      return { workflows: [await findWorkflow(workflow_id, now)], broken: [] }
    } catch (error) {
      const known = hasCode(error, 'store_unavailable') ? await deps.lastKnownWorkflows() : null
      if (!known) throw error
      const { saved_at, workflows: all } = known
      const workflows = workflow_id === undefined ? all : all.filter(({ id }) => id === workflow_id)
      if (workflow_id !== undefined && workflows.length === 0) throw unknownWorkflow(workflow_id)
      const ran = workflows.length === 1 ? '1 workflow' : `${workflows.length} workflows`
      warnings.push(`the workflow table did not answer; ${ran} as of ${saved_at} ran`)
      return { workflows, broken: [] }
    }
  }

  const place = async (
    evaluation: Evaluation,
    runMarket: RunMarket,
    request: RunRequest,
  ): Promise<Evaluation> => {
    const { context, now, scheduled_at = now } = request
    const { workflow, decision, result } = evaluation
    if (decision?.kind !== 'order' || result.outcome !== 'placed') return evaluation
    if (!hasTimeFor(request, 'workflow')) return { ...leaveOne(workflow, scheduled_at), decision }
    const intended = intendedOrder(workflow, decision, runMarket, context)
    const { order_id, direction, price, quantity } = intended
    const { outcome, reason, order } = await placeOrder(deps, intended, deps.newId(), now).catch(
      (error: unknown) => ({ outcome: 'failed' as const, reason: messageOf(error), order: null }),
    )
    logger.info(`order.${outcome}`, {
      request_id: context.request_id,
      workflow_id: workflow.id,
      order_id,
      direction,
      price,
      quantity,
      reason,
    })
    return { ...evaluation, result: resultOf(workflow, outcome, reason, order_id), order }
  }

  const saveLastRun = async (
    { workflow, result, decision }: Evaluation,
    { context, now }: RunRequest,
  ): Promise<void> => {
    const { outcome, reason, order_id } = result
    // There is nothing new to say about a workflow that stays switched off.
    if (GATED.includes(outcome) && workflow.last_run?.outcome === outcome) return
    const lastRun: LastRun = {
      at: now.toISOString(),
      request_id: context.request_id,
      outcome,
      reason,
      order_id,
      decision,
    }
    await store.saveLastRun(workflow.id, lastRun)
  }

  let listedAt = -Infinity
  /** The first run of a process, and then one a minute, reads the broker's list. */
  const listingFor = (now: Date): ReconcileRequest['listing'] => {
    if (Math.abs(now.getTime() - listedAt) < LISTING_INTERVAL_MS) return 'none'
    listedAt = now.getTime()
    return 'recent'
  }

  /** Records the orders of this run, and everything that earlier ones left behind. */
  const followUp = async (
    fresh: readonly PlacedOrder[],
    execution: Execution,
    listing: ReconcileRequest['listing'],
  ): Promise<FollowUp & { recovered_ids: string[] }> => {
    const { now } = execution
    const warnings: string[] = []
    const { recorded, spooled, unrecorded, waiting } = await deliverOrders(deps, fresh, now)
    if (spooled > 0) {
      warnings.push(
        `${spooled} placed ${spooled === 1 ? 'order waits' : 'orders wait'} in the ${deps.journal.keepsEveryOrder ? 'journal' : 'queue'}, as the store did not take the record; the next run delivers`,
      )
    }
    if (unrecorded > 0) {
      warnings.push(
        `${unrecorded} placed ${unrecorded === 1 ? 'order is' : 'orders are'} nowhere but at the broker, as neither the store nor the ${deps.journal.keepsEveryOrder ? 'journal' : 'queue'} took the record; the sweep finds them`,
      )
    }
    const swept = await reconcile(deps, { ...execution, listing }).catch(
      (error: unknown): Reconciliation => ({
        ...nothingReconciled(),
        complete: false,
        problems: [`claims were not reconciled: ${messageOf(error)}`],
      }),
    )
    const stillWaiting = waiting.filter(({ order_id }) => !swept.recovered.includes(order_id))
    const [oldest_unrecorded_at = null] = [...stillWaiting, ...swept.waiting]
      .map(({ placed_at }) => placed_at)
      .toSorted()
    const [doubtful_since = null] = swept.doubtful.toSorted()
    const strangers = swept.unrecognised.length
    if (strangers > 0) {
      warnings.push(
        `${strangers === 1 ? '1 order at the broker has' : `${strangers} orders at the broker have`} an id like ours, and no workflow accounts for ${strangers === 1 ? 'it' : 'them'}`,
      )
    }
    const done: FollowUp = {
      recorded,
      spooled,
      unrecorded,
      recovered: swept.recovered.length,
      abandoned: swept.abandoned.length,
      complete: swept.complete,
      oldest_unrecorded_at,
      doubtful_since,
      unrecognised: swept.unrecognised,
      warnings: [...warnings, ...swept.problems],
    }
    deps.followedUp?.(done, now)
    return { ...done, recovered_ids: swept.recovered }
  }

  const runWorkflows = async (
    request: RunRequest,
  ): Promise<{ summary: RunSummary; evaluations: Evaluation[] }> => {
    const { now, scheduled_at = now, context } = request
    const warnings: string[] = []
    market.renew?.()
    const { workflows, broken } = await readWorkflows(request, warnings)

    const isLate = isTooLate(request)
    if (isLate) {
      warnings.push(`this run was due at ${scheduled_at.toISOString()}; it is too late to place`)
    }
    const open = workflows.filter((workflow) => gate(workflow, scheduled_at) === null)
    const runMarket = await fetchMarket(untilTimeIsUp(market, request), open, scheduled_at)
    const decided = workflows.map((workflow) =>
      hasTimeFor(request, 'workflow')
        ? evaluateOne(workflow, runMarket, scheduled_at)
        : leaveOne(workflow, scheduled_at),
    )
    const attempted = isLate
      ? decided.map(tooLate)
      : await inParallel(decided, PLACEMENTS_AT_ONCE, (evaluation) =>
          place(evaluation, runMarket, request),
        )

    // Recording begins when everything that is due is placed, so that it never holds that up.
    const fresh = attempted.flatMap(({ order }) => order ?? [])
    const { recovered_ids, ...done } = await followUp(fresh, request, listingFor(now))
    const evaluations = attempted.map((evaluation) => confirmed(evaluation, recovered_ids))
    const unsaved = await inParallel(evaluations, SAVES_AT_ONCE, (evaluation) =>
      hasTimeFor(request, 'note')
        ? saveLastRun(evaluation, request).then(() => [], messageOf)
        : Promise.resolve('there was no time for it'),
    )
    if (unsaved.flat().length > 0) {
      warnings.push(
        `the last run was not noted on ${unsaved.flat().length} workflows: ${unsaved.flat()[0]}`,
      )
    }

    const results = [...evaluations.map(({ result }) => result), ...broken.map(brokenResult)]
    const count = (outcomes: readonly RunOutcome[]): number =>
      results.filter(({ outcome }) => outcomes.includes(outcome)).length
    const unsent = count(['unsent'])
    if (unsent > 0) {
      warnings.push(
        `${unsent} ${unsent === 1 ? 'order' : 'orders'} surely did not reach the broker`,
      )
    }
    const left = results.filter(({ outcome }) => outcome === 'left')
    if (left.length > 0) {
      warnings.push(
        `there was no time for ${left.length} ${left.length === 1 ? 'workflow' : 'workflows'}; the next run takes what is due then`,
      )
      logger.warn('run.cut_short', {
        request_id: context.request_id,
        left: left.map(({ workflow_id }) => workflow_id),
      })
    }
    const summary: RunSummary = {
      request_id: context.request_id,
      at: now.toISOString(),
      evaluated: results.length - count(GATED) - count(FAILED) - left.length,
      placed: count(['placed']),
      duplicate: count(['duplicate']),
      refused: count(['refused']),
      unknown: count(['unknown']),
      unsent,
      skipped: count(SKIPPED),
      failed: count(FAILED),
      left: left.length,
      ...done,
      warnings: [...warnings, ...done.warnings],
      workflows: results,
    }
    const { workflows: _perWorkflow, unrecognised, ...counts } = summary
    logger[summary.warnings.length > 0 ? 'warn' : 'info']('run.finished', {
      ...counts,
      unrecognised: unrecognised.length,
    })
    return { summary, evaluations }
  }

  const explain = async (workflow_id: string, now: Date): Promise<Evaluation> => {
    const workflow = await findWorkflow(workflow_id, now)
    market.renew?.()
    return explainOne(workflow, await fetchMarket(market, [workflow], now), now)
  }

  return {
    run: async (request) => (await runWorkflows(request)).summary,

    runOne: async ({ dry_run, ...request }) => {
      const { workflow_id, now, context } = request
      const { evaluations, summary } = dry_run
        ? { evaluations: [await explain(workflow_id, now)], summary: { warnings: [] } }
        : await runWorkflows(request)
      const [evaluation] = evaluations
      if (!evaluation) throw unknownWorkflow(workflow_id)
      const { result, decision } = evaluation
      const { request_id } = context
      return { ...result, at: now.toISOString(), request_id, decision, warnings: summary.warnings }
    },

    reconcile: async (request) => {
      const { recovered_ids: _, ...done } = await followUp([], request, 'whole')
      const { unrecognised, ...counts } = done
      logger[done.warnings.length > 0 ? 'warn' : 'info']('reconcile.finished', {
        request_id: request.context.request_id,
        ...counts,
        unrecognised: unrecognised.length,
      })
      return done
    },
  }
}
