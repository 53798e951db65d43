import type { Deps } from '../compose-host.ts'
import type { Config } from '../config.ts'
import type { InspectedTable } from '../data/inspect-tables.ts'
import { attentionOf } from '../domain/attention.ts'
import { dueRun } from '../domain/due-run.ts'
import { messageOf } from '../domain/errors.ts'
import { formatCount, formatSpan, relativeTime } from '../views/format.ts'

/** One thing that was looked at. `warning`: it works, and may soon not. */
export interface Finding {
  check: string
  state: 'ok' | 'warning' | 'failed'
  found: string
  /** What to do about it; null when it is in order. */
  fix: string | null
}

type Told = Omit<Finding, 'check'>

const ok = (found: string): Told => ({ state: 'ok', found, fix: null })
const warning = (found: string, fix: string): Told => ({ state: 'warning', found, fix })
const failed = (found: string, fix: string): Told => ({ state: 'failed', found, fix })

/** So far off nothing is placed by the time that was meant; the broker's candles close by its clock. */
const SKEW_FAILED_MS = 60_000
const SKEW_WARNING_MS = 5_000
const ANSWER_WITHIN_MS = 5_000

const STORE_FIX =
  'start DynamoDB, or correct AWS_ENDPOINT_URL_DYNAMODB, AWS_REGION or the AWS credentials'

/** What the checks need of the product. */
export type DoctorDeps = Pick<
  Deps,
  'inspectTables' | 'workflows' | 'intents' | 'journal' | 'broker' | 'schedule'
>

const checkTables = (tables: readonly InspectedTable[]): Told => {
  const namesOf = (state: InspectedTable['state']) =>
    tables.filter((table) => table.state === state).map(({ name }) => name)
  const [others, missing, unready] = [
    namesOf('other keys'),
    namesOf('missing'),
    namesOf('not ready'),
  ]
  if (others.length > 0) {
    return failed(
      `${others.join(', ')}: the keys or indexes are not those of ordertrail`,
      'set TABLE_PREFIX to one that nobody else uses, then run ordertrail tables create',
    )
  }
  if (missing.length > 0) {
    return failed(`missing: ${missing.join(', ')}`, 'run ordertrail tables create')
  }
  if (unready.length > 0) {
    return failed(`not ready yet: ${unready.join(', ')}`, 'wait a minute, then look again')
  }
  return ok(`${tables.map(({ name }) => name).join(', ')}: there, with their keys and indexes`)
}

const checkExpiry = (tables: readonly InspectedTable[], config: Config): Told => {
  if (config.store.kind === 'embedded') {
    return ok('the embedded database has no TTL; the server removes what has expired every hour')
  }
  const off = tables.filter(({ ttl }) => ttl === false).map(({ name }) => name)
  if (off.length === 0) return ok('TTL is on for every table whose items expire')
  const found = `TTL is off: ${off.join(', ')}; what has expired is not shown, and stays`
  return config.store.kind === 'aws'
    ? failed(found, 'run ordertrail tables create')
    : warning(found, 'run ordertrail tables create; an engine that has no TTL keeps it off')
}

/** How far this machine's clock is ahead of a server's, in milliseconds. */
const skewTo = async (url: string, now: () => Date): Promise<number> => {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const { headers } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal })
  const date = Date.parse(headers.get('Date') ?? '')
  if (Number.isNaN(date)) throw new Error(`${new URL(url).host} does not tell the time`)
  // The header has whole seconds, and half of one is the best guess of the rest.
  return now().getTime() - (date + 500)
}

const clockUrls = ({ store, broker, region }: Config): string[] => [
  ...(store.kind === 'endpoint' ? [store.endpoint] : []),
  ...(store.kind === 'aws' ? [`https://dynamodb.${region}.amazonaws.com/`] : []),
  ...(broker.kind === 'http' ? [broker.url] : []),
]

