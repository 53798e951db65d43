import { createRoute, z } from '@hono/zod-openapi'
import packageJson from '../../../package.json' with { type: 'json' }
import { paths } from '../../paths.ts'
import type { AppDeps } from '../deps.ts'
import { healthRoutes } from '../health.ts'
import { attentionApi } from './attention.ts'
import { withCommonAnswers } from './common-answers.ts'
import { createApi, json } from './describe.ts'
import { docsPage } from './docs.tsx'
import { ordersApi } from './orders.ts'
import { runsApi } from './runs.ts'
import { workflowsApi } from './workflows.ts'

const ABOUT = {
  openapi: '3.1.0',
  info: {
    title: 'ordertrail',
    version: packageJson.version,
    description:
      'The trail of orders that trading workflows placed, and the workflows themselves. Times are ISO 8601 in UTC with milliseconds, prices are in the currency of the instrument. Every failure is a problem document (RFC 9457).',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'This server' }],
  tags: [
    { name: 'Orders', description: 'What was placed, when, at what price, and why' },
    { name: 'Workflows', description: 'What is to be ordered, and when' },
    { name: 'Runs', description: 'The engine, beside its schedule' },
    { name: 'Health', description: 'Whether it works' },
    { name: 'Document', description: 'This description' },
  ],
}

const documentRoute = createRoute({
  method: 'get',
  path: paths.api.document,
  operationId: 'getDocument',
  tags: ['Document'],
  summary: 'This document',
  responses: { 200: json('OpenAPI 3.1', z.looseObject({ openapi: z.string() })) },
})

/** Everything that programs are given, and the document that describes it, from the same schemas. */
export const api = (deps: AppDeps) => {
  const routes = createApi()
    .route('/', healthRoutes(deps))
    .route(paths.api.base, workflowsApi(deps))
    .route(paths.api.base, ordersApi(deps))
    .route(paths.api.base, attentionApi(deps))
    .route(paths.api.base, runsApi(deps))
  routes.openAPIRegistry.registerPath(documentRoute)
  // Made when it is first asked for, and then always the same.
  let made: ReturnType<typeof withCommonAnswers> | undefined
  const document = () => (made ??= withCommonAnswers(routes.getOpenAPI31Document(ABOUT)))
  return routes.get(paths.api.document, (c) => c.json(document())).route('/', docsPage(document))
}
