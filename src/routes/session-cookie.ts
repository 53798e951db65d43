import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { signSession, type AccessDocument, type Session } from '../domain/access.ts'

/** The prefix has browsers take it from this very host alone, over https or on loopback. */
const COOKIE = '__Host-ordertrail'
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const

/** The session that a browser sent, signed; undefined when it sent none. */
export const sessionCookieOf = (c: Context): string | undefined => getCookie(c, COOKIE)

/** Hands a session to the browser, for as long as it is good unless it is renewed. */
export const setSessionCookie = (
  c: Context,
  document: AccessDocument,
  session: Session,
  now: Date,
): void =>
  setCookie(c, COOKIE, signSession(document, session), {
    ...ATTRIBUTES,
    maxAge: Math.floor((Date.parse(session.expires_at) - now.getTime()) / 1000),
  })

/** Has the browser forget its session. */
export const deleteSessionCookie = (c: Context): void => {
  deleteCookie(c, COOKIE, ATTRIBUTES)
}
