import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createPaperBroker } from './brokers/paper.ts'
import type { Config } from './config.ts'
import { createDynamoClient } from './data/client.ts'
import { openEmbedded, purgeExpired } from './data/embedded.ts'
import { createHostClaims } from './data/host-claims.ts'
import { createIntents } from './data/intents.ts'
import { createJournal } from './data/journal.ts'
import { createTrail } from './data/orders.ts'
import { readSnapshot, withSnapshot } from './data/snapshot.ts'
import { createTables, tableNames } from './data/tables.ts'
import { createWorkflows } from './data/workflows.ts'
import { DomainError, messageOf } from './domain/errors.ts'
import type { Clock, Logger, MarketData } from './domain/ports.ts'
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
  const client = createDynamoClient({
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
  const journal = createJournal(join(config.data_dir, 'journal'), logger)
  const hostClaims = createHostClaims(join(config.data_dir, 'claims'), logger)
  const broker = createPaperBroker({ file: join(config.data_dir, 'paper-broker.sqlite') })
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
    workflows,
    trail,
    intents,
    hostClaims,
    journal,
    broker,
    market,
    retention_seconds: config.retention_seconds,
    replay,
    engine,
    makeTables,
    ready: async (): Promise<void> => {
      await workflows.find('00000000-0000-4000-8000-000000000000', systemClock.now())
    },
    /** The embedded database belongs to a server that runs on the same folder. */
    joined: embedded?.owner === false,
    /** Removes old claims, and expired items: the embedded database never deletes. */
    purge: async (): Promise<number> => {
      const now = systemClock.now()
      const claims = await hostClaims.purge(now)
      return claims + (embedded?.owner ? await purgeExpired(client, tables, now) : 0)
    },
    close: async (): Promise<void> => {
      broker.close()
      await embedded?.close()
    },
  }
}
export type Deps = Awaited<ReturnType<typeof createDeps>>
