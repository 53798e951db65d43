import { Hono, type Context } from 'hono'
import { z } from 'zod'
import {
  verifyPerson,
  verifyToken,
  type AccessDocument,
  type Holder,
  type Identity,
} from '../../domain/access.ts'
import { DomainError, messageOf } from '../../domain/errors.ts'
import { paths } from '../../paths.ts'
import { SignInPage, type SignInProblem } from '../../views/pages/sign-in-page.tsx'
import { addressOf } from '../address.ts'
import type { AppDeps } from '../deps.ts'
import { createOpenId } from '../open-id.ts'
import { PagePath } from '../page-path.ts'
import { validated } from '../parameters.ts'
import { createTokenBuckets } from '../rate-limit.ts'
import { deleteSessionCookie } from '../session-cookie.ts'
import { createSessions } from '../sessions.ts'
import { isConfidential } from '../strict-transport.ts'
import { setFlash } from './flash.ts'

const ATTEMPTS_PER_MINUTE = 10

const Next = PagePath.default(paths.workflows)
const SignInQuery = z.object({ next: Next })
const SignInForm = SignInQuery.extend({
  token: z.string().max(200, { error: 'expected at most 200 characters' }).trim(),
})

const STATUS = {
  wrong_token: 401,
  not_listed: 403,
  in_clear: 403,
  too_often: 429,
  provider_failed: 502,
} as const

type Deps = Pick<AppDeps, 'access' | 'clock' | 'newId' | 'logger'>

/**
 * `/sign-in` and what is under it begin the session of a browser, for a token or for whom an OpenID
 * provider vouches; `/sign-out` ends it.
 */
export const signInPages = (deps: Deps) => {
  const { access, clock, logger } = deps
  const { provider, public_url } = access
  const sessions = createSessions(deps)
  const openId = provider && public_url !== null ? createOpenId(provider, public_url) : null
  const attempt = createTokenBuckets(ATTEMPTS_PER_MINUTE / 60, { burst: ATTEMPTS_PER_MINUTE })

  const ask = (c: Context, next: string, problem: SignInProblem | null = null) => {
    if (problem) c.status(STATUS[problem])
    return c.render(<SignInPage {...{ next, problem }} provider={openId?.host ?? null} />, {
      title: 'Sign in',
      whole: true,
    })
  }

  /** Asks again, and logs why: whoever failed learns less. */
  const fail = (
    c: Context,
    next: string,
    { problem, reason, holder }: { problem: SignInProblem; reason: string; holder?: Holder | null },
  ) => {
    const request_id = c.get('requestId')
    logger.info('sign_in.failed', { request_id, address: addressOf(c), reason, ...holder })
    return ask(c, next, problem)
  }

  /** Null when this address may fail, or ask the provider, once more. */
  const refusedForNow = (c: Context, next: string) => {
    const wait = attempt(addressOf(c) ?? 'unknown', clock.now())
    if (wait === 0) return null
    c.header('Retry-After', String(Math.ceil(wait)))
    return fail(c, next, { problem: 'too_often', reason: 'too_many_attempts' })
  }

  const admit = async (
    c: Context,
    next: string,
    document: AccessDocument,
    who: { identity: Identity; holder: Holder },
  ) => {
    await sessions.begin(c, document, who)
    return c.redirect(next, 303)
  }

  /** For the library that signs in at the provider, which has sessions of its own. */
  const keyOf = ({ session_keys }: AccessDocument): string => session_keys.at(-1)?.key ?? ''

  const requireProvider = (c: Context) => {
    if (!openId) throw new DomainError('not_found', `there is nothing at ${c.req.path}`)
    return openId
  }

  return new Hono()
    .get(paths.signIn(), validated('query', SignInQuery), (c) => {
      const { next } = c.req.valid('query')
      // Where nobody needs a token there is nothing to ask for.
      if (c.get('identity')) return c.redirect(next, 303)
      return ask(c, next, isConfidential(c, access) ? null : 'in_clear')
    })
    .post(paths.signIn(), validated('form', SignInForm), async (c) => {
      const { token, next } = c.req.valid('form')
      if (c.get('identity')) return c.redirect(next, 303)
      if (!isConfidential(c, access)) return ask(c, next, 'in_clear')
      const document = await access.read()
      const verified = verifyToken(document, token, clock.now())
      // Nobody guesses 256 bits: the limit must not keep out who is right and shares an address.
      if (verified.identity) return admit(c, next, document, verified)
      const refused = refusedForNow(c, next)
      if (refused) return refused
      const { problem: reason, holder } = verified
      return fail(c, next, { problem: 'wrong_token', reason, holder })
    })
    .get(paths.signInAtProvider(), validated('query', SignInQuery), async (c) => {
      const { start } = requireProvider(c)
      const { next } = c.req.valid('query')
      if (c.get('identity')) return c.redirect(next, 303)
      // Each may have us ask the provider, and the store of its secret.
      const refused = refusedForNow(c, next)
      if (refused) return refused
      const document = await access.read()
      return start(c, keyOf(document)).catch((error: unknown) =>
        fail(c, next, { problem: 'provider_failed', reason: messageOf(error) }),
      )
    })
    .get(paths.signInCallback, async (c) => {
      const { finish, wanted } = requireProvider(c)
      const next = Next.catch(paths.workflows).parse(wanted(c) ?? undefined)
      if (c.get('identity')) return c.redirect(next, 303)
      const refused = refusedForNow(c, next)
      if (refused) return refused
      const document = await access.read()
      let email: string | null
      try {
        email = await finish(c, keyOf(document))
      } catch (error) {
        return fail(c, next, { problem: 'provider_failed', reason: messageOf(error) })
      }
      if (email === null) {
        return fail(c, next, { problem: 'not_listed', reason: 'no_verified_address' })
      }
      const verified = verifyPerson(access.people, email)
      if (verified.identity) return admit(c, next, document, verified)
      const { problem: reason, holder } = verified
      return fail(c, next, { problem: 'not_listed', reason, holder })
    })
    .post(paths.signOut, async (c) => {
      if (!c.get('session')) return c.redirect(paths.workflows, 303)
      await sessions.end(c, await access.read())
      deleteSessionCookie(c)
      // Going back shows nothing of what was seen before.
      c.header('Clear-Site-Data', '"cache"')
      setFlash(c, 'signed_out')
      return c.redirect(paths.signIn(), 303)
    })
}
