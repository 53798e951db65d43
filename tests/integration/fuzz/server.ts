import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { createApp } from '../../../src/app.tsx'
import { newId } from '../../../src/system.ts'
import { createDynamoClient } from '../../../src/data/client.ts'
import { openEmbedded } from '../../../src/data/embedded.ts'
import { tableNames } from '../../../src/data/tables.ts'
import { importWorkflows, parseWorkflowFile } from '../../../src/data/workflow-file.ts'
import { listen } from '../../../src/entrypoints/listen.ts'
import { paths } from '../../../src/paths.ts'
import { anIntendedOrder } from '../../support/builders.ts'
import { startDynamoDbProxy } from '../../support/dynamodb-proxy.ts'
import { openInstallation } from '../../support/installation.ts'
import { recordingLogger } from '../../support/logger.ts'
import { scan, type Item } from '../../support/scan.ts'
import type { OpenApi } from './document.ts'
import type { Known } from './values.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')
const HOUR_MS = 3_600_000
const EXAMPLES = new URL('../../../workflows.example.yaml', import.meta.url)
/** Few, as each of them makes lists longer, and runs too. */
const WORKFLOWS = 5
/** Enough for most of them to have orders. */
const TRADING_DAYS = 20
const TABLE_PREFIX = 'prefix-of-tables-'
const BROKEN = { id: '5d0c7a52-1f0e-4c59-8f43-0d6a1b2c3d4e', name: 'stored, and no workflow' }

const byKey = (items: readonly Item[], key: string): Map<string, Item> =>
  new Map(items.map((item) => [String(item[key]), item]))

/** True for a request that changed a table. To delete what is not there succeeds and changes nothing. */
const isWrite = (call: string, answer: Buffer): boolean =>
  !/^(?:Get|BatchGet|Query|Scan|Describe)/.test(call) &&
  !(call.startsWith('DeleteItem') && !answer.includes('"Attributes"'))

/**
 * The real server on a port of this machine: the embedded DynamoDB behind a proxy that counts, the
 * paper broker, the replayed market, the example workflows and some days of orders.
 */
export const startServer = async (folder: string) => {
  const logger = recordingLogger()
  const embedded = await openEmbedded({ directory: join(folder, 'dynamodb'), logger })
  let writes = 0
  const proxy = await startDynamoDbProxy(embedded.endpoint, 2500, (call, answer) => {
    if (isWrite(call, answer)) writes += 1
  })
  const product = await openInstallation(folder, {
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    MARKET: 'replay',
    TABLE_PREFIX,
    API_REQUESTS_PER_SECOND: '0',
    // A list of orders asks for each day of them.
    RETENTION_SECONDS: String(2 * 86_400),
  })
  await product.makeTables()
  // Past the proxy, for what the tests themselves do.
  const client = createDynamoClient({
    endpoint: embedded.endpoint,
    region: 'local',
    now: () => performance.now(),
    deadlineMs: 30_000,
  })
  const tables = tableNames(TABLE_PREFIX)

  const examples = parseWorkflowFile(await readFile(EXAMPLES, 'utf8'))
  await importWorkflows(product.workflows, examples.slice(0, WORKFLOWS), NOW)
  for (let hours = TRADING_DAYS; hours > 0; hours -= 1) {
    await product.engine.run({
      now: new Date(NOW.getTime() - hours * HOUR_MS),
      // Of a fixed id, as the tags of the workflows follow from it.
      context: { trigger_source: 'server', request_id: `run-${hours}`, user: null },
    })
    await product.replay?.advance()
  }
  await product.intents.claim(anIntendedOrder(), newId(), new Date(NOW.getTime() - HOUR_MS))
  await client.send(new PutCommand({ TableName: tables.workflows, Item: BROKEN }))

  const app = createApp({ ...product, clock: { now: () => NOW }, newId, logger })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })

  const book = new DatabaseSync(join(folder, 'paper-broker.sqlite'), { readOnly: true })
  const countOrders = book.prepare('SELECT count(*) AS orders FROM orders')

  const prepared = byKey(await scan(client, tables.workflows), 'id')

  /** Everything that is stored, and the book of the broker. */
  const contents = async () => ({
    workflows: byKey(await scan(client, tables.workflows), 'id'),
    workflow_orders: byKey(await scan(client, tables.workflow_orders), 'order_id'),
    order_intents: byKey(await scan(client, tables.order_intents), 'order_id'),
    book: await product.broker.list({ since: new Date(0) }),
  })

  /** Brings back the workflows that were there at first, and no others. */
  const restore = async (): Promise<void> => {
    const current = byKey(await scan(client, tables.workflows), 'id')
    for (const id of current.keys()) {
      if (prepared.has(id)) continue
      await client.send(new DeleteCommand({ TableName: tables.workflows, Key: { id } }))
    }
    for (const [id, item] of prepared) {
      if (isDeepStrictEqual(current.get(id), item)) continue
      await client.send(new PutCommand({ TableName: tables.workflows, Item: item }))
    }
  }

  const get = async (path: string) => fetch(`${server.url}${path}`)
  const json = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T

  /** Values that the API itself gives out. */
  const knownValues = async (): Promise<Known> => {
    const { orders, next_cursor } = await json<{
      orders: { order_id: string; workflow_id: string }[]
      next_cursor: string
    }>(`${paths.api.orders}?per_page=5`)
    const [traded = ''] = orders.map(({ workflow_id }) => workflow_id)
    const history = await json<{ next_cursor: string | null }>(
      `${paths.api.workflowOrders(traded)}?per_page=1`,
    )
    const workflow_ids = [...prepared.keys(), traded, traded, traded.toUpperCase()]
    const order_ids = orders.map(({ order_id }) => order_id)
    const tag = (await get(paths.api.workflow(traded))).headers.get('ETag')
    return {
      workflow_id: workflow_ids,
      order_id: order_ids,
      ids: order_ids,
      cursor: [next_cursor, history.next_cursor].filter((cursor) => cursor !== null),
      index: ['US500.I', 'AAPL:xnas'],
      cfd: ['US500.I', 'AAPL:xnas'],
      instrument: ['US500.I', 'AAPL:xnas'],
      'if-match': ['"1"', '*', tag],
      'if-none-match': [tag],
      'idempotency-key': ['key-1', 'key-2'],
    }
  }

  return {
    url: server.url,
    document: await json<OpenApi>(paths.api.document),
    known: await knownValues(),
    /** Names and places that no answer may tell. */
    secrets: [TABLE_PREFIX, folder, new URL(embedded.endpoint).host, new URL(proxy.endpoint).host],
    /** How many changes the store has made so far on behalf of the server. */
    writes: (): number => writes,
    /** How many orders are at the broker. */
    orders: (): number => Number(countOrders.get()?.['orders']),
    /** What it logged as faults of its own. */
    faults: () => logger.events.filter(({ level }) => level === 'error'),
    contents,
    restore,
    /** The market closes one more day. */
    advance: async (): Promise<void> => product.replay?.advance(),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      server.close()
      server.closeAll()
      client.close()
      book.close()
      await product.close()
      await proxy.close()
      await embedded.close()
    },
  }
}
