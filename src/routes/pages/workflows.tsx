import { Hono } from 'hono'
import { DomainError } from '../../domain/errors.ts'
import type { Trail, Workflows } from '../../domain/ports.ts'
import { paths } from '../../paths.ts'
import { WorkflowPage } from '../../views/pages/workflow-page.tsx'
import { WorkflowsPage } from '../../views/pages/workflows-page.tsx'
import type { AppDeps } from '../deps.ts'
import { validated, WorkflowIdParameter } from '../parameters.ts'

interface Deps extends Pick<AppDeps, 'clock' | 'retention_seconds'> {
  workflows: Pick<Workflows, 'list' | 'find'>
  trail: Pick<Trail, 'summarizeWorkflowOrders'>
}

/** `/workflows` and `/workflows/{workflow_id}`. */
export const workflowsPages = ({ workflows, trail, clock, retention_seconds }: Deps) =>
  new Hono()
    .get(paths.workflows, async (c) => {
      const now = clock.now()
      const list = await workflows.list(now)
      return c.render(<WorkflowsPage {...list} now={now} />, { title: 'Workflows' })
    })
    .get(`${paths.workflows}/:workflow_id`, validated('param', WorkflowIdParameter), async (c) => {
      const { workflow_id } = c.req.valid('param')
      const now = clock.now()
      const [workflow, summary] = await Promise.all([
        workflows.find(workflow_id, now),
        trail.summarizeWorkflowOrders(workflow_id, now),
      ])
      if (workflow) {
        const page = <WorkflowPage {...{ workflow, summary, retention_seconds, now }} />
        return c.render(page, { title: workflow.name })
      }
      // What a deleted workflow leaves behind is its history (decision D14).
      if (summary.count > 0) return c.redirect(paths.workflowOrders(workflow_id))
      throw new DomainError('not_found', `there is no workflow ${workflow_id}`)
    })
