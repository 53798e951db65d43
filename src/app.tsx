import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { etag } from 'hono/etag'
import { HTTPException } from 'hono/http-exception'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import type { Logger } from './domain/ports.ts'
import { paths } from './paths.ts'
import { api } from './routes/api/api.ts'
import { assetsRoutes } from './routes/assets.ts'
import type { AppDeps } from './routes/deps.ts'
import { acceptable } from './routes/acceptable.ts'
import { onError, onMethodNotAllowed, onNotFound } from './routes/errors.tsx'
import { ownOriginOnly } from './routes/own-origin.ts'
import { ordersPages } from './routes/pages/orders.tsx'
import { workflowsPages } from './routes/pages/workflows.tsx'
import { serverTiming } from './routes/server-timing.ts'
import { renderer } from './views/renderer.tsx'

const MAX_BODY_BYTES = 64 * 1024

/** The whole product over HTTP, JSON and pages, as a Web-standard fetch handler. */
export const createApp = (deps: AppDeps & { logger: Logger }) => {
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
      // The server speaks plain HTTP on loopback; the header would lock a browser out of it.
      strictTransportSecurity: false,
    }),
  )
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'private, no-cache')
  })
  // Outside of the compression: the tag is that of the bytes that are sent.
  app.use(etag())
  app.use(compress())
  app.use(serverTiming(deps.meter))
  app.use(ownOriginOnly)
  app.use(methodNotAllowed({ app, onMethodNotAllowed }))
  app.use(acceptable)
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
  app.use(renderer)

  app.route('/', api(deps))
  app.route('/', assetsRoutes())
  app.get(paths.home, (c) => c.redirect(paths.workflows))
  app.route('/', workflowsPages(deps))
  app.route('/', ordersPages(deps))
  return app
}
