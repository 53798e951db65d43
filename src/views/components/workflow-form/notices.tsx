import type { Child } from 'hono/jsx'
import type { WorkflowDefinition } from '../../../domain/workflow.ts'
import { paths } from '../../../paths.ts'
import { triggerProblem } from '../../definition-words.ts'
import { capitalised } from '../../names.ts'
import type { DefinitionForm } from './form.ts'
import { VersionTable } from './version-table.tsx'

/** Why a new workflow is what it is at first. */
export const NewNotice = ({ copied }: { copied?: { id: string; name: string } }): Child => (
  <p class='lead-in'>
    {copied && (
      <>
        A copy of <a href={paths.workflow(copied.id)}>{copied.name}</a>.{' '}
      </>
    )}
    It starts as a dry run, so that you can read what it would order before it orders.
  </p>
)

/** That nothing runs the workflow until it is saved, as it is stored broken. */
export const BrokenNotice = ({ id, problem }: { id: string; problem: string }): Child => (
  <div class='notice notice-told'>
    <p class='notice-title'>No run evaluates it until it is mended</p>
    <p>{capitalised(problem)}</p>
    <p>
      Correct the fields and save. What no field shows is left behind by{' '}
      <a href={paths.workflowNew({ from: id })}>a copy</a>.
    </p>
  </div>
)

/** That saving moves a trigger which can never fire; nothing when it can. */
export const TriggerNotice = ({ definition }: { definition: WorkflowDefinition }): Child => {
  const problem = triggerProblem(definition)
  return (
    problem && (
      <div class='notice notice-told'>
        <p class='notice-title'>{problem}</p>
        <p>Saving moves the order to the side that fits. Check the side of the close first.</p>
      </div>
    )
  )
}

interface ConflictProps {
  id: string
  /** The one that is stored now. */
  revision: string
  yours: DefinitionForm
  stored: DefinitionForm
}

/** That somebody else saved first: both versions, and the two ways on. */
export const ConflictNotice = ({ id, revision, yours, stored }: ConflictProps): Child => (
  <section class='panel conflict' aria-labelledby='conflict-title'>
    <div class='notice notice-told' role='alert' tabindex={-1} autofocus>
      <h2 class='notice-title' id='conflict-title'>
        Not saved: somebody changed this workflow while you edited it
      </h2>
      <p>
        Revision {revision} is stored now. Nothing of yours is lost: save again to put yours in its
        place, or take the stored one.
      </p>
      <p class='notice-actions'>
        <a class='button' href='#workflow-form'>
          Keep editing mine
        </a>
        <a class='button' href={paths.workflowEdit(id)}>
          Take the stored one
        </a>
      </p>
    </div>
    <VersionTable yours={yours} stored={stored} />
  </section>
)

/** That the workflow is not there any more. */
export const GoneNotice = (): Child => (
  <div class='notice notice-told' role='alert' tabindex={-1} autofocus>
    <p class='notice-title'>Not saved: there is no such workflow any more</p>
    <p>Somebody deleted it. What you typed can be saved as a new workflow.</p>
  </div>
)

/** That the form of a new workflow was sent before, and said something else then. */
export const SentBeforeNotice = ({ id, name }: { id: string; name: string }): Child => (
  <div class='notice notice-told' role='alert' tabindex={-1} autofocus>
    <p class='notice-title'>Not saved: this form has made a workflow before</p>
    <p>
      It made <a href={paths.workflow(id)}>{name}</a>. Save again to make a second one of what you
      typed now.
    </p>
  </div>
)
