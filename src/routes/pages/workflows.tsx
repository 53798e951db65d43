import { Hono } from 'hono'
import { DomainError } from '../../domain/errors.ts'
import type { Trail, Workflows } from '../../domain/ports.ts'
import { unknownWorkflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { WorkflowPage } from '../../views/pages/workflow-page.tsx'
import { WorkflowRemainsPage } from '../../views/pages/workflow-remains-page.tsx'
import { WorkflowsPage } from '../../views/pages/workflows-page.tsx'
import { attentionAt } from '../attention.ts'
import type { AppDeps } from '../deps.ts'
import { findOrProblem } from '../find-workflow.ts'
import { validated, WorkflowIdParameter } from '../parameters.ts'

interface Deps extends Pick<AppDeps, 'intents' | 'clock' | 'retention_seconds'> {
  workflows: Pick<Workflows, 'list' | 'find'>
  trail: Pick<Trail, 'summarizeWorkflowOrders'>
}

/** `/workflows` and `/workflows/{workflow_id}`. */
export const workflowsPages = (deps: Deps) => {
  const { workflows, trail, clock, retention_seconds } = deps
  return new Hono()
    .get(paths.workflows, async (c) => {
      const now = clock.now()
      const [list, attention] = await Promise.all([workflows.list(now), attentionAt(deps, now)])
      const page = <WorkflowsPage {...{ ...list, attention, now }} />
      return c.render(page, { title: 'Workflows' })
    })
    .get(`${paths.workflows}/:workflow_id`, validated('param', WorkflowIdParameter), async (c) => {
      const { workflow_id } = c.req.valid('param')
      const now = clock.now()
      const [workflow, summary, attention] = await Promise.all([
        findOrProblem(workflows, workflow_id, now),
        trail.summarizeWorkflowOrders(workflow_id, now),
        attentionAt(deps, now, workflow_id),
      ])
      const isBroken = workflow instanceof DomainError
      const shown = { attention, summary, retention_seconds, now }
      if (workflow && !isBroken) {
        return c.render(<WorkflowPage workflow={workflow} {...shown} />, { title: workflow.name })
      }
      // An order that a person has to look after is shown, whatever became of its workflow.
      const [newest] = attention
      if (newest) {
        const { workflow_name: name } = newest
        const state = isBroken ? 'broken' : 'deleted'
        const page = <WorkflowRemainsPage {...{ workflow_id, name, state, ...shown }} />
        return c.render(page, { title: name })
      }
      if (isBroken) throw workflow
      // What a deleted workflow leaves behind is its history (decision D14).
      if (summary.count > 0) return c.redirect(paths.workflowOrders(workflow_id))
      throw unknownWorkflow(workflow_id)
    })
}
