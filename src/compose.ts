import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createHttpBroker } from './brokers/http.ts'
import { createPaperBroker, type PaperBroker } from './brokers/paper.ts'
import type { Config } from './config.ts'
import { createDynamoClient } from './data/client.ts'
import { openEmbedded, purgeExpired } from './data/embedded.ts'
import { createHostClaims } from './data/host-claims.ts'
import { createIntents } from './data/intents.ts'
import { createJournal } from './data/journal.ts'
import { createMeter } from './data/meter.ts'
import { createTrail } from './data/orders.ts'
import { readSnapshot, withSnapshot } from './data/snapshot.ts'
import { createSpool } from './data/spool.ts'
import { createTables, tableNames } from './data/tables.ts'
import { createWorkflows } from './data/workflows.ts'
import { DomainError, messageOf } from './domain/errors.ts'
import type { Broker, Clock, Logger, MarketData } from './domain/ports.ts'
import type { Workflow } from './domain/workflow.ts'
import { chartOf } from './engine/chart.ts'
import { createWorkflowEngine } from './engine/run.ts'
import { createCsvMarket } from './market/csv.ts'
import { createReplay, type ReplayMarket } from './market/replay.ts'

/** The wall clock. */
export const systemClock: Clock = { now: () => new Date() }

/** A random id, for workflows, runs and claims. */
export const newId = (): string => randomUUID()

/** The market of the settings; `replay` when it is the replayed one, which alone can be moved on. */
const openMarket = ({
  market,
  data_dir,
}: Config): { market: MarketData; replay: ReplayMarket | null } => {
  if (market.kind === 'csv') return { market: createCsvMarket(market), replay: null }
  const replay = createReplay({ stateFile: join(data_dir, 'replay.json') })
  return { market: replay, replay }
}

/** The book of the paper broker of a data folder. */
export const openPaperBroker = ({ data_dir }: Pick<Config, 'data_dir'>): PaperBroker =>
  createPaperBroker({ file: join(data_dir, 'paper-broker.sqlite') })

const openBroker = (config: Config): { broker: Broker; close: () => void } => {
  if (config.broker.kind === 'http') {
    const { url, dedupes, settle_seconds } = config.broker
    const broker = createHttpBroker({
      url,
      dedupesClientOrderIds: dedupes,
      settleMs: settle_seconds * 1000,
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
 * Makes every client, store, market and broker that the settings ask for. `close` gives all of them
 * back. The embedded database is opened and its tables are made; any other store is not touched.
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
  const endpoint =
    embedded?.endpoint ?? (config.store.kind === 'endpoint' ? config.store.endpoint : undefined)
  const meter = createMeter(() => performance.now())
  const client = createDynamoClient({
    onRequest: meter.count,
    around: meter.timed,
    ...(endpoint === undefined ? {} : { endpoint }),
    region: config.region,
    now: () => performance.now(),
  })
  const tables = tableNames(config.table_prefix)
  const makeTables = () => createTables(client, config.table_prefix)
  if (embedded) await makeTables()

  const snapshotFile = join(config.data_dir, 'workflows.json')
  const workflows = withSnapshot(createWorkflows({ client, tables }), snapshotFile, logger)
  const trail = createTrail({
    client,
    tables,
    retention_seconds: config.retention_seconds,
    logger,
  })
  const intents = createIntents({ client, tables, logger })
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
    meter,
    workflows,
    trail,
    intents,
    hostClaims,
    journal,
    broker,
    market,
    retention_seconds: config.retention_seconds,
    requests_per_second: config.requests_per_second,
    cors_origins: config.cors_origins,
    replay,
    engine,
    /** That of a server, which pauses for a tick after each run. */
    schedule: { nextRun: (after: Date) => new Date(after.getTime() + config.tick_seconds * 1000) },
    chart: (workflow: Workflow, now: Date) => chartOf(market, workflow, now),
    makeTables,
    ready: async (): Promise<void> => {
      await workflows.find('00000000-0000-4000-8000-000000000000', systemClock.now())
    },
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
