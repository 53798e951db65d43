import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { paths } from './paths.ts'
import { api } from './routes/api/api.ts'
import { NDJSON } from './routes/api/order-rows.ts'
import { assetsRoutes } from './routes/assets.ts'
import { authenticate } from './routes/authenticate.ts'
import { changeLog } from './routes/change-log.ts'
import { compression } from './routes/compression.ts'
import { crossOrigin } from './routes/cross-origin.ts'
import { requestDeadline } from './routes/deadline.ts'
import type { AppDeps } from './routes/deps.ts'
import { entityTag } from './routes/entity-tag.ts'
import { onError, onMethodNotAllowed, onNotFound } from './routes/errors.tsx'
import { allOrdersPages } from './routes/pages/all-orders.tsx'
import { flash } from './routes/pages/flash.ts'
import { ordersPages } from './routes/pages/orders.tsx'
import { signInPages } from './routes/pages/sign-in.tsx'
import { themePages } from './routes/pages/theme.ts'
import { workflowEditorPages } from './routes/pages/workflow-editor/pages.ts'
import { workflowBulkPages } from './routes/pages/workflow-bulk.ts'
import { workflowChartPages } from './routes/pages/workflow-chart.tsx'
import { workflowsPages } from './routes/pages/workflows.tsx'
import { rateLimit } from './routes/rate-limit.ts'
import { serverTiming } from './routes/server-timing.ts'
import { strictTransport } from './routes/strict-transport.ts'
import { renderer } from './views/renderer.tsx'

const MAX_BODY_BYTES = 64 * 1024

/** What a browser need not let any page of ours do. */
const UNUSED_FEATURES = [
  'camera',
  'displayCapture',
  'fullscreen',
  'geolocation',
  'microphone',
  'payment',
  'usb',
] as const

/** The whole product over HTTP, JSON and pages, as a Web-standard fetch handler. */
export const createApp = (deps: AppDeps) => {
  const app = new Hono()
  app.onError(onError(deps.logger))
  app.notFound(onNotFound)

  app.use(requestId({ generator: deps.newId }))
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      permissionsPolicy: Object.fromEntries(UNUSED_FEATURES.map((name) => [name, []])),
      // Only where it is reached so: over plain HTTP on loopback it would lock a browser out.
      strictTransportSecurity: false,
    }),
  )
  app.use(strictTransport(deps.access))
  app.use('/api/*', crossOrigin(deps.cors_origins))
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'private, no-cache')
  })
  // Outside of the compression: the tag is that of the bytes that are sent.
  app.use(entityTag())
  app.use(compression(NDJSON.type))
  app.use(serverTiming(deps.meter))
  app.use(flash)
  app.use(renderer(deps))
  app.use('*', authenticate(deps))
  app.use(changeLog(deps.logger))
  app.use('/api/*', rateLimit(deps.requests_per_second, deps.clock))
  app.use(requestDeadline)
  app.use(methodNotAllowed({ app, onMethodNotAllowed }))
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw new HTTPException(413, {
          message: `expected a body of at most ${MAX_BODY_BYTES} bytes`,
        })
      },
    }),
  )

  app.route('/', api(deps))
  app.route('/', assetsRoutes())
  app.route('/', signInPages(deps))
  app.get(paths.home, (c) => c.redirect(paths.workflows))
  // Before the page of a workflow, whose id `new` is not.
  app.route('/', workflowEditorPages(deps))
  app.route('/', workflowsPages(deps))
  app.route('/', workflowBulkPages(deps))
  app.route('/', workflowChartPages(deps))
  app.route('/', allOrdersPages(deps))
  app.route('/', ordersPages(deps))
  app.route('/', themePages())
  return app
}
