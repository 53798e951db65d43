import { isDeepStrictEqual } from 'node:util'
import { createRoute, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { v5 as uuidV5 } from 'uuid'
import { describeFieldErrors, DomainError, fieldErrors, hasCode } from '../../domain/errors.ts'
import { INDICATOR_TYPES } from '../../domain/indicator-types.ts'
import type { Workflows } from '../../domain/ports.ts'
import { tolerant } from '../../domain/tolerant.ts'
import {
  definitionOf,
  NewWorkflowId,
  unknownWorkflow,
  WorkflowDefinition,
  type Workflow,
} from '../../domain/workflow.ts'
import { selectWorkflows } from '../../domain/workflow-list.ts'
import { patchWorkflow, type MergePatch } from '../../domain/workflow-patch.ts'
import { paths } from '../../paths.ts'
import type { AppDeps } from '../deps.ts'
import { WorkflowIdParameter, WorkflowListParameters } from '../parameters.ts'
import { createApi, json, problems } from './describe.ts'
import { Location, WorkflowETag } from './headers.ts'
import { IfMatch, IfNoneMatch, isForNew, revisionOf, taggedWith } from './revision.ts'
import {
  IndicatorTypes,
  WorkflowJson,
  workflowJson,
  WorkflowList,
  workflowListItem,
} from './schemas.ts'

/** What a workflow carries besides its definition; read-only, so a body may repeat it unread. */
const READ_ONLY = [
  'id',
  'revision',
  'created_at',
  'updated_at',
  'last_order',
  'orders_by_day',
  'last_run',
]

/** A patch of a definition that was read from this API may repeat what is read-only. */
const withoutReadOnly = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body).filter(([key]) => !READ_ONLY.includes(key)))
    : body

/** A body that was read from this API can be changed and sent back as it is. */
const DefinitionBody = tolerant(withoutReadOnly, WorkflowDefinition)

const DEFINITION = {
  name: 'Sell the break of 2000',
  index: 'US500.I',
  cfd: 'US500.I',
  dry_run: true,
  conditions: [
    {
      indicator: { name: 'polarite', unit_time: 'daily', value: 2000 },
      close: { direction: 'below', unit_time: 'daily', spread: 5 },
    },
  ],
  trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 0.1 },
}

/** What the fields may be, the definition says after the patch. */
const PatchBody = z.preprocess(
  (patch: MergePatch<z.input<typeof WorkflowDefinition>>) => withoutReadOnly(patch),
  z.record(z.string(), z.unknown(), { error: 'expected an object' }).meta({
    id: 'WorkflowPatch',
    description:
      'A JSON merge patch (RFC 7396) of a `WorkflowDefinition`: parts of it, and null for what is taken away',
  }),
)

const patchContent = { schema: PatchBody, example: { enable: false, trigger: { quantity: 2 } } }

const IdempotencyKey = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\u0021-\u007e]{1,255}$/, { error: 'expected 1 to 255 visible ASCII characters' })
    .optional()
    .meta({
      param: {
        description: 'Any text of the client, new for every workflow that it means to create',
        example: '5f0c2b1e-create-1',
      },
    }),
})

/** The namespace of ids that follow from an idempotency key. */
const KEYS = '6a1f0c3e-8d5b-4b7a-9e2c-3f4d5a6b7c8d'

/** The same key is the same workflow, so the store itself tells a repeat. */
const idOfKey = (key: string): string => uuidV5(key, KEYS)

/** What the first request with this key made. It says so when this one asks for something else. */
const madeBefore = async (
  workflows: Pick<Workflows, 'find'>,
  id: string,
  definition: WorkflowDefinition,
  now: Date,
): Promise<Workflow> => {
  const found = await workflows.find(id, now)
  const isSame = found && isDeepStrictEqual(definitionOf(found), definition)
  if (isSame || (found && found.revision > 1)) return found
  throw new DomainError('conflict', 'this Idempotency-Key was used for another workflow')
}

