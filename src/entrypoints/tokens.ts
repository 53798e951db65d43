import { randomBytes } from 'node:crypto'
import { openAccess } from '../compose-access.ts'
import { systemClock } from '../system.ts'
import { readConfig } from '../config.ts'
import { addToken, removeToken, rotateSessionKey, type AccessToken } from '../domain/access.ts'
import { createCliLogger } from './cli-logger.ts'

/** What may be told of a token. */
export type TokenFacts = Omit<AccessToken, 'salt' | 'hash'>

const factsOf = ({ salt: _salt, hash: _hash, ...facts }: AccessToken): TokenFacts => facts

/** The tokens that the settings name, and the log of what is done to them. */
const open = () => {
  const config = readConfig(process.env)
  const logger = createCliLogger(process.env['LOG_LEVEL'] ? config.log_level : 'silent')
  return { access: openAccess(config), logger }
}

/**
 * Makes a token. `text` is what to sign in with, which nothing can tell again.
 * @throws DomainError `access_unavailable`, `conflict`
 */
export const createToken = async (
  wanted: Pick<AccessToken, 'name' | 'role' | 'expires_at'>,
): Promise<TokenFacts & { text: string }> => {
  const { access, logger } = open()
  const { token, text } = await access.update((document) =>
    addToken(document, wanted, randomBytes, systemClock.now()),
  )
  logger.info('token.created', { token_id: token.id, role: token.role })
  return { ...factsOf(token), text }
}

/**
 * All tokens, oldest first.
 * @throws DomainError `access_unavailable`
 */
export const listTokens = async (): Promise<TokenFacts[]> => {
  const { tokens } = await open().access.read()
  return tokens.map(factsOf)
}

/**
 * Deletes a token, which ends its sessions, too, and returns how many there still are.
 * @throws DomainError `not_found`, `access_unavailable`, `conflict`
 */
export const deleteToken = async (id: string): Promise<number> => {
  const { access, logger } = open()
  const { document } = await access.update((before) => ({ document: removeToken(before, id) }))
  logger.info('token.deleted', { token_id: id })
  return document.tokens.length
}

/**
 * Signs sessions with a new key from now on; see `rotateSessionKey` in the domain for which end.
 * @throws DomainError `access_unavailable`, `conflict`
 */
export const replaceSessionKey = async (): Promise<void> => {
  const { access, logger } = open()
  const { document } = await access.update((before) => ({
    document: rotateSessionKey(before, randomBytes, systemClock.now()),
  }))
  logger.info('session_key.rotated', { key_id: document.session_keys.at(-1)?.id })
}
