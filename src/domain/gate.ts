import type { WorkflowDefinition } from './workflow.ts'

/**
 * Why a workflow is not evaluated at this instant, or null when it is. It still runs on its end date,
 * until midnight UTC.
 */
export const gate = (
  { enable, end_date }: Pick<WorkflowDefinition, 'enable' | 'end_date'>,
  now: Date,
): 'disabled' | 'expired' | null => {
  if (!enable) return 'disabled'
  return end_date !== null && end_date < now.toISOString().slice(0, 10) ? 'expired' : null
}
