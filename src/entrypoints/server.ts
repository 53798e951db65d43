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
  const stop = new AbortController()
  const stopping = once(stop.signal, 'abort')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

  const deps = await createDeps({ config, logger, advertise: true })
  try {
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

    const work = runWorkflows(deps, { config, logger, signal: stop.signal, print })
    await stopping
    print('stopping: the run that is under way ends first')
    server.close()
    await work
    if ('closeAllConnections' in server) server.closeAllConnections()
  } finally {
    await deps.close()
  }
}

const listenError = (error: unknown, { host, port }: Config): unknown =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    ? new DomainError('conflict', `port ${port} at ${host} is in use; set PORT to another one`)
    : error

/** Loads and rehearses what a first start needs, then runs on schedule until the signal. */
const runWorkflows = async (
  deps: Awaited<ReturnType<typeof createDeps>>,
  options: { config: Config; logger: Logger; signal: AbortSignal; print: (line: string) => void },
): Promise<void> => {
  const { config, logger, signal, print } = options
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
