import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  AccessDocument,
  addToken,
  NO_TOKENS,
  removeToken,
  renewSession,
  rotateSessionKey,
  signSession,
  startSession,
  TokenName,
  verifySession,
  verifyToken,
} from '../../../src/domain/access.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')
const at = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000)

const ADA = { role: 'operator', name: 'Ada' } as const
const PEOPLE = new Map([['bob@example.com', 'viewer' as const]])

const aToken = (document = NO_TOKENS, expires_at: string | null = null) => {
  const made = addToken(document, { ...ADA, expires_at }, randomBytes, NOW)
  return { ...made, holder: { token_id: made.token.id } }
}

/** One character more or less, somewhere. */
const changed = (text: string, index: number): string =>
  text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1)

describe('a token', () => {
  test('is known by its text, which the document does not hold', () => {
    const { document, holder, text } = aToken()
    expect(text).toMatch(/^ot_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/)
    expect(verifyToken(document, text, NOW)).toEqual({ identity: ADA, holder })
    expect(JSON.stringify(document)).not.toContain(text.slice(12))
    expect(AccessDocument.parse(document)).toEqual(document)
  })

  test('is another one each time, even for the same name', () => {
    const first = aToken()
    const second = aToken(first.document)
    expect(second.text.slice(12)).not.toBe(first.text.slice(12))
    expect(second.token).not.toMatchObject({ salt: first.token.salt })
    for (const { text, holder } of [first, second]) {
      expect(verifyToken(second.document, text, NOW)).toEqual({ identity: ADA, holder })
    }
  })

  test('never has the id of another one', () => {
    const { document, token } = aToken()
    const bytes = [Buffer.from(token.id, 'hex'), Buffer.from('00c0ffee', 'hex')]
    const random = (count: number) => bytes.shift() ?? randomBytes(count)
    const wanted = { name: 'Bob', role: 'viewer', expires_at: null } as const
    expect(addToken(document, wanted, random, NOW).token.id).toBe('00c0ffee')
  })

  test('does not count when any part of it is another one', () => {
    const { document, holder, text } = aToken()
    const problemOf = (sent: string) => verifyToken(document, sent, NOW)
    for (let index = 12; index < text.length; index += 1) {
      const refused = { identity: null, problem: 'wrong_secret', holder }
      expect(problemOf(changed(text, index))).toEqual(refused)
    }
    const others = aToken()
    expect(problemOf(others.text)).toMatchObject({ identity: null, problem: 'unknown_token' })
    for (const sent of ['', 'ot_', text.slice(1), `${text} `, `${text}A`, text.toUpperCase()]) {
      expect(problemOf(sent)).toEqual({ identity: null, problem: 'malformed', holder: null })
    }
  })

  test('counts until it expires, and no longer than it is in the document', () => {
    const { document, token, text } = aToken(NO_TOKENS, at(1).toISOString())
    expect(verifyToken(document, text, new Date(at(1).getTime() - 1)).identity).toEqual(ADA)
    expect(verifyToken(document, text, at(1))).toMatchObject({ problem: 'token_expired' })
    const without = removeToken(document, token.id)
    expect(verifyToken(without, text, NOW)).toMatchObject({ problem: 'unknown_token' })
    expect(() => removeToken(without, token.id)).toThrow(`there is no token ${token.id}`)
  })
})

