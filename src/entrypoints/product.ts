import { setTimeout as sleep } from 'node:timers/promises'
import { userInfo } from 'node:os'
import { createApp } from '../app.tsx'
import { ApiError, createClient, type Client } from '../client/client.ts'
import { createDeps, type Deps } from '../compose-host.ts'
import { newId, systemClock } from '../compose.ts'
import { readConfig, type Config } from '../config.ts'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'
import { createLogger } from '../logger.ts'
import { LOCAL_USER } from '../routes/authenticate.ts'

/** A logger that writes lines of JSON to stderr. */
export const createCliLogger = (level: Parameters<typeof createLogger>[0]): Logger =>
  createLogger(level, (line) => process.stderr.write(`${line}\n`), systemClock.now)

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
 * Hands the API to the work: that of the instance at `url`, or the same one in this process, over
 * what the settings ask for. `now` is the clock of the latter; `waits` says that the work waits for
 * what others do.
 * @throws DomainError `bad_request` for a `url` that no request goes to, `store_unavailable` when it
 *   does not answer, `conflict` when there are no others to wait for, and what `withDeps` throws
 */
export const withClient = <T>(
  {
    url,
    now = systemClock.now,
    waits = false,
  }: { url?: string | undefined; now?: () => Date; waits?: boolean },
  work: (client: Client) => Promise<T>,
): Promise<T> =>
  url === undefined
    ? withDeps(async (deps) => {
        if (waits && deps.isAlone) {
          throw new DomainError(
            'conflict',
            'nobody writes to this trail; start ordertrail serve first, or give --url',
          )
        }
        return withLocalClient(deps, now, work)
      })
    : work(remoteClient(url, process.env['ORDERTRAIL_TOKEN'] || undefined))

const withLocalClient = async <T>(
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

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/

const remoteClient = (url: string, token: string | undefined): Client => {
  const address = URL.canParse(url) ? new URL(url) : null
  if (!address || !['http:', 'https:'].includes(address.protocol)) {
    throw new DomainError('bad_request', `--url: expected an http or https address, got "${url}"`)
  }
  if (token !== undefined && address.protocol === 'http:' && !LOOPBACK.test(address.hostname)) {
    throw new DomainError(
      'bad_request',
      `--url: expected https, as anybody on the way could read ORDERTRAIL_TOKEN, got "${url}"`,
    )
  }
  return createClient({
    url: address.origin,
    token,
    fetch: async (...request) => {
      const answer = await patiently(() => fetch(...request), address.origin)
      const type = answer.headers.get('Content-Type') ?? ''
      // A gateway in front of it may fail in any form.
      if (answer.status < 500 && !/json|csv/.test(type)) {
        const found = answer.ok ? `got ${type}` : `which answered ${answer.status}`
        throw new DomainError('bad_request', `--url: expected ordertrail at ${url}, ${found}`)
      }
      return answer
    },
  })
}

/** How often a request is sent that the server has no time for. */
const MAX_ATTEMPTS = 5

/** Sends a request again, as late as the server asks for, while it answers 429: it did nothing then. */
const patiently = async (send: () => Promise<Response>, origin: string): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send().catch((error: unknown) => {
      const cause = error instanceof Error && error.cause ? error.cause : error
      const problem = `cannot reach ${origin}: ${messageOf(cause)}`
      throw new DomainError('store_unavailable', problem, { cause: error })
    })
    if (answer.status !== 429 || attempt === MAX_ATTEMPTS) return answer
    await answer.body?.cancel()
    await sleep(1000 * Number(answer.headers.get('Retry-After') ?? 1))
  }
}

const userName = (): string | null => {
  try {
    return userInfo().username
  } catch {
    return null
  }
}
