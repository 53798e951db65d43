import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createHttpBroker } from '../../src/brokers/http.ts'
import { newId } from '../../src/compose.ts'
import { createDynamoClient } from '../../src/data/client.ts'
import { readSnapshot } from '../../src/data/snapshot.ts'
import { createTables, tableNames } from '../../src/data/tables.ts'
import { createWorkflows } from '../../src/data/workflows.ts'
import type { Candle } from '../../src/domain/candle.ts'
import type { Workflow } from '../../src/domain/workflow.ts'
import { createWorkflowEngine, type EngineDeps } from '../../src/engine/run.ts'
import { aDefinition, RETENTION } from '../support/builders.ts'
import { startDynalite } from '../support/dynamodb.ts'
import { startDynamoDbProxy } from '../support/dynamodb-proxy.ts'
import { startFaultBroker } from '../support/fault-broker.ts'
import { aContext, aFolder, openInstallation, writeCandles } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'
import { check, readStore, type Violations } from './checker.ts'

/** The time of the first slot; every later one is an hour on. */
const FIRST_SLOT = Date.parse('2026-11-02T08:00:00.000Z')
const HOUR_MS = 3_600_000
/** What the broker needs, in the experiments, until it surely shows an order. */
const SETTLE_MS = 60_000

/** Half past the hour after the slot's candle: it is the newest closed one. */
export const timeOf = (slot: number, laterMs = 0): Date =>
  new Date(FIRST_SLOT + slot * HOUR_MS + 1.5 * HOUR_MS + laterMs)

const candleOf = (slot: number): Candle => ({
  date: new Date(FIRST_SLOT + slot * HOUR_MS).toISOString(),
  open: 99,
  high: 100.5,
  low: 97.25,
  close: 98,
})

export interface WorldOptions {
  dedupes: boolean
  slots: number
  workflows?: number
}

/**
 * Everything around an engine, real and on loopback: DynamoDB behind a proxy and a broker that both
 * fail as they are told, candles at which every workflow orders in every slot, and data folders for
 * as many hosts as are asked for.
 */
export const openWorld = async ({ dedupes, slots, workflows = 1 }: WorldOptions) => {
  const folder = await aFolder()
  const engine = await startDynalite()
  const proxy = await startDynamoDbProxy(engine.endpoint)
  const time = { now: timeOf(0) }
  const broker = await startFaultBroker({ dedupes, now: () => time.now, lateMs: 150 })
  const prefix = `world_${randomUUID().slice(0, 8)}_`
  const client = createDynamoClient({
    endpoint: engine.endpoint,
    region: 'local',
    now: () => performance.now(),
    deadlineMs: 30_000,
  })
  await createTables(client, prefix)
  const tables = tableNames(prefix)
  const candles = Array.from({ length: slots }, (_, slot) => candleOf(slot))
  await writeCandles(folder.path, 'DAX.I_h1', candles)
  await writeCandles(folder.path, 'GER40.I_h1', candles)
  const store = createWorkflows({ client, tables })
  const made: Workflow[] = []
  for (let index = 0; index < workflows; index += 1) {
    const definition = aDefinition({ name: `workflow ${index}` })
    made.push(await store.create(newId(), definition, timeOf(0)))
  }

  /** A process's view of the world: its own host, connections and engine. `disk: false` is Lambda. */
  const openEngine = async (
    host: string,
    options: {
      disk?: boolean
      placeDeadlineMs?: number
      change?: (deps: EngineDeps) => EngineDeps
    } = {},
  ) => {
    const { disk = true, placeDeadlineMs = 400, change = (deps) => deps } = options
    const data = join(folder.path, host)
    await mkdir(data, { recursive: true })
    const installation = await openInstallation(data, {
      MARKET_DIR: folder.path,
      AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
      TABLE_PREFIX: prefix,
    })
    const deps = {
      ...installation,
      logger: recordingLogger(),
      newId,
      lastKnownWorkflows: () => readSnapshot(join(data, 'workflows.json')),
      broker: createHttpBroker({
        url: broker.url,
        dedupesClientOrderIds: dedupes,
        settleMs: SETTLE_MS,
        placeDeadlineMs,
        readDeadlineMs: placeDeadlineMs,
      }),
      ...(disk ? {} : { hostClaims: null, journal: noJournal }),
    }
    const workflowEngine = createWorkflowEngine(change(deps))
    return {
      deps,
      run: (now: Date, scheduled_at?: Date) => {
        time.now = now
        return workflowEngine.run({
          now,
          context: aContext(),
          ...(scheduled_at === undefined ? {} : { scheduled_at }),
        })
      },
      reconcile: (now: Date) => {
        time.now = now
        return workflowEngine.reconcile({ now, context: aContext() })
      },
      close: installation[Symbol.asyncDispose],
    }
  }

  return {
    broker,
    proxy,
    workflows: made,
    openEngine,
    /** Reads the store around the proxy, so that no fault hides anything. */
    violations: async (): Promise<Violations> =>
      check(broker.book(), await readStore(client, tables), RETENTION),
    store: () => readStore(client, tables),
    [Symbol.asyncDispose]: async () => {
      await broker.close()
      await proxy.close()
      client.close()
      await engine.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** A queue that is away: what cannot be recorded has to be found by the sweep. */
const noJournal: EngineDeps['journal'] = {
  keepsEveryOrder: false,
  append: () => Promise.reject(new Error('the queue does not answer')),
  pending: () => Promise.resolve([]),
  remove: () => Promise.resolve(),
}
