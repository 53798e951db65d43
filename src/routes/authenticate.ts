import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import {
  NO_TOKENS,
  renewSession,
  verifySession,
  verifyToken,
  type AccessDocument,
  type Holder,
  type People,
  type Session,
} from '../domain/access.ts'
import { DomainError, type ErrorCode } from '../domain/errors.ts'
import { paths } from '../paths.ts'
import { assets } from '../views/asset-url.ts'
import type { AccessControl, AppDeps } from './deps.ts'
import {
  hostOf,
  isFromOwnPage,
  isFromOwnPageOrProgram,
  isOwnHost,
  isPassedOn,
  isSafe,
} from './own-origin.ts'
import { sessionCookieOf, setSessionCookie } from './session-cookie.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Of whoever asks by the cookie of a browser. */
    session?: Session
  }
}

/** For an app in the process of whoever asks it, who is the user of this machine. */
export const LOCAL_USER: AccessControl = {
  read: () => Promise.resolve(NO_TOKENS),
  signedOut: { has: () => Promise.resolve(false), add: () => Promise.resolve() },
  public_url: null,
  is_private: true,
  people: new Map(),
  provider: null,
}

/** What a browser needs to show the page to sign in at: by exact match, as all else is not public. */
const PUBLIC = new Set<string>([
  paths.signIn(),
  paths.signInAtProvider(),
  paths.signInCallback,
  ...Object.values(assets).map(({ url }) => url),
])
const isPublic = (c: Context): boolean =>
  PUBLIC.has(c.req.path) &&
  (isSafe(c) || (c.req.method === 'POST' && c.req.path === paths.signIn()))

/** What changes nothing but how, or whether, whoever asks sees the pages. */
const POSTS_OF_VIEWERS: readonly string[] = [paths.theme, paths.signOut]
/** Where something is about to be changed; of no use to whoever may not do it. */
const FORMS_OF_OPERATORS: readonly string[] = [
  paths.workflowNew(),
  `${paths.workflows}/:workflow_id/edit`,
  `${paths.workflows}/:workflow_id/delete`,
]

const isForViewers = (c: Context): boolean =>
  isSafe(c)
    ? matchedRoutes(c).every(({ path }) => !FORMS_OF_OPERATORS.includes(path))
    : c.req.method === 'POST' && POSTS_OF_VIEWERS.includes(c.req.path)

const REFUSALS = {
  no_tokens:
    'nobody can sign in yet: make a token with `ordertrail token create --name NAME --role operator`',
  unauthenticated: 'expected a valid token, or to be signed in',
  viewer: 'a viewer may only read; this takes an operator',
  passed_on:
    'this came through a proxy, by which anybody can reach us: make a token with `ordertrail token create --name NAME --role operator`, and set PUBLIC_URL to the address of the proxy',
  foreign_page: 'changes are taken from our own pages only',
}
const foreignHost = (c: Context): string => `the host ${hostOf(c)} is not this server's own name`

type Deps = Pick<AppDeps, 'access' | 'cors_origins' | 'clock' | 'logger'>

/** Ends a request, and logs why: whoever is refused learns less. */
type Refuse = (code: ErrorCode, message: string, reason: string, holder?: Holder | null) => never

const refuser =
  (c: Context, { logger }: Pick<Deps, 'logger'>): Refuse =>
  (code, message, reason, holder) => {
    const { method, path } = c.req
    const request_id = c.get('requestId')
    logger.info('access.refused', { request_id, method, path, code, reason, ...holder })
    throw new DomainError(code, message)
  }

/**
 * Who asks, by what was sent to show it. A header that does not count is not made up for by a cookie
 * that does: whoever sent both meant one of them, and nobody can know which.
 */
const credentialOf = (c: Context, document: AccessDocument, people: People, now: Date) => {
  const header = c.req.header('Authorization')
  if (header !== undefined) {
    const [, text = ''] = /^Bearer +(\S+)$/i.exec(header) ?? []
    return { session: null, ...verifyToken(document, text, now) }
  }
  const cookie = sessionCookieOf(c)
  return cookie === undefined
    ? { identity: null, problem: 'no_credential', holder: null }
    : verifySession(document, people, cookie, now)
}

/**
 * Decides who asks and whether they may, before anything else looks at the request. What is not known
 * to be public needs a credential, and what is not known to change nothing needs an operator. As long
 * as there is no token, this machine's user needs none and nobody else gets in.
 */
export const authenticate = (deps: Deps): MiddlewareHandler => {
  const { public_url, is_private, people, ...access } = deps.access

  return async (c, next) => {
    // It says nothing but that the process is there, to whoever watches over it.
    if (c.req.path === paths.health && isSafe(c)) return next()
    const refuse: Refuse = refuser(c, deps)
    const refuseForeignPage = (holder?: Holder): never =>
      refuse('forbidden', REFUSALS.foreign_page, 'foreign_page', holder)

    const now = deps.clock.now()
    const document = await access.read()
    if (document.tokens.length === 0) {
      if (!is_private) refuse('no_tokens', REFUSALS.no_tokens, 'no_tokens')
      if (!isOwnHost(c, null)) refuse('forbidden', foreignHost(c), 'foreign_host')
      if (isPassedOn(c)) refuse('forbidden', REFUSALS.passed_on, 'passed_on')
      if (!isSafe(c) && !isFromOwnPageOrProgram(c, public_url, deps.cors_origins)) {
        refuseForeignPage()
      }
      c.set('identity', { role: 'operator', name: null })
      return next()
    }
    if (public_url !== null && !isOwnHost(c, public_url)) {
      refuse('forbidden', foreignHost(c), 'foreign_host')
    }
    if (isPublic(c)) {
      if (!isSafe(c) && !isFromOwnPageOrProgram(c, public_url, [])) refuseForeignPage()
      return next()
    }

    const credential = credentialOf(c, document, people, now)
    if (!credential.identity) {
      const { problem, holder } = credential
      return refuse('unauthenticated', REFUSALS.unauthenticated, problem, holder)
    }
    const { identity, holder, session } = credential
    if (session && (await access.signedOut.has(session.session_id))) {
      refuse('unauthenticated', REFUSALS.unauthenticated, 'signed_out', holder)
    }
    c.set('identity', identity)
    if (session && !isSafe(c) && !isFromOwnPage(c, public_url)) refuseForeignPage(holder)
    if (identity.role !== 'operator' && !isForViewers(c)) {
      refuse('forbidden', REFUSALS.viewer, 'viewer', holder)
    }
    if (session) {
      c.set('session', session)
      // A change may be the very end of the session.
      const longer = isSafe(c) ? renewSession(session, now) : null
      if (longer) setSessionCookie(c, document, longer, now)
    }
    return next()
  }
}
