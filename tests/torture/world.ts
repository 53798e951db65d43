import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { newId } from '../../src/system.ts'
import { createDynamoClient } from '../../src/data/client.ts'
import { createTables, tableNames } from '../../src/data/tables.ts'
import { createWorkflows } from '../../src/data/workflows.ts'
import type { Candle } from '../../src/domain/candle.ts'
import type { Workflow } from '../../src/domain/workflow.ts'
import type { EngineDeps } from '../../src/engine/run.ts'
import { aDefinition, RETENTION } from '../support/builders.ts'
import { startDynalite } from '../support/dynamodb.ts'
import { startDynamoDbProxy } from '../support/dynamodb-proxy.ts'
import { startFaultBroker } from '../support/fault-broker.ts'
import { aFolder, writeCandles } from '../support/installation.ts'
import { startQueue } from '../support/sqs.ts'
import { check, readStore, type Violations } from './checker.ts'
import type { Command } from './engine-process.ts'
import { openEngine, type EngineConfig } from './engine.ts'

/** The time of the first slot; every later one is an hour on. */
const FIRST_SLOT = Date.parse('2026-11-02T08:00:00.000Z')
const HOUR_MS = 3_600_000
/** What the broker needs, in the experiments, until it surely shows an order. */
const SETTLE_MS = 60_000

const COMPILE_CACHE = fileURLToPath(
  new URL('../../node_modules/.cache/ordertrail-torture/compiled', import.meta.url),
)

/** As there are more processes than processors, V8 needs no threads of its own beside them. */
const ONE_OF_MANY = ['--v8-pool-size=0']

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

interface HostOptions {
  /** False is Lambda, which has a queue instead. */
  disk?: boolean
  /** How long the broker is waited for. */
  deadlineMs?: number
  /** False when no call to DynamoDB is to fail: then it is reached without the proxy. */
  proxied?: boolean
}

interface Changes {
  change?: (deps: EngineDeps) => EngineDeps
}

interface WorldOptions {
  dedupes: boolean
  slots: number
  workflows?: number
  /** The engine that is opened in this process: the product's own unless a broken one is tried. */
  engine?: typeof openEngine
}

/**
 * Everything around an engine, real and on loopback: DynamoDB behind a proxy and a broker that both
 * fail as they are told, candles at which every workflow orders in every slot, and data folders for
 * as many hosts as are asked for.
 */
export const openWorld = async ({
  dedupes,
  slots,
  workflows = 1,
  engine = openEngine,
}: WorldOptions) => {
  const folder = await aFolder()
  const dynamodb = await startDynalite()
  const proxy = await startDynamoDbProxy(dynamodb.endpoint)
  let queue: ReturnType<typeof startQueue> | null = null
  const time = { now: timeOf(0) }
  const broker = await startFaultBroker({ dedupes, now: () => time.now, lateMs: 150 })
  const prefix = `world_${randomUUID().slice(0, 8)}_`
  const client = createDynamoClient({
    endpoint: dynamodb.endpoint,
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

  const configOf = async (host: string, options: HostOptions): Promise<EngineConfig> => {
    const { disk = true, deadlineMs = 400, proxied = true } = options
    const data = join(folder.path, host)
    await mkdir(data, { recursive: true })
    return {
      data,
      candles: folder.path,
      dynamodb: proxied ? proxy.endpoint : dynamodb.endpoint,
      prefix,
      broker: broker.url,
      dedupes,
      queue: disk ? null : (await (queue ??= startQueue())).url,
      deadlineMs,
      settleMs: SETTLE_MS,
    }
  }

  /** An engine in this process, on a host of this name. */
  const openEngineOn = async (host: string, options: HostOptions & Changes = {}) => {
    const opened = await engine(await configOf(host, options), options.change)
    const at =
      <Args extends [Date, Date?], T>(call: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        time.now = args[0]
        return call(...args)
      }
    return { ...opened, run: at(opened.run), reconcile: at(opened.reconcile) }
  }

  /** An engine that is a process of its own, of a bundle that `bundleProcess` made. */
  const startEngine = async (bundle: string, host: string, options: HostOptions = {}) => {
    const config = await configOf(host, options)
    const child = spawn(process.execPath, [...ONE_OF_MANY, bundle, JSON.stringify(config)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Hundreds are started, of the same few bundles.
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    })
    child.stdin.on('error', () => undefined)
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const ended = once(child, 'close')
    return {
      /** Null when it died in it. */
      run: async (command: Command): Promise<string | null> => {
        time.now = new Date(command.at)
        child.stdin.write(`${JSON.stringify(command)}\n`)
        const { value, done } = await lines.next()
        if (done) await ended
        return done ? null : value
      },
      end: async (): Promise<void> => {
        child.stdin.end()
        await ended
      },
    }
  }

  return {
    broker,
    proxy,
    workflows: made,
    openEngine: openEngineOn,
    startEngine,
    /** Reads the store around the proxy, so that no fault hides anything. */
    violations: async (): Promise<Violations> =>
      check(broker.book(), await readStore(client, tables), {
        retention_seconds: RETENTION,
        wholeSeconds: broker.settings.wholeSeconds,
      }),
    [Symbol.asyncDispose]: async () => {
      await broker.close()
      await proxy.close()
      client.close()
      await (await queue)?.close()
      await dynamodb.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
