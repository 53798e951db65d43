import { Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { DomainError } from '../../domain/errors.ts'
import { WorkflowDefinition, type Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import type { AppDeps } from '../deps.ts'
import { validated, WorkflowIdParameter } from '../parameters.ts'

/** What a workflow carries besides its definition; read-only, so a body may repeat it unread. */
const READ_ONLY = ['id', 'revision', 'created_at', 'updated_at', 'last_order', 'last_run']

/** A body that was read from this API can be changed and sent back as it is. */
const DefinitionBody = z.preprocess(
  (body) =>
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? Object.fromEntries(Object.entries(body).filter(([key]) => !READ_ONLY.includes(key)))
      : body,
  WorkflowDefinition,
)

/** Only JSON is read: a form on another site can send any other type without being asked. */
const jsonOnly: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new HTTPException(415, { message: 'expected Content-Type: application/json' })
  }
  await next()
}

const lastOrderJson = ({ last_order }: Workflow) =>
  last_order && {
    placed_at: last_order.placed_at,
    direction: last_order.direction,
    price: last_order.price,
    quantity: last_order.quantity,
  }

/** A workflow as JSON. */
const workflowJson = (workflow: Workflow) => ({
  ...workflow,
  last_order: lastOrderJson(workflow),
})

/** A workflow in a list: its last run comes without the decision's trace, which the detail has. */
export const workflowListItem = (workflow: Workflow) => {
  const { decision: _trace, ...lastRun } = workflow.last_run ?? { decision: null }
  return { ...workflowJson(workflow), last_run: workflow.last_run ? lastRun : null }
}

const unknownWorkflow = (workflow_id: string): DomainError =>
  new DomainError('not_found', `there is no workflow ${workflow_id}`)

/** `/api/workflow/workflows`: list, read, create, replace and delete. */
export const workflowsApi = ({
  workflows,
  clock,
  newId,
}: Pick<AppDeps, 'workflows' | 'clock' | 'newId'>) =>
  new Hono()
    .get('/workflows', async (c) => {
      const { workflows: found, broken } = await workflows.list(clock.now())
      return c.json({ workflows: found.map(workflowListItem), total: found.length, broken })
    })
    .post('/workflows', jsonOnly, validated('json', DefinitionBody), async (c) => {
      const workflow = await workflows.create(newId(), c.req.valid('json'), clock.now())
      return c.json(workflowJson(workflow), 201, { Location: paths.api.workflow(workflow.id) })
    })
    .get('/workflows/:workflow_id', validated('param', WorkflowIdParameter), async (c) => {
      const { workflow_id } = c.req.valid('param')
      const workflow = await workflows.find(workflow_id, clock.now())
      if (!workflow) throw unknownWorkflow(workflow_id)
      return c.json(workflowJson(workflow))
    })
    .put(
      '/workflows/:workflow_id',
      validated('param', WorkflowIdParameter),
      jsonOnly,
      validated('json', DefinitionBody),
      async (c) => {
        const { workflow_id } = c.req.valid('param')
        const workflow = await workflows.replace(workflow_id, c.req.valid('json'), clock.now())
        if (!workflow) throw unknownWorkflow(workflow_id)
        return c.json(workflowJson(workflow))
      },
    )
    .delete('/workflows/:workflow_id', validated('param', WorkflowIdParameter), async (c) => {
      const { workflow_id } = c.req.valid('param')
      if (!(await workflows.remove(workflow_id))) throw unknownWorkflow(workflow_id)
      return c.body(null, 204)
    })