describe('a session', () => {
  const aSession = () => {
    const made = aToken()
    const session = startSession(made.holder, 'session-1', NOW)
    return { ...made, session, cookie: signSession(made.document, session) }
  }

  test('stands for its token', () => {
    const { document, holder, session, cookie } = aSession()
    expect(verifySession(document, PEOPLE, cookie, NOW)).toEqual({ identity: ADA, holder, session })
  })

  test('lasts two hours without use, and twelve at most with it', () => {
    const { document, session } = aSession()
    const problemAt = (of: typeof session, hours: number) => {
      const verified = verifySession(document, PEOPLE, signSession(document, of), at(hours))
      return verified.identity ? null : verified.problem
    }
    expect(problemAt(session, 1.99)).toBeNull()
    expect(problemAt(session, 2)).toBe('session_expired')

    // It is renewed when that is worth an answer with a cookie.
    expect(renewSession(session, at(0.05))).toBeNull()
    let used = session
    for (let hours = 1; hours < 12; hours += 1) used = renewSession(used, at(hours)) ?? used
    expect(used.session_id).toBe(session.session_id)
    expect(problemAt(used, 11.99)).toBeNull()
    expect(problemAt(used, 12)).toBe('session_expired')
    expect(renewSession(used, at(11.9))).toBeNull()
  })

  test('ends with its token', () => {
    const { document, token, cookie } = aSession()
    const { problem } = {
      problem: null,
      ...verifySession(removeToken(document, token.id), PEOPLE, cookie, NOW),
    }
    expect(problem).toBe('unknown_token')
  })

  test('goes on when the key is rotated once, and ends when it is rotated again', () => {
    const { document, session, cookie } = aSession()
    const once = rotateSessionKey(document, randomBytes, NOW)
    expect(verifySession(once, PEOPLE, cookie, NOW).identity).toEqual(ADA)
    // From now on the new key signs.
    expect(signSession(once, session).slice(0, 8)).toBe(once.session_keys.at(-1)?.id)
    const twice = rotateSessionKey(once, randomBytes, NOW)
    expect(verifySession(twice, PEOPLE, cookie, NOW)).toMatchObject({ problem: 'unknown_key' })
    expect(verifySession(twice, PEOPLE, signSession(once, session), NOW).identity).toEqual(ADA)
  })

  test('does not count when any character of it is another one, or another key has signed it', () => {
    const { document, session, cookie } = aSession()
    for (let index = 0; index < cookie.length; index += 1) {
      expect(verifySession(document, PEOPLE, changed(cookie, index), NOW).identity).toBeNull()
    }
    const [key] = document.session_keys
    const forged = {
      ...document,
      session_keys: [{ ...aToken().document.session_keys[0], id: key?.id }],
    }
    const signed = signSession(AccessDocument.parse(forged), session)
    expect(verifySession(document, PEOPLE, signed, NOW)).toMatchObject({
      problem: 'wrong_signature',
    })
  })

  test('of a person goes on for as long as they are listed, in whatever letters', () => {
    const { document } = aToken()
    const session = startSession({ email: 'Bob@Example.com' }, 'session-1', NOW)
    const cookie = signSession(document, session)
    expect(verifySession(document, PEOPLE, cookie, NOW)).toMatchObject({
      identity: { role: 'viewer', name: 'Bob@Example.com' },
    })
    expect(verifySession(document, new Map(), cookie, NOW)).toMatchObject({
      problem: 'unknown_person',
    })
  })

  test('cannot begin without a key', () => {
    const session = startSession({ token_id: '00c0ffee' }, 'session-1', NOW)
    expect(() => signSession(NO_TOKENS, session)).toThrow('there is no session key')
  })
})

test.each([
  ['a field that is not known', { ...aToken().document, open: true }],
  [
    'a role that there is none of',
    { session_keys: [], tokens: [{ ...aToken().token, role: 'admin' }] },
  ],
  [
    'a short key',
    { session_keys: [{ id: '00c0ffee', key: 'AAAA', created_at: NOW.toISOString() }], tokens: [] },
  ],
])('a document with %s is none', (_what, document) => {
  expect(AccessDocument.safeParse(document).success).toBe(false)
})

test.each(['', ' Ada', 'Ada ', 'A\nB', 'A\u0000', 'x'.repeat(65)])('%j is no name', (name) => {
  expect(TokenName.safeParse(name).success).toBe(false)
})

test.each(['A', 'Ada Lovelace', 'Grafana (read only)', 'Zoë', '運用'])('%j is a name', (name) => {
  expect(TokenName.safeParse(name).success).toBe(true)
})
