import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Workflow } from '../../../domain/workflow.ts'
import { paths } from '../../../paths.ts'
import {
  NO_ERRORS,
  type DefinitionForm,
  type FormErrors,
} from '../../../views/components/workflow-form/form.ts'
import { WorkflowForm } from '../../../views/components/workflow-form/workflow-form.tsx'
import { WorkflowEditPage } from '../../../views/pages/workflow-edit-page.tsx'
import type { AppDeps } from '../../deps.ts'
import { pageOrFragment } from '../../respond.tsx'
import { setFlash } from '../flash.ts'
import { stepOf } from './steps.tsx'

/** What a form is for: a new workflow, or a change to one. */
interface Purpose {
  workflow: { id: string; name: string } | null
  action: string
  hidden: Record<string, string>
  save: string
  cancel: string
}

/** For a form that makes this one workflow, however often it is sent. */
export const toCreate = (id: string): Purpose => ({
  workflow: null,
  action: paths.workflowNew(),
  hidden: { id },
  save: 'Create workflow',
  cancel: paths.workflows,
})

/** For a form that changes a workflow of this revision and no other. */
export const toChange = (workflow: { id: string; name: string }, revision: string): Purpose => ({
  workflow,
  action: paths.workflowEdit(workflow.id),
  hidden: { revision },
  save: 'Save changes',
  cancel: paths.workflow(workflow.id),
})

interface Shown {
  form: DefinitionForm
  errors?: FormErrors | undefined
  focus?: string | undefined
  /** What there is to tell before the form. */
  notice?: Child
}

type Deps = Pick<AppDeps, 'workflows' | 'clock'>

const pageOf = async (
  { workflows, clock }: Deps,
  purpose: Purpose,
  { form, errors = NO_ERRORS, focus, notice }: Shown,
): Promise<{ title: string; content: Child }> => {
  const { workflows: all } = await workflows.list(clock.now())
  const instruments = [...new Set(all.flatMap(({ cfd, index }) => [cfd, index]))].toSorted()
  const title = purpose.workflow ? `Edit ${purpose.workflow.name}` : 'New workflow'
  return {
    title: errors.size > 0 ? `Error: ${title}` : title,
    content: (
      <WorkflowEditPage {...purpose} {...{ form, errors, focus, instruments }}>
        {notice}
      </WorkflowEditPage>
    ),
  }
}

/** Answers with the form in its page. */
export const showForm = async (
  c: Context,
  deps: Deps,
  purpose: Purpose,
  shown: Shown,
  status: ContentfulStatusCode = 200,
): Promise<Response> => {
  const { title, content } = await pageOf(deps, purpose, shown)
  c.status(status)
  return c.render(content, { title })
}

/** Does what another button than the one that saves asks for; null when the form is to be saved. */
export const takeStep = (
  c: Context,
  deps: Deps,
  purpose: Purpose,
  form: DefinitionForm,
  body: URLSearchParams,
): Promise<Response> | null => {
  const step = stepOf(form, body, purpose.action)
  return step && pageOrFragment(c, step.part, () => pageOf(deps, purpose, step))
}

/** Should the store fail from here on, the page that tells so has what was typed. */
export const keepTyped = (c: Context, purpose: Purpose, form: DefinitionForm): void =>
  c.set('typed', <WorkflowForm {...purpose} form={form} errors={NO_ERRORS} instruments={[]} />)

/** Leads to the workflow that was saved, which tells what it will do. */
export const showSaved = (
  c: Context,
  did: 'created' | 'saved',
  { id, enable, dry_run }: Workflow,
): Response => {
  setFlash(c, `${did}_${enable ? (dry_run ? 'dry_run' : 'live') : 'disabled'}`)
  return c.redirect(paths.workflow(id), 303)
}
