import { hasCode, type DomainError } from '../domain/errors.ts'
import type { Workflows } from '../domain/ports.ts'
import type { Workflow } from '../domain/workflow.ts'

/**
 * The workflow, null when there is none, or what is wrong with the stored item: for pages that have
 * something to show of it even then.
 */
export const findOrProblem = async (
  workflows: Pick<Workflows, 'find'>,
  workflow_id: string,
  now: Date,
): Promise<Workflow | DomainError | null> => {
  try {
    return await workflows.find(workflow_id, now)
  } catch (error) {
    if (hasCode(error, 'invalid')) return error
    throw error
  }
}
