import { createRoute } from '@hono/zod-openapi'
import { attentionAt } from '../attention.ts'
import type { AppDeps } from '../deps.ts'
import { AttentionParameters } from '../parameters.ts'
import { createApi, json, problems } from './describe.ts'
import { AttentionJson } from './schemas.ts'

const attentionRoute = createRoute({
  method: 'get',
  path: '/attention',
  operationId: 'listAttention',
  tags: ['Orders'],
  summary: 'The orders that a person may have to look after, newest first',
  description:
    'Orders that are not recorded a minute after a run claimed them, and those that were given up: each with what is known of it and what to do.',
  request: { query: AttentionParameters },
  responses: { 200: json('All of them', AttentionJson), ...problems(400, 503) },
})

/** The orders that a person may have to look after. */
export const attentionApi = (deps: Pick<AppDeps, 'intents' | 'clock' | 'retention_seconds'>) =>
  createApi().openapi(attentionRoute, async (c) => {
    const { workflow_id } = c.req.valid('query')
    const attention = await attentionAt(deps, deps.clock.now(), workflow_id)
    return c.json({ attention, total: attention.length }, 200)
  })
