import { once } from 'node:events'
import { createApp } from '../app.tsx'
import { openAccess } from '../compose-access.ts'
import { createDeps } from '../compose-host.ts'
import { newId, systemClock } from '../system.ts'
import type { Config } from '../config.ts'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'
import { paths } from '../paths.ts'
import { importExamples, rehearse } from './first-start.ts'
import { listen } from './listen.ts'
import { runOnSchedule } from './schedule.ts'
import { stopSignal } from './stop-signal.ts'

/**
 * Serves pages and API, and runs the workflows on schedule, until SIGINT or SIGTERM. Stops cleanly:
 * the run that is under way ends, the stores are closed, then the promise resolves.
 */
export const serve = async (
  config: Config,
  logger: Logger,
  print: (line: string) => void,
): Promise<void> => {
  await refuseOpenDoor(config)
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
    const app = createApp({
      ...deps,
      caller: { trigger_source: 'api', user: null },
      clock: systemClock,
      newId,
      logger,
    })
    const server = await listen(app, config)
    print(`ordertrail is at ${server.url}${paths.workflows}`)
    print(`its data is in ${config.data_dir}; Ctrl-C stops it`)

    const work = runWorkflows(deps, { config, logger, signal: stop, print })
    await stopping
    print('stopping: the run that is under way ends first')
    server.close()
    await work
    server.closeAll()
  } finally {
    await deps.close()
  }
}

/** @throws DomainError `no_tokens` where others than this machine would get in without a token */
const refuseOpenDoor = async (config: Config): Promise<void> => {
  if (config.access.is_private) return
  const { tokens } = await openAccess(config).read()
  if (tokens.length > 0) return
  const { public_url } = config.access
  const [field, where, instead] =
    public_url === null
      ? ['HOST', config.host, 'leave HOST at 127.0.0.1']
      : ['PUBLIC_URL', public_url, 'leave PUBLIC_URL empty']
  throw new DomainError(
    'no_tokens',
    `${field}: others can reach ${where}, and there is no token; make one with \`ordertrail token create --name NAME --role operator\`, or ${instead}`,
  )
}

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
    // The rehearsal orders at prices of the past: only in a book of our own.
    if (config.store.kind === 'embedded' && config.broker.kind === 'paper') {
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
