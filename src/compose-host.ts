import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createHttpBroker } from './brokers/http.ts'
import { createPaperBroker, type PaperBroker } from './brokers/paper.ts'
import { openSecret, openStores } from './compose.ts'
import { newId, systemClock } from './system.ts'
import { openAccessControl } from './compose-access.ts'
import type { Config } from './config.ts'
import { openEmbedded, purgeExpired } from './data/embedded.ts'
import { createHostClaims } from './data/host-claims.ts'
import { inspectTables } from './data/inspect-tables.ts'
import { createJournal } from './data/journal.ts'
import { readSnapshot, withSnapshot } from './data/snapshot.ts'
import { createSpool } from './data/spool.ts'
import { createTables } from './data/tables.ts'
import { DomainError, messageOf } from './domain/errors.ts'
import type { Broker, Logger, MarketData } from './domain/ports.ts'
import { everyMinutes } from './domain/run-schedule.ts'
import type { Workflow } from './domain/workflow.ts'
import { chartOf } from './engine/chart.ts'
import { createWorkflowEngine } from './engine/run.ts'
import { createCsvMarket } from './market/csv.ts'
import { createHttpMarket } from './market/http.ts'
import { createReplay, type ReplayMarket } from './market/replay.ts'

/** The market of the settings; `replay` when it is the replayed one, which alone can be moved on. */
const openMarket = ({
  market,
  data_dir,
}: Config): { market: MarketData; replay: ReplayMarket | null } => {
  switch (market.kind) {
    case 'csv':
      return { market: createCsvMarket(market), replay: null }
    case 'http':
      return { market: createHttpMarket({ ...market, now: () => performance.now() }), replay: null }
    case 'replay': {
      const replay = createReplay({ stateFile: join(data_dir, 'replay.json') })
      return { market: replay, replay }
    }
  }
}

/** The book of the paper broker of a data folder. */
export const openPaperBroker = ({ data_dir }: Pick<Config, 'data_dir'>): PaperBroker =>
  createPaperBroker({ file: join(data_dir, 'paper-broker.sqlite') })

const openBroker = (config: Config): { broker: Broker; close: () => void } => {
  if (config.broker.kind === 'http') {
    const { url, dedupes, settle_seconds, token } = config.broker
    const broker = createHttpBroker({
      url,
      dedupesClientOrderIds: dedupes,
      settleMs: settle_seconds * 1000,
      token: token ? openSecret(token, config.region) : undefined,
    })
    return { broker, close: () => undefined }
  }
  const broker = openPaperBroker(config)
  return { broker, close: broker.close }
}

interface ComposeOptions {
  config: Config
  logger: Logger
  /** The server: other commands may join its embedded database. */
  advertise?: boolean
}

/**
 * Makes every client, store, market and broker that the settings ask for, on a machine whose disk
 * lasts. `close` gives all of them back. The embedded database is opened and its tables are made;
 * any other store is not touched.
 */
export const createDeps = async ({ config, logger, advertise = false }: ComposeOptions) => {
  await mkdir(config.data_dir, { recursive: true }).catch((error: unknown) => {
    throw new DomainError(
      'invalid',
      `DATA_DIR: expected a folder that can be made, got "${config.data_dir}": ${messageOf(error)}`,
      { cause: error },
    )
  })
  const embedded =
    config.store.kind === 'embedded'
      ? await openEmbedded({ directory: config.store.directory, logger, advertise })
      : null
  const stores = openStores({ config, logger, endpoint: embedded?.endpoint })
  const { client, tables, trail, intents } = stores
  const makeTables = () => createTables(client, config.table_prefix)
  if (embedded) await makeTables()

  const snapshotFile = join(config.data_dir, 'workflows.json')
  const workflows = withSnapshot(stores.workflows, snapshotFile, logger)
  const spool =
    config.spool_queue_url === null
      ? null
      : createSpool({
          queueUrl: config.spool_queue_url,
          region: config.region,
          logger,
          now: () => performance.now(),
        })
  const journal = spool ?? createJournal(join(config.data_dir, 'journal'), logger)
  // With a queue no disk lasts, and a claim on it would tell no two executions apart.
  const hostClaims = spool ? null : createHostClaims(join(config.data_dir, 'claims'), logger)
  const { broker, close: closeBroker } = openBroker(config)
  const { market, replay } = openMarket(config)
  const engine = createWorkflowEngine({
    workflows,
    trail,
    intents,
    hostClaims,
    journal,
    broker,
    market,
    retention_seconds: config.retention_seconds,
    logger,
    newId,
    lastKnownWorkflows: () => readSnapshot(snapshotFile),
  })

  return {
    meter: stores.meter,
    access: openAccessControl(config, stores),
    workflows,
    trail,
    intents,
    hostClaims,
    journal,
    broker,
    paper: config.broker.kind === 'paper',
    market,
    retention_seconds: config.retention_seconds,
    requests_per_second: config.requests_per_second,
    cors_origins: config.cors_origins,
    replay,
    engine,
    /** That of a server, which pauses for a tick after each run, or of the function that does them. */
    schedule:
      config.engine_function === null
        ? { nextRun: (after: Date) => new Date(after.getTime() + config.tick_seconds * 1000) }
        : everyMinutes(config.run_every_minutes, { onWeekends: config.run_on_weekends }),
    chart: (workflow: Workflow, now: Date) => chartOf(market, workflow, now),
    makeTables,
    inspectTables: () => inspectTables(client, config.table_prefix),
    ready: stores.ready,
    /** The embedded database belongs to a server that runs on the same folder. */
    joined: embedded?.owner === false,
    /** Removes old claims, and expired items: the embedded database never deletes. */
    purge: async (): Promise<number> => {
      const now = systemClock.now()
      const claims = (await hostClaims?.purge(now)) ?? 0
      return claims + (embedded?.owner ? await purgeExpired(client, tables, now) : 0)
    },
    close: async (): Promise<void> => {
      closeBroker()
      spool?.close()
      client.close()
      await embedded?.close()
    },
  }
}
export type Deps = Awaited<ReturnType<typeof createDeps>>
