import { createRoute, z } from '@hono/zod-openapi'
import packageJson from '../../../package.json' with { type: 'json' }
import { paths } from '../../paths.ts'
import { acceptable } from '../acceptable.ts'
import type { AppDeps } from '../deps.ts'
import { healthRoutes } from '../health.ts'
import { attentionApi } from './attention.ts'
import { createApi, json } from './describe.ts'
import { docsPage } from './docs.tsx'
import { documentOf } from './document.ts'
import { ordersApi } from './orders.ts'
import { runsApi } from './runs.ts'
import { workflowsApi } from './workflows.ts'

const ABOUT = {
  openapi: '3.1.0' as const,
  info: {
    title: 'ordertrail',
    version: packageJson.version,
    description: [
      'The trail of orders that trading workflows placed, and the workflows themselves.',
      'Times are ISO 8601 in UTC with milliseconds; `ttl` alone is in epoch seconds. Prices are in the currency of the instrument, distances from a price in its points, quantities in its units.',
      'Every failure is a problem document (RFC 9457). A method that a path does not have is a 405, and `Allow` says which it has. Too many requests in a second by one caller are a 429, and `Retry-After` says when to go on.',
      'As soon as there is a token, each request needs one, `Authorization: Bearer ot_…`: a viewer reads, an operator may do everything. Without one the answer is a 401, and 403 where the role is not enough.',
      'What was read is asked for again with `If-None-Match` and changed with `If-Match`. Fields and parameters that are not known are refused; answers may have more fields one day. `Accept-Encoding` may ask for `br`, `gzip` or `deflate`.',
    ].join('\n\n'),
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'This server' }],
  security: [{ token: [] }],
  components: {
    securitySchemes: {
      token: {
        type: 'http' as const,
        scheme: 'bearer',
        description:
          'A token that `ordertrail token create` made. A viewer may read, an operator may also change workflows and start runs. As long as there is no token, the user of the machine needs none.',
      },
    },
  },
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
  const all = createApi()
  all.use(acceptable(all.openAPIRegistry))
  const routes = all
    .route('/', healthRoutes(deps))
    .route(paths.api.base, workflowsApi(deps))
    .route(paths.api.base, ordersApi(deps))
    .route(paths.api.base, attentionApi(deps))
    .route(paths.api.base, runsApi(deps))
  routes.openAPIRegistry.registerPath(documentRoute)
  // Made when it is first asked for, and then always the same.
  let made: ReturnType<typeof documentOf> | undefined
  const document = () => (made ??= documentOf(routes.openAPIRegistry, ABOUT))
  return routes.get(paths.api.document, (c) => c.json(document())).route('/', docsPage(document))
}
