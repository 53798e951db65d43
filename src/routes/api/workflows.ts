import { createRoute, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { DomainError } from '../../domain/errors.ts'
import { INDICATOR_TYPES } from '../../domain/indicator-types.ts'
import { WorkflowDefinition } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import type { AppDeps } from '../deps.ts'
import { WorkflowIdParameter } from '../parameters.ts'
import { createApi, json, problems } from './describe.ts'
import {
  IndicatorTypes,
  WorkflowJson,
  workflowJson,
  WorkflowList,
  workflowListItem,
} from './schemas.ts'

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

const body = { required: true, content: { 'application/json': { schema: DefinitionBody } } }
const tags = ['Workflows']

const list = createRoute({
  method: 'get',
  path: '/workflows',
  operationId: 'listWorkflows',
  tags,
  summary: 'All workflows, each with its last order',
  responses: { 200: json('All of them', WorkflowList), ...problems(503) },
})

const create = createRoute({
  method: 'post',
  path: '/workflows',
  operationId: 'createWorkflow',
  tags,
  summary: 'Creates a workflow',
  middleware: [jsonOnly] as const,
  request: { body },
  responses: {
    201: {
      ...json('The new workflow', WorkflowJson),
      headers: z.object({ Location: z.string().openapi({ description: 'Its address' }) }),
    },
    ...problems(400, 413, 415, 422, 503),
  },
})

const read = createRoute({
  method: 'get',
  path: '/workflows/{workflow_id}',
  operationId: 'getWorkflow',
  tags,
  summary: 'One workflow, with its last evaluation',
  request: { params: WorkflowIdParameter },
  responses: { 200: json('The workflow', WorkflowJson), ...problems(400, 404, 422, 503) },
})

const replace = createRoute({
  method: 'put',
  path: '/workflows/{workflow_id}',
  operationId: 'replaceWorkflow',
  tags,
  summary: "Replaces a workflow's definition",
  middleware: [jsonOnly] as const,
  request: { params: WorkflowIdParameter, body },
  responses: {
    200: json('The workflow as it is now', WorkflowJson),
    ...problems(400, 404, 413, 415, 422, 503),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/workflows/{workflow_id}',
  operationId: 'deleteWorkflow',
  tags,
  summary: 'Deletes a workflow; its orders stay readable until they expire',
  request: { params: WorkflowIdParameter },
  responses: { 204: { description: 'It is gone' }, ...problems(400, 404, 503) },
})

const indicatorTypes = createRoute({
  method: 'get',
  path: '/indicator-types',
  operationId: 'listIndicatorTypes',
  tags,
  summary: 'The indicators that a condition may have, and what each needs',
  responses: { 200: json('All of them', IndicatorTypes) },
})

const unknownWorkflow = (workflow_id: string): DomainError =>
  new DomainError('not_found', `there is no workflow ${workflow_id}`)

/** Workflows: list, read, create, replace and delete. */
export const workflowsApi = ({
  workflows,
  clock,
  newId,
}: Pick<AppDeps, 'workflows' | 'clock' | 'newId'>) =>
  createApi()
    .openapi(list, async (c) => {
      const { workflows: found, broken } = await workflows.list(clock.now())
      return c.json({ workflows: found.map(workflowListItem), total: found.length, broken }, 200)
    })
    .openapi(create, async (c) => {
      const workflow = await workflows.create(newId(), c.req.valid('json'), clock.now())
      return c.json(workflowJson(workflow), 201, { Location: paths.api.workflow(workflow.id) })
    })
    .openapi(read, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const workflow = await workflows.find(workflow_id, clock.now())
      if (!workflow) throw unknownWorkflow(workflow_id)
      return c.json(workflowJson(workflow), 200)
    })
    .openapi(replace, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const workflow = await workflows.replace(workflow_id, c.req.valid('json'), clock.now())
      if (!workflow) throw unknownWorkflow(workflow_id)
      return c.json(workflowJson(workflow), 200)
    })
    .openapi(remove, async (c) => {
      const { workflow_id } = c.req.valid('param')
      if (!(await workflows.remove(workflow_id))) throw unknownWorkflow(workflow_id)
      return c.body(null, 204)
    })
    .openapi(indicatorTypes, (c) => c.json({ indicator_types: [...INDICATOR_TYPES] }, 200))
