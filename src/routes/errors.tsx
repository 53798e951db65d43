import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DomainError, messageOf, type ErrorCode, type FieldError } from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'
import { paths } from '../paths.ts'
import { ErrorNotice } from '../views/components/error-notice.tsx'
import { ErrorPage } from '../views/pages/error-page.tsx'
import { PagePath } from './page-path.ts'

const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  bad_request: 400,
  invalid: 422,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  insufficient_candles: 422,
  market_unavailable: 502,
  store_unavailable: 503,
  tables_missing: 503,
  unauthenticated: 401,
  forbidden: 403,
  no_tokens: 503,
  access_unavailable: 503,
}

const TITLES: Partial<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  412: 'Changed in the meantime',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid input',
  429: 'Too many requests',
  502: 'The price source failed',
  503: 'The order store did not answer',
}

/** Where the status alone would tell something else. */
const TITLES_OF_CODES: Partial<Record<ErrorCode, string>> = {
  no_tokens: 'Nobody can sign in yet',
  access_unavailable: 'Nobody can be let in',
}

/** What others find in the log alone; it names addresses, files and tables. */
const DETAILS_OF_CODES: Partial<Record<ErrorCode, string>> = {
  store_unavailable: 'The orders are safe, but cannot be read at the moment. Please try again.',
  access_unavailable: 'It cannot be found out at the moment who may come in. Please try again.',
}

/** How long a client should wait before it asks a failed store again, in seconds. */
const RETRY_AFTER_SECONDS = 5

declare module 'hono' {
  interface ContextVariableMap {
    /** What a person typed, for the page that tells why it could not be saved. */
    typed?: Child
  }
}

interface Failure {
  status: ContentfulStatusCode
  title: string
  detail: string
  errors: FieldError[]
}

const failureOf = (error: unknown): Failure => {
  if (error instanceof DomainError) {
    const { code, message, errors } = error
    const status = STATUS[code]
    const title = TITLES_OF_CODES[code] ?? TITLES[status] ?? 'Error'
    return { status, title, detail: DETAILS_OF_CODES[code] ?? message, errors }
  }
  // Reading the body found out that the client is gone.
  if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') {
    const detail = 'the request ended before its body did'
    return { status: 400, title: TITLES[400] ?? 'Error', detail, errors: [] }
  }
  if (error instanceof HTTPException) {
    const { status } = error
    return { status, title: TITLES[status] ?? 'Error', detail: error.message, errors: [] }
  }
  const detail = 'This is a fault of ours. The request id leads to its cause in the log.'
  return { status: 500, title: 'Internal error', detail, errors: [] }
}

/** True for what answers in JSON, failures included. */
export const isForPrograms = (path: string): boolean =>
  (path.startsWith('/api/') && path !== paths.api.docs) ||
  path === paths.health ||
  path === paths.ready

/** True for a page that a browser opens; whatever else is asked for is told by its status. */
const isToPerson = ({ req }: Context): boolean =>
  !isForPrograms(req.path) && (req.header('Accept') ?? '').includes('text/html')

/** The page that was asked for, unless it cannot be asked for again. */
const comingBack = ({ req }: Context): { next?: string } => {
  const { pathname, search } = new URL(req.url)
  const next = pathname + search
  return req.method === 'GET' && next !== paths.home && PagePath.safeParse(next).success
    ? { next }
    : {}
}

/** The one place where a failure becomes a response: a problem document, a page or a fragment. */
const respond = (c: Context, failure: Failure): Response | Promise<Response> => {
  const { status, title, detail, errors } = failure
  const request_id = c.get('requestId')
  c.status(status)
  if (status === 503) c.header('Retry-After', String(RETRY_AFTER_SECONDS))
  if (status === 401) {
    c.header('WWW-Authenticate', 'Bearer')
    if (c.req.header('HX-Request') === 'true') c.header('HX-Redirect', paths.signIn())
    else if (isToPerson(c)) return c.redirect(paths.signIn(comingBack(c)), 303)
  }
  if (isForPrograms(c.req.path)) {
    const problem = { type: 'about:blank', title, status, detail, instance: c.req.path, request_id }
    return c.body(JSON.stringify(errors.length > 0 ? { ...problem, errors } : problem), status, {
      'Content-Type': 'application/problem+json',
    })
  }
  c.header('Vary', 'HX-Request-Type')
  if (c.req.header('HX-Request-Type') === 'partial') {
    return c.html(
      <ErrorNotice
        title={title}
        detail={detail}
        retry={c.req.method === 'GET' ? c.req.path + new URL(c.req.url).search : null}
        request_id={request_id}
      />,
    )
  }
  const typed = c.get('typed')
  return c.render(
    <>
      <ErrorPage {...{ status, title, detail, request_id }} withTyped={typed !== undefined} />
      {typed}
    </>,
    { title },
  )
}

/** For `app.onError`: answers, and logs what only we may see. */
export const onError =
  (logger: Logger): ErrorHandler =>
  (error, c) => {
    const failure = failureOf(error)
    if (failure.status >= 500) {
      const cause = error.cause === undefined ? undefined : messageOf(error.cause)
      logger.error('request.failed', {
        request_id: c.get('requestId'),
        method: c.req.method,
        path: c.req.path,
        status: failure.status,
        problem: error.message,
        cause,
        stack: failure.status === 500 ? error.stack : undefined,
      })
    }
    return respond(c, failure)
  }

/** For `methodNotAllowed`: what may be done here instead, which is also what OPTIONS asks for. */
export const onMethodNotAllowed = (c: Context, methods: string[]): Response | Promise<Response> => {
  c.header('Allow', [...methods, 'OPTIONS'].toSorted().join(', '))
  if (c.req.method === 'OPTIONS') return c.body(null, 204)
  return respond(c, {
    status: 405,
    title: TITLES[405] ?? '',
    detail: `${c.req.method} is not possible at ${c.req.path}, only ${methods.toSorted().join(', ')}`,
    errors: [],
  })
}

/** For `app.notFound`. */
export const onNotFound: NotFoundHandler = (c) =>
  respond(c, {
    status: 404,
    title: 'Not found',
    detail: `there is nothing at ${c.req.path}`,
    errors: [],
  })
