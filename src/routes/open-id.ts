import { setTimeout as sleep } from 'node:timers/promises'
import {
  getAuthorizationServer,
  initOidcAuthMiddleware,
  oidcAuthMiddleware,
  processOAuthCallback,
} from '@hono/oidc-auth'
import type { Context } from 'hono'
import { deleteCookie, getCookie } from 'hono/cookie'
import { z } from 'zod'
import { paths } from '../paths.ts'
import type { OpenIdProvider } from './deps.ts'

/** A provider that does not answer holds up nobody but those who want to sign in there. */
const DEADLINE_MS = 5000
/** How long a person may take at the provider. */
const MAX_AGE_SECONDS = 600
/** What is kept in the browser meanwhile, by the names that the library gives it. */
const COOKIES = ['state', 'nonce', 'code_verifier', 'continue']

/** Anybody can tell a provider any address; one that it has not verified says nothing. */
const Claims = z.object({ email: z.email(), email_verified: z.literal(true) })

const ended = () => Promise.resolve()

/** @throws Error when it takes longer than the deadline */
const inTime = async <T>(work: Promise<T>): Promise<T> => {
  const done = new AbortController()
  const late = sleep(DEADLINE_MS, undefined, { signal: done.signal }).then(() => {
    throw new Error(`the provider did not answer within ${DEADLINE_MS} ms`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    late.catch(() => undefined)
    done.abort()
  }
}

type AuthorizationServer = Awaited<ReturnType<typeof getAuthorizationServer>>

/**
 * Signing in at an OpenID provider, which tells the e-mail address of whoever did. No session of the
 * library is used and no token of the provider is kept: both would outlive a sign-out here. `secret`
 * is one of ours that the library wants for its own.
 */
export const createOpenId = (provider: OpenIdProvider, public_url: string) => {
  let known: AuthorizationServer | undefined

  const prepare = async (c: Context, secret: string): Promise<void> => {
    const { issuer, client_id, client_secret } = provider
    const configure = initOidcAuthMiddleware({
      OIDC_AUTH_SECRET: secret,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: client_id,
      OIDC_CLIENT_SECRET: await client_secret(),
      // Not what the request was sent to, which may be a proxy's name for us.
      OIDC_REDIRECT_URI: public_url + paths.signInCallback,
      OIDC_AUTH_EXTERNAL_URL: public_url,
      // No `offline_access`: there is nothing to refresh.
      OIDC_SCOPES: 'openid email',
    })
    await configure(c, ended)
    // What the provider says of itself is asked for once, and not for each person.
    if (known) c.set('oidcAuthorizationServer', known)
    else known = await inTime(getAuthorizationServer(c))
  }

  return {
    host: new URL(provider.issuer).host,
    /**
     * Leads a person to the provider.
     * @throws Error when that cannot be done now
     */
    start: async (c: Context, secret: string): Promise<Response> => {
      await prepare(c, secret)
      const answer = await oidcAuthMiddleware()(c, ended)
      if (!answer) throw new Error('expected a redirection to the provider')
      const cookies = answer.headers.getSetCookie()
      answer.headers.delete('Set-Cookie')
      for (const cookie of cookies) {
        answer.headers.append('Set-Cookie', `${cookie}; SameSite=Lax; Max-Age=${MAX_AGE_SECONDS}`)
      }
      return answer
    },
    /**
     * The verified e-mail address of a person whom the provider led back; null when it told none, or
     * has not verified it.
     * @throws Error when it is not from the provider, or not for this browser
     */
    finish: async (c: Context, secret: string): Promise<string | null> => {
      let claims: unknown
      c.set('oidcClaimsHook', (_before, given) => {
        claims = given
        return Promise.resolve({})
      })
      try {
        await prepare(c, secret)
        await inTime(processOAuthCallback(c))
      } finally {
        // The library has begun a session that holds what the provider gave, and leads on by itself.
        for (const name of ['Set-Cookie', 'Location']) c.header(name, undefined)
        for (const name of COOKIES) {
          deleteCookie(c, name, { path: paths.signInCallback, secure: true })
        }
      }
      return Claims.safeParse(claims).data?.email ?? null
    },
    /** The page that the person had wanted, as the request had it that `start` answered. */
    wanted: (c: Context): string | null => {
      const url = getCookie(c, 'continue') ?? ''
      return URL.canParse(url) ? new URL(url).searchParams.get('next') : null
    },
  }
}
