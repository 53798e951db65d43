import type { Child, PropsWithChildren } from 'hono/jsx'
import { paths } from '../../paths.ts'
import { ErrorSummary } from '../components/workflow-form/error-summary.tsx'
import { WorkflowForm, type WorkflowFormProps } from '../components/workflow-form/workflow-form.tsx'

interface Props extends WorkflowFormProps {
  /** The workflow that is edited; null for a new one. */
  workflow: { id: string; name: string } | null
}

/** Where a workflow is created or edited; the children are what there is to tell first. */
export const WorkflowEditPage = ({
  workflow,
  children,
  ...props
}: PropsWithChildren<Props>): Child => (
  <>
    <nav class='crumbs' aria-label='You are here'>
      <a href={paths.workflows}>Workflows</a>
      {workflow && (
        <>
          {' / '}
          <a href={paths.workflow(workflow.id)}>{workflow.name}</a>
        </>
      )}
    </nav>
    <div class='page-title'>
      <h1>{workflow ? 'Edit workflow' : 'New workflow'}</h1>
    </div>
    {children}
    <ErrorSummary form={props.form} errors={props.errors} />
    <WorkflowForm {...props} />
  </>
)
