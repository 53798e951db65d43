import { userInfo } from 'node:os'
import { createApp } from '../app.tsx'
import { ApiError, createClient, type Client } from '../client/client.ts'
import { createDeps, type Deps } from '../compose-host.ts'
import { newId } from '../system.ts'
import { createCliLogger } from './cli-logger.ts'
import { readConfig, type Config } from '../config.ts'
import { DomainError } from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'
import { LOCAL_USER } from '../routes/authenticate.ts'

type LocalDeps = Deps & {
  config: Config
  logger: Logger
  /** No other process can write to the store. */
  isAlone: boolean
}

/**
 * Opens what the settings ask for, hands it to the work and closes it, whatever happens. A command
 * prints its result; the events behind it are for those who ask with LOG_LEVEL.
 */
export const withDeps = async <T>(work: (deps: LocalDeps) => Promise<T>): Promise<T> => {
  const config = readConfig(process.env)
  const logger = createCliLogger(process.env['LOG_LEVEL'] ? config.log_level : 'silent')
  const deps = await createDeps({ config, logger })
  try {
    const isAlone = config.store.kind === 'embedded' && !deps.joined
    return await work({ ...deps, config, logger, isAlone })
  } finally {
    await deps.close()
  }
}

/**
 * Hands the API of the product to the work, in this process and over what the settings ask for. `now`
 * is its clock; `waits` says that the work waits for what others do.
 * @throws DomainError `conflict` when there are no others to wait for, and what `withDeps` throws
 */
export const withLocalClient = <T>(
  { now, waits }: { now: () => Date; waits: boolean },
  work: (client: Client) => Promise<T>,
): Promise<T> =>
  withDeps(async (deps) => {
    if (waits && deps.isAlone) {
      throw new DomainError(
        'conflict',
        'nobody writes to this trail; start ordertrail serve first, or give --url',
      )
    }
    return askWithin(deps, now, work)
  })

const askWithin = async <T>(
  deps: LocalDeps,
  now: () => Date,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  let problem: unknown
  const logger: Logger = {
    ...deps.logger,
    error: (event, fields) => {
      problem = fields?.['problem']
      deps.logger.error(event, fields)
    },
  }
  const caller = { trigger_source: 'cli' as const, user: userName() }
  const app = createApp({ ...deps, access: LOCAL_USER, caller, logger, clock: { now }, newId })
  const client = createClient({
    url: 'http://localhost',
    fetch: (input, init) => app.fetch(new Request(input, init)),
  })
  return work(client).catch((error: unknown) => {
    // Others find in the log what the store said; whoever sits at the machine is told.
    if (error instanceof ApiError && error.status >= 500 && typeof problem === 'string') {
      throw new ApiError(problem, error)
    }
    throw error
  })
}

const userName = (): string | null => {
  try {
    return userInfo().username
  } catch {
    return null
  }
}