/**
 * Creates a workflow with an id that the client chose.
 * @throws DomainError `precondition_failed` when there is one of this id, `invalid` for an id that no
 *   workflow may have
 */
const createAt = async (
  workflows: Pick<Workflows, 'create'>,
  id: string,
  definition: WorkflowDefinition,
  now: Date,
): Promise<Workflow> => {
  const given = { workflow_id: id }
  const parsed = z.object({ workflow_id: NewWorkflowId }).safeParse(given)
  if (!parsed.success) {
    const errors = fieldErrors(parsed.error.issues, given)
    throw new DomainError('invalid', describeFieldErrors(errors), { errors })
  }
  return workflows.create(id, definition, now).catch((error: unknown) => {
    if (!hasCode(error, 'conflict')) throw error
    throw new DomainError('precondition_failed', `there is a workflow ${id} already`)
  })
}

/** Only JSON is read: a form on another site can send any other type without being asked. */
const only =
  (...types: string[]): MiddlewareHandler =>
  async (c, next) => {
    const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
    if (type === undefined || !types.includes(type)) {
      throw new HTTPException(415, { message: `expected Content-Type: ${types.join(' or ')}` })
    }
    await next()
  }

const JSON_TYPE = 'application/json'
const PATCH_TYPE = 'application/merge-patch+json'

const body = {
  required: true,
  content: { [JSON_TYPE]: { schema: DefinitionBody, example: DEFINITION } },
} as const
const tags = ['Workflows']

const workflow = (description: string) => ({
  ...json(description, WorkflowJson),
  headers: z.object({ ETag: WorkflowETag }),
})

const list = createRoute({
  method: 'get',
  path: '/workflows',
  operationId: 'listWorkflows',
  tags,
  summary: 'Workflows, each with its last order',
  description:
    'All of them, or with `page` or `per_page` one page. `index` and `q` match in part and in any case: `index` the index, `q` the name, the index or the traded instrument. Workflows without the date that is sorted by come last. `broken` holds stored items that are no valid workflow, whatever the filter.',
  request: { query: WorkflowListParameters },
  responses: { 200: json('The workflows', WorkflowList), ...problems(400, 503) },
})

const create = createRoute({
  method: 'post',
  path: '/workflows',
  operationId: 'createWorkflow',
  tags,
  summary: 'Creates a workflow',
  description:
    'With an `Idempotency-Key`, the same request again answers with the workflow that the first one made.',
  middleware: [only(JSON_TYPE)] as const,
  request: { headers: IdempotencyKey, body },
  responses: {
    201: {
      ...json('The new workflow', WorkflowJson),
      headers: z.object({ ETag: WorkflowETag, Location }),
    },
    ...problems(400, 409, 413, 415, 422, 503),
  },
})

const read = createRoute({
  method: 'get',
  path: '/workflows/{workflow_id}',
  operationId: 'getWorkflow',
  tags,
  summary: 'One workflow, with its last evaluation',
  request: { params: WorkflowIdParameter },
  responses: { 200: workflow('The workflow'), ...problems(400, 404, 422, 503) },
})

const replace = createRoute({
  method: 'put',
  path: '/workflows/{workflow_id}',
  operationId: 'replaceWorkflow',
  tags,
  summary: "Replaces a workflow's definition, or creates a workflow with an id of your own",
  description:
    'With `If-None-Match: *` the workflow is created, and the answer is 412 when there is one of this id already; without it, an unknown id is a 404.',
  middleware: [only(JSON_TYPE)] as const,
  request: { params: WorkflowIdParameter, headers: IfMatch.extend(IfNoneMatch.shape), body },
  responses: {
    200: workflow('The workflow as it is now'),
    201: workflow('The new workflow'),
    ...problems(400, 404, 412, 413, 415, 422, 503),
  },
})

