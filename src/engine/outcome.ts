import type { Decision } from '../domain/decision.ts'
import { messageOf } from '../domain/errors.ts'
import { gate } from '../domain/gate.ts'
import { orderIdOf, type PlacedOrder } from '../domain/order.ts'
import type { WorkflowResult } from '../domain/run.ts'
import type { BrokenWorkflow, RunOutcome, Workflow } from '../domain/workflow.ts'
import { evaluate } from './evaluate.ts'
import type { RunMarket } from './market-view.ts'

/** A workflow that was looked at: its result, the decision behind it and the order to record. */
export interface Evaluation {
  workflow: Workflow
  result: WorkflowResult
  decision: Decision | null
  order: PlacedOrder | null
}

export const GATED: readonly RunOutcome[] = ['disabled', 'expired']
export const SKIPPED: readonly RunOutcome[] = [
  ...GATED,
  'duplicate',
  'dry_run',
  'unsupported_trigger',
  'refused',
  'late',
]
export const FAILED: readonly RunOutcome[] = ['failed', 'unsent', 'unknown']

export const resultOf = (
  { id, name }: Pick<Workflow, 'id' | 'name'>,
  outcome: RunOutcome,
  reason: string | null = null,
  order_id: string | null = null,
): WorkflowResult => ({ workflow_id: id, workflow_name: name, outcome, reason, order_id })

export const brokenResult = (broken: BrokenWorkflow): WorkflowResult =>
  resultOf(broken, 'failed', `the stored definition is broken: ${broken.problem}`)

/** The decision as a result, as far as no broker is needed to know it. */
const resultOfDecision = (workflow: Workflow, decision: Decision): WorkflowResult => {
  switch (decision.kind) {
    case 'no_signal':
      return resultOf(workflow, 'no_signal')
    case 'unsupported_trigger':
      return resultOf(
        workflow,
        'unsupported_trigger',
        `a trigger at the ${decision.trace.trigger.location} side does not fit a close ${decision.trace.conditions[0]?.direction ?? ''} the level`,
      )
    case 'refused':
      return resultOf(workflow, 'refused', decision.reason)
    case 'order': {
      const order_id = orderIdOf(workflow.id, decision.slot)
      return workflow.dry_run
        ? resultOf(workflow, 'dry_run')
        : resultOf(workflow, 'placed', null, order_id)
    }
  }
}

/** The result of a workflow that is not evaluated in a run at this instant, or null when it is. */
const gatedResult = (workflow: Workflow, now: Date): WorkflowResult | null => {
  const gated = gate(workflow, now)
  const reason = gated === 'expired' ? `its end date ${workflow.end_date ?? ''} has passed` : null
  return gated && resultOf(workflow, gated, reason)
}

const decide = (workflow: Workflow, market: RunMarket): Evaluation => {
  try {
    const decision = evaluate(workflow, market.view(workflow))
    return { workflow, result: resultOfDecision(workflow, decision), decision, order: null }
  } catch (error) {
    const result = resultOf(workflow, 'failed', messageOf(error))
    return { workflow, result, decision: null, order: null }
  }
}

/** A workflow that the run has no time to evaluate. */
export const leaveOne = (workflow: Workflow, now: Date): Evaluation => ({
  workflow,
  result: gatedResult(workflow, now) ?? resultOf(workflow, 'left', 'the run had no time for it'),
  decision: null,
  order: null,
})

/** How a workflow fares in a run, before a broker is asked. */
export const evaluateOne = (workflow: Workflow, market: RunMarket, now: Date): Evaluation => {
  const result = gatedResult(workflow, now)
  return result ? { workflow, result, decision: null, order: null } : decide(workflow, market)
}

/** What a workflow would do if it placed nothing; one that is gated is evaluated all the same. */
export const explainOne = (workflow: Workflow, market: RunMarket, now: Date): Evaluation => {
  const explained = decide({ ...workflow, dry_run: true }, market)
  const gated = gatedResult(workflow, now)
  if (!gated) return explained
  const reasons = [gated.reason, explained.result.reason].filter((reason) => reason !== null)
  return { ...explained, result: { ...gated, reason: reasons.join('; ') || null } }
}
