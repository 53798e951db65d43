import type { Child } from 'hono/jsx'
import type { AttentionEntry } from '../../domain/attention.ts'
import type { RunOutcome, Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { ATTENTION_NAMES, capitalised, OUTCOME_NAMES, type WorkflowStatus } from '../names.ts'

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
  left: 'bad',
  failed: 'bad',
  disabled: 'quiet',
  expired: 'quiet',
}

/** True when a run could not do for the workflow what it should. */
export const hasGoneWrong = (outcome: RunOutcome): boolean => TONES[outcome] === 'bad'

/** How the last run ended. */
export const OutcomePill = ({ outcome }: { outcome: RunOutcome }): Child => (
  <span class={`pill pill-${TONES[outcome]}`}>{OUTCOME_NAMES[outcome]}</span>
)

const ATTENTION_TONES: Record<AttentionEntry['state'], 'bad' | 'quiet' | 'warn'> = {
  claimed: 'bad',
  placed: 'quiet',
  abandoned: 'warn',
}

/** How far an order got that needs attention. */
export const AttentionPill = ({ state }: Pick<AttentionEntry, 'state'>): Child => (
  <span class={`pill pill-${ATTENTION_TONES[state]}`}>{ATTENTION_NAMES[state]}</span>
)

/** Marks a workflow in a list as one with orders that need attention, and leads to them. */
export const AttentionMark = ({ workflow_id }: { workflow_id: string }): Child => (
  <a class='pill pill-warn' href={paths.workflow(workflow_id)}>
    Needs attention
  </a>
)

/** Whether a condition or a check holds, told by word and sign. */
export const Result = ({ holds }: { holds: boolean }): Child => (
  <span class={holds ? 'result result-holds' : 'result result-fails'}>
    <span aria-hidden='true'>{holds ? '✓' : '✗'}</span> {holds ? 'Holds' : 'Does not hold'}
  </span>
)
