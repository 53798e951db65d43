import { createRoute, z } from '@hono/zod-openapi'
import { paths } from '../paths.ts'
import { createApi, json, problems } from './api/describe.ts'
import type { AppDeps } from './deps.ts'

const health = createRoute({
  method: 'get',
  path: paths.health,
  operationId: 'getHealth',
  tags: ['Health'],
  summary: 'The process answers',
  // Whoever watches over it needs no token.
  security: [],
  responses: { 200: json('It does', z.object({ status: z.literal('ok') })) },
})

const ready = createRoute({
  method: 'get',
  path: paths.ready,
  operationId: 'getReadiness',
  tags: ['Health'],
  summary: 'The tables answer',
  responses: {
    200: json('They do', z.object({ status: z.literal('ready') })),
    ...problems(503),
  },
})

/** `/healthz`: the process answers. `/readyz`: the tables answer too, else 503. */
export const healthRoutes = (deps: Pick<AppDeps, 'ready'>) =>
  createApi()
    .openapi(health, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(ready, async (c) => {
      await deps.ready()
      return c.json({ status: 'ready' as const }, 200)
    })
