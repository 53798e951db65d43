import { Hono } from 'hono'
import { z } from 'zod'
import type { Workflows } from '../../domain/ports.ts'
import { switchWorkflows } from '../../domain/switch-workflows.ts'
import { WorkflowId } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { parametersOf } from '../../views/components/workflow-filter.tsx'
import { WORKFLOWS_PER_PAGE } from '../../views/components/workflow-list.tsx'
import type { AppDeps } from '../deps.ts'
import { validated } from '../parameters.ts'
import { setFlash } from './flash.ts'
import { WorkflowListQuery } from './workflow-list-query.ts'

const SwitchForm = z.object({
  enable: z
    .enum(['true', 'false'], { error: 'expected true or false' })
    .transform((text) => text === 'true'),
  id: z.preprocess(
    (ids) => [ids ?? []].flat(),
    z.array(WorkflowId).max(WORKFLOWS_PER_PAGE, {
      error: `expected at most ${WORKFLOWS_PER_PAGE} ids`,
    }),
  ),
})

interface Deps extends Pick<AppDeps, 'clock'> {
  workflows: Pick<Workflows, 'find' | 'replace'>
}

/** `POST /workflows/enable` switches the workflows that were chosen, and leads back to their list. */
export const workflowBulkPages = ({ workflows, clock }: Deps) =>
  new Hono().post(
    paths.workflowsEnable(),
    validated('query', WorkflowListQuery),
    validated('form', SwitchForm),
    async (c) => {
      const { enable, id: ids } = c.req.valid('form')
      const list = paths.workflowList(parametersOf(c.req.valid('query')))
      if (ids.length === 0) {
        setFlash(c, 'none_selected')
        return c.redirect(list, 303)
      }
      const { changed, unchanged, broken, missing, failed } = await switchWorkflows(
        workflows,
        ids,
        enable,
        clock.now(),
      )
      setFlash(c, enable ? 'enabled_many' : 'disabled_many', [
        changed,
        unchanged,
        broken,
        missing,
        failed,
      ])
      return c.redirect(list, 303)
    },
  )
