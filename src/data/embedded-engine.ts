import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { messageOf } from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'
import { createDynamoClient, isTableMissing } from './client.ts'
import type { EngineMessage, EngineOptions } from './embedded-worker.ts'

const RESTART_MS = 200
/** Closing takes some milliseconds; this is for a database that hangs. */
const STOP_MS = 1500

/** True when a DynamoDB with a working database is at this endpoint. */
export const answers = async (endpoint: string): Promise<boolean> => {
  const client = createDynamoClient({ endpoint, region: 'local', now: () => 0, deadlineMs: 1500 })
  try {
    await client.send(new DescribeTableCommand({ TableName: 'is-anybody-there' }))
    return true
  } catch (error) {
    return isTableMissing(error)
  } finally {
    client.close()
  }
}

type Started =
  | { kind: 'open'; endpoint: string; port: number; worker: Worker }
  | { kind: 'locked' }
  | { kind: 'failed'; problem: string }

const firstMessage = (worker: Worker): Promise<EngineMessage> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject)
    worker.once('exit', () => reject(new Error('the engine ended without a word')))
  })

/** Node runs TypeScript by itself, but not that of an installed package. */
const TYPESCRIPT = import.meta.url.includes('/node_modules/')
  ? { execArgv: ['--import', import.meta.resolve('tsx')] }
  : {}

/** Starts the engine on a thread of its own. */
export const startEngine = async (options: EngineOptions): Promise<Started> => {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData: options,
    ...TYPESCRIPT,
  })
  try {
    const message = await firstMessage(worker)
    if (message.kind === 'failed') {
      await worker.terminate()
      return message.locked ? { kind: 'locked' } : { kind: 'failed', problem: message.problem }
    }
    // When the thread loses the race for the lock, the first request ends it.
    worker.on('error', () => undefined)
    const endpoint = `http://127.0.0.1:${message.port}`
    if (await answers(endpoint)) {
      // A command that ends in a hurry is not kept alive: what was written is on the disk.
      worker.unref()
      return { kind: 'open', endpoint, port: message.port, worker }
    }
    await worker.terminate()
    return { kind: 'locked' }
  } catch (error) {
    return { kind: 'failed', problem: messageOf(error) }
  }
}

const stopEngine = async (worker: Worker): Promise<void> => {
  if (worker.threadId === -1) return
  worker.ref()
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage('close')
  await Promise.race([exited, sleep(STOP_MS, undefined, { ref: false })])
  await worker.terminate()
}

/**
 * Starts the engine again whenever it ends by itself, as a database error or a request that dynalite
 * trips over ends its thread. Returns what stops it for good.
 */
export const keepRunning = (
  path: string,
  first: Extract<Started, { kind: 'open' }>,
  logger: Logger,
): (() => Promise<void>) => {
  const closing = new AbortController()
  let { worker } = first

  const restart = async (problem: string): Promise<void> => {
    logger.error('embedded.failed', { path, problem })
    while (!closing.signal.aborted) {
      const again = await startEngine({ path, port: first.port })
      if (again.kind === 'open') {
        worker = again.worker
        if (closing.signal.aborted) await stopEngine(worker)
        else watch()
        return
      }
      // Another command may have taken the database in the meantime.
      await sleep(RESTART_MS, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  const watch = (): void => {
    let problem = 'it stopped'
    worker.on('error', (error) => (problem = messageOf(error)))
    worker.once('exit', () => {
      if (!closing.signal.aborted) void restart(problem)
    })
  }

  watch()
  return async () => {
    closing.abort()
    await stopEngine(worker)
  }
}
