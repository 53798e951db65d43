import { mkdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { DomainError } from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'
import { writeDurably } from '../durable-file.ts'
import { answers, keepRunning, startEngine } from './embedded-engine.ts'

export { purgeExpired } from './purge.ts'

interface EmbeddedOptions {
  /** The folder that holds the database. */
  directory: string
  logger: Logger
  /** For a process that runs for long: others may use its engine while it does. */
  advertise?: boolean
  /** How long to wait for another process to let go of the database. */
  waitMs?: number
}

export interface Embedded {
  endpoint: string
  /** False when the engine belongs to another process. */
  owner: boolean
  close: () => Promise<void>
}

const RETRY_MS = 200

const Advertisement = z.object({ endpoint: z.url(), pid: z.number().int() })

/** The engine of a running server that owns this database, or null when there is none. */
const findAdvertised = async (file: string): Promise<string | null> => {
  try {
    const { endpoint } = Advertisement.parse(JSON.parse(await readFile(file, 'utf8')))
    return (await answers(endpoint)) ? endpoint : null
  } catch {
    // None is there, or its owner is just replacing it.
    return null
  }
}

/**
 * Opens the DynamoDB engine that lives in a folder. One process at a time can: when a server has it
 * open, its engine is used; when another command has it, that is waited for.
 * @throws DomainError `store_unavailable` when the database stays in use or cannot be opened
 */
export const openEmbedded = async ({
  directory,
  logger,
  advertise = false,
  waitMs = 10_000,
}: EmbeddedOptions): Promise<Embedded> => {
  await mkdir(directory, { recursive: true })
  const path = join(directory, 'leveldb')
  const file = join(directory, 'endpoint.json')
  const patience = AbortSignal.timeout(waitMs)
  for (;;) {
    const engine = await startEngine({ path, port: 0 })
    if (engine.kind === 'open') {
      const stop = keepRunning(path, engine, logger)
      const { endpoint } = engine
      // What a server that was killed left behind would send others to a port of somebody else.
      if (advertise) await writeDurably(file, JSON.stringify({ endpoint, pid: process.pid }))
      else await unlink(file).catch(() => undefined)
      const close = async (): Promise<void> => {
        if (advertise) await unlink(file).catch(() => undefined)
        await stop()
      }
      let closed: Promise<void> | undefined
      // Only once: afterwards the file may be that of the next server.
      return { endpoint, owner: true, close: () => (closed ??= close()) }
    }
    if (engine.kind === 'failed') {
      throw new DomainError(
        'store_unavailable',
        `the embedded database in ${directory} cannot be opened: ${engine.problem}`,
      )
    }
    const endpoint = await findAdvertised(file)
    if (endpoint !== null) return { endpoint, owner: false, close: async () => undefined }
    if (patience.aborted) {
      throw new DomainError(
        'store_unavailable',
        `the embedded database in ${directory} is in use by another process; stop that one or try again`,
      )
    }
    await sleep(RETRY_MS)
  }
}
