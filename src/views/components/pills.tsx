import type { Child } from 'hono/jsx'
import type { RunOutcome, Workflow } from '../../domain/workflow.ts'
import { capitalised, OUTCOME_NAMES, type WorkflowStatus } from '../names.ts'

/** Whether a workflow takes part in runs. */
export const StatusPill = ({ status }: { status: WorkflowStatus | 'broken' }): Child => (
  <span class={`pill pill-${status}`}>{capitalised(status)}</span>
)

/** Whether its orders are really placed. */
export const ModePill = ({ dry_run }: Pick<Workflow, 'dry_run'>): Child => (
  <span class={dry_run ? 'pill pill-dry-run' : 'pill pill-live'}>
    {dry_run ? 'Dry run' : 'Live'}
  </span>
)

const TONES: Record<RunOutcome, 'good' | 'quiet' | 'bad'> = {
  placed: 'good',
  duplicate: 'quiet',
  dry_run: 'good',
  no_signal: 'quiet',
  unsupported_trigger: 'bad',
  refused: 'bad',
  unsent: 'bad',
  unknown: 'bad',
  late: 'bad',
  failed: 'bad',
  disabled: 'quiet',
  expired: 'quiet',
}

/** How the last run ended. */
export const OutcomePill = ({ outcome }: { outcome: RunOutcome }): Child => (
  <span class={`pill pill-${TONES[outcome]}`}>{OUTCOME_NAMES[outcome]}</span>
)

/** Whether a condition or a check holds, told by word and sign. */
export const Result = ({ holds }: { holds: boolean }): Child => (
  <span class={holds ? 'result result-holds' : 'result result-fails'}>
    <span aria-hidden='true'>{holds ? '✓' : '✗'}</span> {holds ? 'Holds' : 'Does not hold'}
  </span>
)
