import type { Context } from 'hono'
import {
  endOf,
  startSession,
  verifySession,
  type AccessDocument,
  type Holder,
  type Identity,
} from '../domain/access.ts'
import { addressOf } from './address.ts'
import type { AppDeps } from './deps.ts'
import { sessionCookieOf, setSessionCookie } from './session-cookie.ts'

/** How the sessions of browsers begin and end. */
export const createSessions = ({
  access,
  clock,
  newId,
  logger,
}: Pick<AppDeps, 'access' | 'clock' | 'newId' | 'logger'>) => {
  /**
   * Ends the session that the browser has, on every instance.
   * @throws DomainError `store_unavailable`
   */
  const end = async (c: Context, document: AccessDocument): Promise<void> => {
    const cookie = sessionCookieOf(c) ?? ''
    const verified = verifySession(document, access.people, cookie, clock.now())
    if (!verified.identity) return
    await access.signedOut.add(verified.session.session_id, endOf(verified.session))
    logger.info('session.ended', { request_id: c.get('requestId'), ...verified.holder })
  }

  return {
    end,
    /** Begins a session, always a new one, in place of one that the browser may have. */
    begin: async (
      c: Context,
      document: AccessDocument,
      { identity, holder }: { identity: Identity; holder: Holder },
    ): Promise<void> => {
      if (sessionCookieOf(c) !== undefined) await end(c, document)
      const now = clock.now()
      setSessionCookie(c, document, startSession(holder, newId(), now), now)
      const request_id = c.get('requestId')
      const { role } = identity
      logger.info('sign_in.done', { request_id, address: addressOf(c), ...holder, role })
    },
  }
}
