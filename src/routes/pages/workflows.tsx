import { Hono } from 'hono'
import { DomainError } from '../../domain/errors.ts'
import type { Trail, Workflows } from '../../domain/ports.ts'
import { unknownWorkflow } from '../../domain/workflow.ts'
import { selectWorkflows } from '../../domain/workflow-list.ts'
import { paths } from '../../paths.ts'
import { parametersOf } from '../../views/components/workflow-filter.tsx'
import { WorkflowList, WORKFLOWS_PER_PAGE } from '../../views/components/workflow-list.tsx'
import { WorkflowPage } from '../../views/pages/workflow-page.tsx'
import { WorkflowRemainsPage } from '../../views/pages/workflow-remains-page.tsx'
import { WorkflowsPage } from '../../views/pages/workflows-page.tsx'
import { attentionAt } from '../attention.ts'
import type { AppDeps } from '../deps.ts'
import { findOrProblem } from '../find-workflow.ts'
import { validated, WorkflowIdParameter } from '../parameters.ts'
import { pageOrFragment } from '../respond.tsx'
import { WorkflowListQuery } from './workflow-list-query.ts'

interface Deps extends Pick<AppDeps, 'intents' | 'schedule' | 'clock' | 'retention_seconds'> {
  workflows: Pick<Workflows, 'list' | 'find'>
  trail: Pick<Trail, 'summarizeWorkflowOrders'>
}

/** `/workflows` and `/workflows/{workflow_id}`. */
export const workflowsPages = (deps: Deps) => {
  const { workflows, trail, schedule, clock, retention_seconds } = deps
  return new Hono()
    .get(paths.workflows, validated('query', WorkflowListQuery), async (c) => {
      const { select, ...query } = c.req.valid('query')
      // A form sends what was left empty, too; the address of the list is without.
      if (Object.values(c.req.query()).includes('')) {
        return c.redirect(paths.workflowList(parametersOf(query)))
      }
      const now = clock.now()
      const [stored, attention] = await Promise.all([workflows.list(now), attentionAt(deps, now)])
      const all = [...stored.workflows, ...stored.broken]
      const found = selectWorkflows(all, { ...query, per_page: WORKFLOWS_PER_PAGE })
      const pages = Math.max(1, Math.ceil(found.total / WORKFLOWS_PER_PAGE))
      // There were more of them a moment ago.
      if (query.page > pages) {
        return c.redirect(paths.workflowList(parametersOf({ ...query, page: pages })))
      }
      const list = (
        <WorkflowList
          {...{ ...found, query, schedule, now }}
          all={all.length}
          everything={stored.workflows}
          marked={new Set(attention.map(({ workflow_id }) => workflow_id))}
          selected={select === 'all'}
        />
      )
      return pageOrFragment(c, list, () => ({
        title: 'Workflows',
        content: <WorkflowsPage {...{ ...stored, query, attention, now }}>{list}</WorkflowsPage>,
      }))
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
        const page = <WorkflowPage {...{ workflow, schedule, ...shown }} />
        return c.render(page, { title: workflow.name })
      }
      // An order that a person has to look after is shown, whatever became of its workflow.
      const [newest] = attention
      if (isBroken || newest) {
        const name = newest?.workflow_name ?? `Workflow ${workflow_id}`
        const problem = isBroken ? workflow.message : null
        const page = <WorkflowRemainsPage {...{ workflow_id, name, problem, ...shown }} />
        return c.render(page, { title: name })
      }
      // What a deleted workflow leaves behind is its history (decision D14).
      if (summary.count > 0) return c.redirect(paths.workflowOrders(workflow_id))
      throw unknownWorkflow(workflow_id)
    })
}
