import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { FollowUp, RunSummary } from '../../domain/run.ts'
import { WorkflowRun } from '../../domain/workflow.ts'
import type { AppDeps } from '../deps.ts'
import { RunParameters, RunsParameters, WorkflowIdParameter } from '../parameters.ts'
import { createApi, json, problems } from './describe.ts'

const tags = ['Runs']

const run = createRoute({
  method: 'post',
  path: '/runs',
  operationId: 'run',
  tags,
  summary: 'Runs the engine once, now',
  description:
    'Does what the schedule does: evaluates every workflow, or the one of `workflow_id`, places what is due and records it. The order of a candle is placed once, however often it is asked for.',
  request: { query: RunsParameters },
  responses: {
    200: json('What came of it', RunSummary),
    ...problems(400, 404, 422, 503),
  },
})

const runOne = createRoute({
  method: 'post',
  path: '/workflows/{workflow_id}/runs',
  operationId: 'runWorkflow',
  tags,
  summary: 'Evaluates one workflow now, and tells why it ordered or did not',
  description:
    'Does what the schedule does, so the order of a candle is placed once however often it is asked for. With `dry_run=true` it only explains: nothing is sent and nothing is kept, and a disabled workflow is explained as well.',
  request: { params: WorkflowIdParameter, query: RunParameters },
  responses: {
    200: json('What came of it', WorkflowRun),
    ...problems(400, 404, 422, 503),
  },
})

const reconcile = createRoute({
  method: 'post',
  path: '/reconciliations',
  operationId: 'reconcile',
  tags,
  summary: "Delivers what waits, and compares the broker's book with the trail",
  description:
    'Places nothing. Orders that are at the broker and not in the trail are recorded; what is left for a person to look after is at `/api/workflow/attention`.',
  responses: {
    200: json('What came of it', FollowUp),
    ...problems(503),
  },
})

/** Runs of the engine beside its schedule. */
export const runsApi = ({
  engine,
  purge,
  caller,
  clock,
}: Pick<AppDeps, 'engine' | 'purge' | 'caller' | 'clock'>) => {
  const execution = (c: Context) => ({
    now: clock.now(),
    context: {
      trigger_source: caller.trigger_source,
      user: c.get('identity')?.name ?? caller.user,
      request_id: c.get('requestId'),
    },
  })
  return createApi()
    .openapi(run, async (c) => {
      const { workflow_id } = c.req.valid('query')
      return c.json(await engine.run({ ...execution(c), workflow_id }), 200)
    })
    .openapi(runOne, async (c) => {
      const { workflow_id } = c.req.valid('param')
      const { dry_run } = c.req.valid('query')
      return c.json(await engine.runOne({ ...execution(c), workflow_id, dry_run }), 200)
    })
    .openapi(reconcile, async (c) => {
      const done = await engine.reconcile(execution(c))
      await purge()
      return c.json(done, 200)
    })
}