const patch = createRoute({
  method: 'patch',
  path: '/workflows/{workflow_id}',
  operationId: 'patchWorkflow',
  tags,
  summary: "Changes parts of a workflow's definition",
  description:
    'A JSON merge patch (RFC 7396): objects are merged, lists are replaced as a whole, and null takes a field away, which then has its default.',
  middleware: [only(PATCH_TYPE, JSON_TYPE)] as const,
  request: {
    params: WorkflowIdParameter,
    headers: IfMatch,
    body: {
      required: true,
      content: { [PATCH_TYPE]: patchContent, [JSON_TYPE]: patchContent },
    },
  },
  responses: {
    200: workflow('The workflow as it is now'),
    ...problems(400, 404, 409, 412, 413, 415, 422, 503),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/workflows/{workflow_id}',
  operationId: 'deleteWorkflow',
  tags,
  summary: 'Deletes a workflow; its orders stay readable until they expire',
  request: { params: WorkflowIdParameter, headers: IfMatch },
  responses: { 204: { description: 'It is gone' }, ...problems(400, 404, 412, 503) },
})

const indicatorTypes = createRoute({
  method: 'get',
  path: '/indicator-types',
  operationId: 'listIndicatorTypes',
  tags,
  summary: 'The indicators that a condition may have, and what each needs',
  responses: { 200: json('All of them', IndicatorTypes) },
})

/** Workflows: list, read, create, replace, patch and delete. */
export const workflowsApi = ({
  workflows,
  clock,
  newId,
}: Pick<AppDeps, 'workflows' | 'clock' | 'newId'>) =>
  createApi()
    .openapi(list, async (c) => {
      const { page, per_page, ...query } = c.req.valid('query')
      const { workflows: all, broken } = await workflows.list(clock.now())
      // Without a word of pages, all of them are one.
      const size = per_page ?? (page === undefined ? Math.max(1, all.length) : 20)
      const at = page ?? 1
      const found = selectWorkflows(all, { ...query, page: at, per_page: size })
      return c.json(
        {
          workflows: found.workflows.map(workflowListItem),
          total: found.total,
          page: at,
          per_page: size,
          broken,
        },
        200,
      )
    })
    .openapi(create, async (c) => {
      const definition = c.req.valid('json')
      const now = clock.now()
      const { 'Idempotency-Key': key } = c.req.valid('header')
      const id = key === undefined ? newId() : idOfKey(key)
      const made = await workflows.create(id, definition, now).catch((error: unknown) => {
        if (key === undefined || !hasCode(error, 'conflict')) throw error
        return madeBefore(workflows, id, definition, now)
      })
      const answer = workflowJson(made)
      return c.json(answer, 201, {
        Location: paths.api.workflow(made.id),
        ...taggedWith(made, answer),
      })
    })
    .openapi(read, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const found = await workflows.find(workflow_id, clock.now())
      if (!found) throw unknownWorkflow(workflow_id)
      const answer = workflowJson(found)
      return c.json(answer, 200, taggedWith(found, answer))
    })
    .openapi(replace, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const definition = c.req.valid('json')
      const now = clock.now()
      if (isForNew(c.req.valid('header'))) {
        const made = await createAt(workflows, workflow_id, definition, now)
        const answer = workflowJson(made)
        return c.json(answer, 201, taggedWith(made, answer))
      }
      const revision = revisionOf(c.req.valid('header'))
      const found = await workflows.replace(workflow_id, definition, now, revision)
      if (!found) throw unknownWorkflow(workflow_id)
      const answer = workflowJson(found)
      return c.json(answer, 200, taggedWith(found, answer))
    })
    .openapi(patch, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const revision = revisionOf(c.req.valid('header'))
      const change = c.req.valid('json')
      const found = await patchWorkflow(workflows, workflow_id, change, clock.now(), revision)
      if (!found) throw unknownWorkflow(workflow_id)
      const answer = workflowJson(found)
      return c.json(answer, 200, taggedWith(found, answer))
    })
    .openapi(remove, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const revision = revisionOf(c.req.valid('header'))
      if (!(await workflows.remove(workflow_id, revision))) throw unknownWorkflow(workflow_id)
      return c.body(null, 204)
    })
    .openapi(indicatorTypes, (c) => c.json({ indicator_types: [...INDICATOR_TYPES] }, 200))
