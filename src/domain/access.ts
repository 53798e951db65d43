import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { Instant } from './candle.ts'
import { DomainError } from './errors.ts'

/** A viewer reads; an operator also changes workflows and starts runs. */
export const ROLES = ['viewer', 'operator'] as const
export type Role = (typeof ROLES)[number]

/** This many random bytes, in base64url. */
const bytes = (count: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((count * 8) / 6)}}$`), {
    error: `expected ${count} bytes in base64url`,
  })

const Id = z.string().regex(/^[0-9a-f]{8}$/, { error: 'expected 8 hexadecimal digits' })

export const TokenName = z.string().regex(/^[^\p{C}\p{Z}](?:[^\p{C}]{0,62}[^\p{C}\p{Z}])?$/u, {
  error: 'expected 1 to 64 characters, without space around them',
})

const SessionKey = z.strictObject({ id: Id, key: bytes(32), created_at: Instant })
type SessionKey = z.infer<typeof SessionKey>

const AccessToken = z.strictObject({
  id: Id,
  name: TokenName,
  role: z.enum(ROLES),
  salt: bytes(16),
  /** HMAC-SHA-256 of the secret, which has 256 random bits: no slow hash would add anything. */
  hash: bytes(32),
  created_at: Instant,
  /** Null for one that does not expire. */
  expires_at: Instant.nullable(),
})
export type AccessToken = z.infer<typeof AccessToken>

/**
 * Who may come in, and the keys that sign their sessions, oldest first. Nobody can make a token from
 * it, but whoever has a session key can make sessions.
 */
export const AccessDocument = z.strictObject({
  session_keys: z.array(SessionKey),
  tokens: z.array(AccessToken),
})
export type AccessDocument = z.infer<typeof AccessDocument>

/** Of an installation where no token was made yet. */
export const NO_TOKENS: AccessDocument = { session_keys: [], tokens: [] }

/** Who asks, and what they may do. */
export interface Identity {
  role: Role
  /** The name of a token, or the address of a person; null for the user of this machine. */
  name: string | null
}

/** What a session began with: a token, or the e-mail address that a provider vouches for. */
const Holder = z.union([z.strictObject({ token_id: Id }), z.strictObject({ email: z.string() })])
export type Holder = z.infer<typeof Holder>

/** Who may come in by an e-mail address, in small letters, that a provider vouches for. */
export type People = ReadonlyMap<string, Role>

/** Bytes that nobody can foresee. */
export type RandomBytes = (count: number) => Buffer

const hmac = (key: string, text: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url')

/** Takes as long whatever two digests have in common. */
const isEqual = (digest: string, other: string): boolean =>
  digest.length === other.length && timingSafeEqual(Buffer.from(digest), Buffer.from(other))

const newSessionKey = (random: RandomBytes, now: Date): SessionKey => ({
  id: random(4).toString('hex'),
  key: random(32).toString('base64url'),
  created_at: now.toISOString(),
})

const unusedId = ({ tokens }: AccessDocument, random: RandomBytes): string => {
  for (;;) {
    const id = random(4).toString('hex')
    if (!tokens.some((token) => token.id === id)) return id
  }
}

/**
 * The document with one more token, and the text of that token, `ot_<id>_<secret>`, which nothing can
 * tell again.
 */
export const addToken = (
  document: AccessDocument,
  { name, role, expires_at }: Pick<AccessToken, 'name' | 'role' | 'expires_at'>,
  random: RandomBytes,
  now: Date,
): { document: AccessDocument; token: AccessToken; text: string } => {
  const id = unusedId(document, random)
  const secret = random(32).toString('base64url')
  const salt = random(16).toString('base64url')
  const token: AccessToken = {
    id,
    name,
    role,
    salt,
    hash: hmac(salt, secret),
    created_at: now.toISOString(),
    expires_at,
  }
  const [first = newSessionKey(random, now), ...others] = document.session_keys
  return {
    document: { session_keys: [first, ...others], tokens: [...document.tokens, token] },
    token,
    text: `ot_${id}_${secret}`,
  }
}

/**
 * The document without a token, whose sessions end with it.
 * @throws DomainError `not_found`
 */
export const removeToken = (document: AccessDocument, id: string): AccessDocument => {
  const tokens = document.tokens.filter((token) => token.id !== id)
  if (tokens.length === document.tokens.length) {
    throw new DomainError('not_found', `there is no token ${id}`)
  }
  return { ...document, tokens }
}

/**
 * The document with a new key that signs from now on. Sessions of the key before go on; those of any
 * older one end, so that rotating twice ends all.
 */
export const rotateSessionKey = (
  document: AccessDocument,
  random: RandomBytes,
  now: Date,
): AccessDocument => ({
  ...document,
  session_keys: [...document.session_keys.slice(-1), newSessionKey(random, now)],
})

/** Why a credential does not count; for the log, as whoever tries must not learn it. */
type CredentialProblem =
  | 'malformed'
  | 'unknown_token'
  | 'wrong_secret'
  | 'token_expired'
  | 'unknown_person'
  | 'unknown_key'
  | 'wrong_signature'
  | 'session_expired'

/** Whom a credential stands for, or why it does not count. `holder` is who it claims to be of. */
type Verified<T> =
  | ({ identity: Identity; holder: Holder } & T)
  | { identity: null; problem: CredentialProblem; holder: Holder | null }

const refused = (problem: CredentialProblem, holder: Holder | null = null) => ({
  identity: null,
  problem,
  holder,
})

/** True from `expires_at` on. */
const isOver = (expires_at: string | null, now: Date): boolean =>
  expires_at !== null && expires_at <= now.toISOString()

/** An unknown id is compared with this, so that it costs the same as a known one. */
const NOBODY = { salt: 'A'.repeat(22), hash: 'A'.repeat(43) }

/** Whom a token stands for that is known by its id. */
const holderOfToken = (
  { tokens }: AccessDocument,
  token_id: string,
  now: Date,
): Verified<object> => {
  const holder = { token_id }
  const token = tokens.find(({ id }) => id === token_id)
  if (!token) return refused('unknown_token', holder)
  if (isOver(token.expires_at, now)) return refused('token_expired', holder)
  return { identity: { role: token.role, name: token.name }, holder }
}

/** Whom the text of a token stands for. */
export const verifyToken = (
  document: AccessDocument,
  text: string,
  now: Date,
): Verified<object> => {
  const [, id, secret] = /^ot_([0-9a-f]{8})_([A-Za-z0-9_-]{43})$/.exec(text) ?? []
  if (id === undefined || secret === undefined) return refused('malformed')
  const token = document.tokens.find((each) => each.id === id)
  const { salt, hash } = token ?? NOBODY
  const isRight = isEqual(hmac(salt, secret), hash)
  if (token && !isRight) return refused('wrong_secret', { token_id: id })
  return holderOfToken(document, id, now)
}

/** Whom an e-mail address stands for that a provider vouches for. */
export const verifyPerson = (people: People, email: string): Verified<object> => {
  const role = people.get(email.toLowerCase())
  return role === undefined
    ? refused('unknown_person', { email })
    : { identity: { role, name: email }, holder: { email } }
}

const Session = z.strictObject({
  session_id: z.string(),
  holder: Holder,
  issued_at: Instant,
  expires_at: Instant,
})
export type Session = z.infer<typeof Session>

const HOUR_MS = 3_600_000
const LONGEST_MS = 12 * HOUR_MS
const IDLE_MS = 2 * HOUR_MS
/** A session is renewed when it has lost this much, and not at each request. */
const RENEWED_AFTER_MS = 5 * 60_000

const extended = (session: Omit<Session, 'expires_at'>, now: Date): Session => {
  const end = Math.min(now.getTime() + IDLE_MS, endOf(session).getTime())
  return { ...session, expires_at: new Date(end).toISOString() }
}

/** When a session is over at the latest, however it is used. */
export const endOf = ({ issued_at }: Pick<Session, 'issued_at'>): Date =>
  new Date(Date.parse(issued_at) + LONGEST_MS)

/** A session of whoever has signed in just now: two hours, twelve with use. */
export const startSession = (holder: Holder, session_id: string, now: Date): Session =>
  extended({ session_id, holder, issued_at: now.toISOString() }, now)

/** The session with two more hours, within its twelve; null while that would add next to nothing. */
export const renewSession = (session: Session, now: Date): Session | null => {
  const longer = extended(session, now)
  const gained = Date.parse(longer.expires_at) - Date.parse(session.expires_at)
  return gained >= RENEWED_AFTER_MS ? longer : null
}

/**
 * The session as text, `<key id>.<session>.<signature>`, signed with the newest key.
 * @throws DomainError `access_unavailable` when there is no key
 */
export const signSession = ({ session_keys }: AccessDocument, session: Session): string => {
  const newest = session_keys.at(-1)
  if (!newest) throw new DomainError('access_unavailable', 'there is no session key')
  const signed = `${newest.id}.${Buffer.from(JSON.stringify(session)).toString('base64url')}`
  return `${signed}.${hmac(newest.key, signed)}`
}

/**
 * Whom the text of a session stands for: whoever began it, as long as they could begin another one.
 * Whether it was signed out is not known here.
 */
export const verifySession = (
  document: AccessDocument,
  people: People,
  text: string,
  now: Date,
): Verified<{ session: Session }> => {
  const [, key_id, payload = '', signature = ''] =
    /^([0-9a-f]{8})\.([A-Za-z0-9_-]{1,1000})\.([A-Za-z0-9_-]{43})$/.exec(text) ?? []
  if (key_id === undefined) return refused('malformed')
  const signer = document.session_keys.find(({ id }) => id === key_id)
  if (!signer) return refused('unknown_key')
  if (!isEqual(hmac(signer.key, `${key_id}.${payload}`), signature)) {
    return refused('wrong_signature')
  }
  // Nobody but us has signed it.
  const session = Session.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
  const { holder } = session
  if (isOver(session.expires_at, now)) return refused('session_expired', holder)
  const verified =
    'email' in holder
      ? verifyPerson(people, holder.email)
      : holderOfToken(document, holder.token_id, now)
  return verified.identity ? { ...verified, session } : verified
}
