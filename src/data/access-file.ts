import { open, readFile, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { Access } from '../domain/ports.ts'
import { makeDirectory, missingAs, writeDurably } from '../durable-file.ts'
import { createAccess } from './access.ts'

/** Long enough for a page with all its parts, short enough for whoever has just deleted a token. */
const MAX_AGE_MS = 2000
/** Whoever can read it can make sessions. */
const OWNER_ONLY = 0o600

const LOCK_TRIES = 40
const LOCK_PAUSE_MS = 50

/** @throws DomainError `conflict` when somebody else has it for two seconds */
const withLock = async <T>(lock: string, work: () => Promise<T>): Promise<T> => {
  await makeDirectory(dirname(lock))
  for (let tries = 1; ; tries += 1) {
    try {
      await (await open(lock, 'wx', OWNER_ONLY)).close()
      break
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      if (tries === LOCK_TRIES) {
        const message = `the tokens are being changed by another command; if none is running, remove ${lock}`
        throw new DomainError('conflict', message, { cause: error })
      }
    }
    await sleep(LOCK_PAUSE_MS)
  }
  try {
    return await work()
  } finally {
    await unlink(lock)
  }
}

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
    exclusively: (work) => withLock(`${file}.lock`, work),
    maxAgeMs: MAX_AGE_MS,
    now,
  })
}
