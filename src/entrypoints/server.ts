import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from '../app.tsx'
import { createDeps, newId, systemClock } from '../compose.ts'
import type { Config } from '../config.ts'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'
import { paths } from '../paths.ts'
import { importExamples, rehearse } from './first-start.ts'
import { runOnSchedule } from './schedule.ts'

/**
 * Serves pages and API, and runs the workflows on schedule, until SIGINT or SIGTERM. Stops cleanly:
 * the run that is under way ends, the stores are closed, then the promise resolves.
 */
export const serve = async (
  config: Config,
  logger: Logger,
  print: (line: string) => void,
): Promise<void> => {
  const stop = stopSignal()
  const stopping = once(stop, 'abort')
  const deps = await createDeps({ config, logger, advertise: true })
  try {
    if (deps.joined) {
      throw new DomainError(
        'conflict',
        `another server runs on ${config.data_dir}; stop it, or set DATA_DIR to another folder`,
      )
    }
    const app = createApp({ ...deps, clock: systemClock, newId, logger })
    const server = createAdaptorServer({ fetch: app.fetch })
    server.listen(config.port, config.host)
    await once(server, 'listening').catch((error: unknown) => {
      throw listenError(error, config)
    })
    const { port } = server.address() as AddressInfo
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    print(`ordertrail is at http://${host}:${port}${paths.workflows}`)
    print(`its data is in ${config.data_dir}; Ctrl-C stops it`)

    const work = runWorkflows(deps, { config, logger, signal: stop, print })
    await stopping
    print('stopping: the run that is under way ends first')
    server.close()
    await work
    if ('closeAllConnections' in server) server.closeAllConnections()
  } finally {
    await deps.close()
  }
}

/** Long enough that one Ctrl-C, which may come from the terminal and from npm, counts once. */
const SECOND_THOUGHT_MS = 1000

/** Aborted by SIGINT or SIGTERM; whoever insists ends the process at once. */
const stopSignal = (): AbortSignal => {
  const stop = new AbortController()
  let askedAt = 0
  const ask = (): void => {
    if (stop.signal.aborted && performance.now() - askedAt > SECOND_THOUGHT_MS) process.exit(130)
    askedAt = performance.now()
    stop.abort()
  }
  process.on('SIGINT', ask)
  process.on('SIGTERM', ask)
  // Under another Node a launcher stands before this process, which must not outlive it.
  process.on('disconnect', ask)
  process.channel?.unref()
  return stop.signal
}

const listenError = (error: unknown, { host, port }: Config): unknown =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    ? new DomainError('conflict', `port ${port} at ${host} is in use; set PORT to another one`)
    : error

/** Follows up on what an earlier process left, rehearses a first start, then runs on schedule. */
const runWorkflows = async (
  deps: Awaited<ReturnType<typeof createDeps>>,
  options: { config: Config; logger: Logger; signal: AbortSignal; print: (line: string) => void },
): Promise<void> => {
  const { config, logger, signal, print } = options
  await deps.engine
    .reconcile({
      now: systemClock.now(),
      context: { trigger_source: 'server', request_id: newId(), user: null },
    })
    .catch((error: unknown) => {
      // Every run does the same; an order that waits is no reason not to run.
      logger.error('reconcile.failed', { problem: messageOf(error) })
    })
  try {
    if (config.store.kind === 'embedded') {
      const examples = await importExamples(deps, systemClock.now())
      if (examples !== null) print(`first start: ${examples} example workflows are loaded`)
      await rehearse(deps, { now: systemClock.now(), newId, logger, signal })
    }
  } catch (error) {
    logger.error('first_start.failed', { problem: messageOf(error) })
  }
  const { tick_seconds } = config
  await runOnSchedule(deps, { clock: systemClock, newId, logger, tick_seconds, signal })
}
