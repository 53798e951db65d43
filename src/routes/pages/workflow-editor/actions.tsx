import { Hono, type Context } from 'hono'
import { describeFieldErrors, DomainError, hasCode } from '../../../domain/errors.ts'
import { unknownWorkflow } from '../../../domain/workflow.ts'
import { patchWorkflow } from '../../../domain/workflow-patch.ts'
import { paths } from '../../../paths.ts'
import { WorkflowDeletePage } from '../../../views/pages/workflow-delete-page.tsx'
import { attentionAt } from '../../attention.ts'
import type { AppDeps } from '../../deps.ts'
import { validated, WorkflowIdParameter } from '../../parameters.ts'
import { setFlash } from '../flash.ts'
import { formBody } from '../form-body.ts'
import { revisionOf, versionOf } from './version.ts'

type Deps = Pick<AppDeps, 'workflows' | 'trail' | 'intents' | 'clock' | 'retention_seconds'>

const DELETE = `${paths.workflows}/:workflow_id/delete`

const isToEnable = (body: URLSearchParams): boolean => {
  const enable = body.get('enable')
  if (enable === 'true' || enable === 'false') return enable === 'true'
  const errors = [{ field: 'enable', message: 'expected true or false', value: enable }]
  throw new DomainError('bad_request', describeFieldErrors(errors), { errors })
}

/** `/workflows/{workflow_id}/enable` and `/workflows/{workflow_id}/delete`. */
export const actionPages = (deps: Deps) => {
  const { workflows, trail, clock, retention_seconds } = deps

  const askToDelete = async (c: Context, id: string, changed: boolean) => {
    const now = clock.now()
    const [stored, summary, attention] = await Promise.all([
      versionOf(workflows, id, now),
      trail.summarizeWorkflowOrders(id, now),
      attentionAt(deps, now, id),
    ])
    if (!stored) throw unknownWorkflow(id)
    c.status(changed ? 409 : 200)
    const { name, revision } = stored
    return c.render(
      <WorkflowDeletePage
        {...{ id, name, revision, summary, attention, retention_seconds, changed }}
      />,
      { title: `Delete ${name}` },
    )
  }

  return new Hono()
    .post(
      `${paths.workflows}/:workflow_id/enable`,
      validated('param', WorkflowIdParameter),
      async (c) => {
        const { workflow_id } = c.req.valid('param')
        const enable = isToEnable(await formBody(c))
        try {
          if (!(await patchWorkflow(workflows, workflow_id, { enable }, clock.now()))) {
            throw unknownWorkflow(workflow_id)
          }
        } catch (error) {
          if (!hasCode(error, 'invalid')) throw error
          // It is broken, or can never fire: the editor tells what there is to mend.
          setFlash(c, 'not_switched')
          return c.redirect(paths.workflowEdit(workflow_id), 303)
        }
        setFlash(c, enable ? 'enabled' : 'disabled')
        return c.redirect(paths.workflow(workflow_id), 303)
      },
    )
    .get(DELETE, validated('param', WorkflowIdParameter), async (c) =>
      askToDelete(c, c.req.valid('param').workflow_id, false),
    )
    .post(DELETE, validated('param', WorkflowIdParameter), async (c) => {
      const { workflow_id } = c.req.valid('param')
      const revision = revisionOf((await formBody(c)).get('revision'))
      try {
        // One that is gone already is as deleted as one that goes now.
        await workflows.remove(workflow_id, revision)
      } catch (error) {
        if (!hasCode(error, 'precondition_failed')) throw error
        return askToDelete(c, workflow_id, true)
      }
      setFlash(c, 'deleted')
      return c.redirect(paths.workflows, 303)
    })
}
