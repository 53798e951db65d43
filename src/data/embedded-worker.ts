// The embedded DynamoDB on a thread of its own: dynalite throws outside of any request when its
// database fails, which would end the whole process.
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import dynalite from 'dynalite'

/** What this thread says to the one that started it. */
export type EngineMessage =
  | { kind: 'open'; port: number }
  | { kind: 'failed'; locked: boolean; problem: string }

/** `port` 0: any that is free. */
export interface EngineOptions {
  path: string
  port: number
}

interface Database {
  open: () => Promise<void>
  close: () => Promise<void>
}

const options: EngineOptions = workerData
const { path, port } = options

const say = (message: EngineMessage): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message)
}

/** Opens and closes the database: dynalite itself never says why it cannot be opened. */
const tryOut = async (): Promise<{ locked: boolean; problem: string } | null> => {
  // The very package that dynalite opens it with.
  const level: { Level: new (path: string) => Database } = createRequire(
    import.meta.resolve('dynalite'),
  )('level')
  const database = new level.Level(path)
  try {
    await database.open()
    return null
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const locked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED'
    return { locked, problem: cause instanceof Error ? cause.message : String(cause) }
  } finally {
    await database.close()
  }
}

const problem = await tryOut()
if (problem) {
  say({ kind: 'failed', ...problem })
} else {
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  server.on('request', (request) => {
    // dynalite throws when a client goes away before its answer, as one does at its deadline.
    request.removeAllListeners('error')
    request.on('error', () => undefined)
  })
  server.listen(port, '127.0.0.1', () => {
    const address = server.address()
    if (address && typeof address === 'object') say({ kind: 'open', port: address.port })
  })
  parentPort?.once('message', () => {
    server.close(() => parentPort?.close())
    // A request that is being answered gets this long; then its connection must not hold up the end.
    setTimeout(() => server.closeAllConnections(), 300).unref()
  })
}
