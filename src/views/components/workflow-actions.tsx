import type { Child } from 'hono/jsx'
import { paths } from '../../paths.ts'
import { ForOperators } from './for-operators.tsx'

/** Switches a workflow on or off. */
const EnableForm = ({ id, enable }: { id: string; enable: boolean }): Child => (
  <form method='post' action={paths.workflowEnable(id)}>
    <button class='button' name='enable' value={String(enable)}>
      {enable ? 'Enable' : 'Disable'}
    </button>
  </form>
)

interface Props {
  id: string
  /** Whether it is switched on; null for a stored workflow that is broken, which no run evaluates. */
  enabled: boolean | null
}

/** All that can be done to one workflow. */
export const WorkflowActions = ({ id, enabled }: Props): Child => (
  <ForOperators>
    <div class='actions'>
      <a class='button' href={paths.workflowEdit(id)}>
        {enabled === null ? 'Mend' : 'Edit'}
      </a>
      <a class='button' href={paths.workflowNew({ from: id })}>
        Duplicate
      </a>
      {enabled !== null && <EnableForm id={id} enable={!enabled} />}
      <a class='button' href={paths.workflowDelete(id)}>
        Delete…
      </a>
    </div>
  </ForOperators>
)
