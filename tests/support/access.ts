import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createAccessFile } from '../../src/data/access-file.ts'
import {
  addToken,
  NO_TOKENS,
  removeToken,
  rotateSessionKey,
  signSession,
  startSession,
  type AccessDocument,
  type Role,
} from '../../src/domain/access.ts'

const HOUR_MS = 3_600_000

/** Replaces the access document of a data folder. */
export const saveAccess = async (folder: string, document: AccessDocument): Promise<void> => {
  const access = createAccessFile(join(folder, 'access.json'), () => performance.now())
  await access.update(() => ({ document }))
}

/** The cookie of a session, as a browser sends it. */
export const cookieOf = (
  document: AccessDocument,
  token_id: string,
  since: Date,
  session_id: string = crypto.randomUUID(),
): string =>
  `__Host-ordertrail=${signSession(document, startSession({ token_id }, session_id, since))}`

/** A document with one token for each name. */
export const tokensFor = <Name extends string>(
  wanted: Record<Name, { role: Role; expires_at?: string }>,
  now: Date,
) => {
  let document = NO_TOKENS
  const texts: Record<string, string> = {}
  const ids: Record<string, string> = {}
  for (const [name, { role, expires_at = null }] of Object.entries<{
    role: Role
    expires_at?: string
  }>(wanted)) {
    const made = addToken(document, { name, role, expires_at }, randomBytes, now)
    document = made.document
    texts[name] = made.text
    ids[name] = made.token.id
  }
  return {
    document,
    texts: texts as Record<Name, string>,
    ids: ids as Record<Name, string>,
  }
}

/** What is sent to show who asks, and whom that lets in. */
export interface CredentialState {
  /** A session is another one each time, as a request may end it. */
  headers: () => [name: string, value: string][]
  query?: string
  as: Role | null
  bySession?: true
  /** Which page asks, as far as it is said. */
  page?: 'own' | 'foreign'
}

/**
 * Every state that a credential can be in, and the document that knows of them. `signedOut` is the
 * id of the session that has ended.
 */
export const credentialStates = (now: Date) => {
  const later = new Date(now.getTime() + HOUR_MS).toISOString()
  const before = new Date(now.getTime() - HOUR_MS).toISOString()
  const { document, texts, ids } = tokensFor(
    {
      viewer: { role: 'viewer' },
      operator: { role: 'operator', expires_at: later },
      expired: { role: 'operator', expires_at: before },
      deleted: { role: 'operator' },
    },
    now,
  )
  const stranger = tokensFor({ stranger: { role: 'operator' } }, now)
  const retired = rotateSessionKey(document, randomBytes, now)
  const gone = { ...document, session_keys: stranger.document.session_keys }
  const kept = removeToken(retired, ids.deleted)
  const signedOut = crypto.randomUUID()

  const bearer = (text: string): [string, string] => ['Authorization', `Bearer ${text}`]
  const cookie = (text: string): [string, string] => ['Cookie', text]
  const session = (of: AccessDocument, id: string, since = now) => cookie(cookieOf(of, id, since))
  const SAME: [string, string] = ['Sec-Fetch-Site', 'same-origin']
  const good = () => session(kept, ids.operator)
  const flipped = (): [string, string] => {
    const [name, text] = good()
    const bytes = Buffer.from(text)
    bytes[60] = (bytes[60] ?? 0) ^ 1
    return [name, bytes.toString()]
  }

  const states: Record<string, CredentialState> = {
    none: { headers: () => [], as: null },
    'an empty bearer': { headers: () => [['Authorization', 'Bearer ']], as: null },
    'another scheme': { headers: () => [['Authorization', `Basic ${texts.operator}`]], as: null },
    'an unknown id': { headers: () => [bearer(stranger.texts.stranger)], as: null },
    'a wrong secret': {
      headers: () => [bearer(texts.operator.slice(0, 12) + stranger.texts.stranger.slice(12))],
      as: null,
    },
    'an expired token': { headers: () => [bearer(texts.expired)], as: null },
    'a deleted token': { headers: () => [bearer(texts.deleted)], as: null },
    'the token of a viewer': { headers: () => [bearer(texts.viewer)], as: 'viewer' },
    'the token of an operator': { headers: () => [bearer(texts.operator)], as: 'operator' },
    'a token from another page': {
      headers: () => [bearer(texts.operator), ['Sec-Fetch-Site', 'cross-site']],
      as: 'operator',
      page: 'foreign',
    },
    'a token in the query': { headers: () => [], query: `token=${texts.operator}`, as: null },
    'two Authorization headers': {
      headers: () => [bearer(texts.operator), bearer(texts.viewer)],
      as: null,
    },
    'a bad bearer and a good cookie': {
      headers: () => [bearer(texts.deleted), good(), SAME],
      as: null,
    },
    'a session': { headers: () => [good(), SAME], as: 'operator', bySession: true, page: 'own' },
    'the session of a viewer': {
      headers: () => [session(kept, ids.viewer), SAME],
      as: 'viewer',
      bySession: true,
      page: 'own',
    },
    'a session with a flipped bit': {
      headers: () => [flipped(), SAME],
      as: null,
    },
    'an expired session': {
      headers: () => [session(kept, ids.operator, new Date(now.getTime() - 2 * HOUR_MS)), SAME],
      as: null,
    },
    'the session of a deleted token': {
      headers: () => [session(kept, ids.deleted), SAME],
      as: null,
    },
    'the session of an expired token': {
      headers: () => [session(kept, ids.expired), SAME],
      as: null,
    },
    'a session that was signed out': {
      headers: () => [cookie(cookieOf(kept, ids.operator, now, signedOut)), SAME],
      as: null,
    },
    'a session of the key before': {
      headers: () => [session(document, ids.operator), SAME],
      as: 'operator',
      bySession: true,
      page: 'own',
    },
    'a session of a key that is gone': {
      headers: () => [session(gone, ids.operator), SAME],
      as: null,
    },
    'a session from another page': {
      headers: () => [good(), ['Sec-Fetch-Site', 'cross-site']],
      as: 'operator',
      bySession: true,
      page: 'foreign',
    },
    'a session from a foreign origin': {
      headers: () => [good(), ['Origin', 'https://evil.example']],
      as: 'operator',
      bySession: true,
      page: 'foreign',
    },
    'a session from nowhere': { headers: () => [good()], as: 'operator', bySession: true },
  }
  return { document: kept, states, signedOut, texts, ids }
}
