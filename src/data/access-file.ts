import { readFile } from 'node:fs/promises'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { Access } from '../domain/ports.ts'
import { missingAs, writeDurably } from '../durable-file.ts'
import { createAccess } from './access.ts'

/** Long enough for a page with all its parts, short enough for whoever has just deleted a token. */
const MAX_AGE_MS = 2000
/** Whoever can read it can make sessions. */
const OWNER_ONLY = 0o600

/** The access document in a file that its owner alone can read. */
export const createAccessFile = (file: string, now: () => number): Access => {
  const failed = (error: unknown): never => {
    throw new DomainError('access_unavailable', `the access document: ${messageOf(error)}`, {
      cause: error,
    })
  }
  return createAccess({
    place: file,
    load: () => readFile(file, 'utf8').catch(missingAs(null)).catch(failed),
    save: (text) => writeDurably(file, text, OWNER_ONLY).catch(failed),
    maxAgeMs: MAX_AGE_MS,
    now,
  })
}