const checkClock = async (config: Config, now: () => Date): Promise<Told> => {
  const urls = clockUrls(config)
  if (urls.length === 0) return ok('store and broker are on this machine, and so is their clock')
  const told = await Promise.all(
    urls.map(async (url) => ({ host: new URL(url).host, skew: await skewTo(url, now) })),
  )
  const size = ({ skew }: (typeof told)[number]): number => Math.abs(skew)
  const [worst = { host: '', skew: 0 }] = told.toSorted((a, b) => size(b) - size(a))
  const seconds = Math.round(size(worst) / 1000)
  const found = `this clock is ${formatCount(seconds, 'second')} ${worst.skew > 0 ? 'ahead of' : 'behind'} ${worst.host}`
  const fix = 'set the clock of this machine by NTP'
  if (size(worst) > SKEW_FAILED_MS) return failed(found, fix)
  if (size(worst) > SKEW_WARNING_MS) return warning(found, fix)
  return ok(`as that of ${told.map(({ host }) => host).join(' and ')}, give or take 5 seconds`)
}

const checkBroker = async ({ broker }: DoctorDeps, config: Config, now: Date): Promise<Told> => {
  if (config.broker.kind === 'paper') {
    await broker.list({ since: now })
    return ok('the paper broker on this machine: no money is at stake')
  }
  const { host } = new URL(config.broker.url)
  try {
    await broker.list({ since: now })
    return ok(`${host} lets us in and lists its orders`)
  } catch (error) {
    return failed(
      `${host}: ${messageOf(error)}`,
      'correct BROKER_URL, or BROKER_TOKEN where the broker refuses us',
    )
  }
}

const checkSchedule = async ({ workflows, schedule }: DoctorDeps, now: Date): Promise<Told> => {
  const { workflows: all, broken } = await workflows.list(now)
  if (broken.length > 0) {
    return warning(
      `${formatCount(broken.length, 'workflow')} cannot be read, and no run looks at ${broken.length === 1 ? 'it' : 'them'}`,
      'mend or delete it on its page, or by ordertrail workflows import',
    )
  }
  const due = all.flatMap((workflow) => dueRun(workflow, schedule, now) ?? [])
  if (due.length === 0) return ok('no workflow waits for a run')
  const latest = all
    .map(({ last_run }) => last_run?.at ?? '')
    .toSorted()
    .at(-1)
  const last = latest ? `the last run was ${relativeTime(new Date(latest), now)}` : 'no run yet'
  const overdue = due.filter((run) => run.overdue)
  if (overdue.length === 0) return ok(`${last}, and none is overdue`)
  const oldest = Math.min(...overdue.map(({ at }) => at.getTime()))
  return failed(
    `${last}; ${formatCount(overdue.length, 'workflow')} should have been run ${formatSpan((now.getTime() - oldest) / 1000)} ago`,
    'start ordertrail serve, or see why the schedule does not call the engine',
  )
}

const checkRecords = async (
  { intents, journal }: DoctorDeps,
  config: Config,
  now: Date,
): Promise<Told> => {
  const since = new Date(now.getTime() - config.retention_seconds * 1000)
  // A look at a queue would hide its messages from the run that delivers them.
  const waiting = journal.keepsEveryOrder ? (await journal.pending()).length : 0
  const open = attentionOf(
    await intents.needingAttention(since),
    now,
    config.retention_seconds,
  ).filter(({ state }) => state !== 'abandoned').length
  if (open + waiting === 0) return ok('every placed order is in the trail')
  return warning(
    `${formatCount(Math.max(open, waiting), 'order')} not recorded yet`,
    'run ordertrail reconcile, and read what it reports',
  )
}

/**
 * Looks at everything that has to work for the engine to trade and to record, changes none of it, and
 * tells what to do about each thing that does not. `now` is this machine's clock.
 */
export const examine = (deps: DoctorDeps, config: Config, now: () => Date): Promise<Finding[]> => {
  const tables = deps.inspectTables()
  const checks: [string, string, () => Promise<Told>][] = [
    ['tables', STORE_FIX, async () => checkTables(await tables)],
    ['expiry', STORE_FIX, async () => checkExpiry(await tables, config)],
    ['clock', 'see whether the store and the broker can be reached', () => checkClock(config, now)],
    ['broker', 'see the message', () => checkBroker(deps, config, now())],
    ['schedule', STORE_FIX, () => checkSchedule(deps, now())],
    ['records', STORE_FIX, () => checkRecords(deps, config, now())],
  ]
  return Promise.all(
    checks.map(async ([check, fix, look]) => ({
      check,
      ...(await look().catch((error: unknown) => failed(messageOf(error), fix))),
    })),
  )
}
