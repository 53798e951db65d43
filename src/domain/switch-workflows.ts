import { DomainError, hasCode } from './errors.ts'
import { inParallel } from './in-parallel.ts'
import type { Workflows } from './ports.ts'
import { patchWorkflow } from './workflow-patch.ts'

const AT_ONCE = 10

type End = 'changed' | 'unchanged' | 'broken' | 'missing' | 'failed'

/**
 * Switches workflows on or off, each for itself, and tells how many ended in which way. `unchanged`:
 * it was so already; `broken`: as it stands it could never order anything; `missing`: it was deleted;
 * `failed`: the store did not answer, or others kept writing.
 * @throws DomainError when none of them could be looked at, as the store did not answer
 */
export const switchWorkflows = async (
  workflows: Pick<Workflows, 'find' | 'replace'>,
  ids: readonly string[],
  enable: boolean,
  now: Date,
): Promise<Record<End, number>> => {
  const failures: DomainError[] = []
  const switchOne = async (id: string): Promise<End> => {
    try {
      const stored = await workflows.find(id, now)
      if (stored?.enable === enable) return 'unchanged'
      return stored && (await patchWorkflow(workflows, id, { enable }, now)) ? 'changed' : 'missing'
    } catch (error) {
      if (hasCode(error, 'invalid')) return 'broken'
      if (!(error instanceof DomainError)) throw error
      failures.push(error)
      return 'failed'
    }
  }
  const ends = await inParallel([...new Set(ids)], AT_ONCE, switchOne)
  const [failure] = failures
  if (failure && failures.length === ends.length) throw failure
  const counts = { changed: 0, unchanged: 0, broken: 0, missing: 0, failed: 0 }
  for (const end of ends) counts[end] += 1
  return counts
}
