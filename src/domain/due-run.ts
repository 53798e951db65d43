import { gate } from './gate.ts'
import type { Schedule } from './ports.ts'
import type { Workflow } from './workflow.ts'

/** A run takes its time, and the next one waits for it. */
const GRACE_MS = 2 * 60_000

/** When a run should look at a workflow; `overdue`: that is more than two minutes ago. */
export interface DueRun {
  at: Date
  overdue: boolean
}

/**
 * The run that should follow the last one that looked at a workflow. One that was changed since, as
 * when it was enabled, is due after that change. Null when no run is to be expected: nothing runs by
 * itself, or it is disabled, or will have ended by then.
 */
export const dueRun = (
  workflow: Pick<Workflow, 'enable' | 'end_date' | 'updated_at' | 'last_run'>,
  schedule: Schedule,
  now: Date,
): DueRun | null => {
  const { updated_at, last_run } = workflow
  const since = last_run && last_run.at > updated_at ? last_run.at : updated_at
  const at = schedule.nextRun(new Date(since))
  if (at === null || gate(workflow, now) !== null || gate(workflow, at) !== null) return null
  return { at, overdue: now.getTime() - at.getTime() > GRACE_MS }
}
