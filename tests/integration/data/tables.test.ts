import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, inject, test } from 'vitest'
import { createDynamoClient } from '../../../src/data/client.ts'
import { createTrail } from '../../../src/data/orders.ts'
import { purgeExpired } from '../../../src/data/purge.ts'
import { createTables, tableNames } from '../../../src/data/tables.ts'
import { aPlacedOrder, RETENTION, WORKFLOW_ID } from '../../support/builders.ts'
import { recordingLogger } from '../../support/logger.ts'
import { emptyTables } from '../../support/tables.ts'

const ttl = () => (inject('engine') === 'dynalite' ? 'unsupported' : 'enabled')

describe('the tables', () => {
  test('are there already when they are created a second time', async () => {
    const { client, prefix, tables } = await emptyTables({ ttl: true })

    expect(await createTables(client, prefix)).toEqual([
      { name: tables.workflows, created: false, ttl: 'none' },
      { name: tables.workflow_orders, created: false, ttl: ttl() },
      { name: tables.order_intents, created: false, ttl: ttl() },
      { name: tables.signed_out_sessions, created: false, ttl: ttl() },
    ])
  })

  test('are made once by two processes that start together', async () => {
    const { client } = await emptyTables()
    const prefix = `pair_${crypto.randomUUID()}_`

    const both = await Promise.all([createTables(client, prefix), createTables(client, prefix)])

    const { workflow_orders } = tableNames(prefix)
    const made = both.flat().filter(({ name, created }) => name === workflow_orders && created)
    expect(made).toHaveLength(1)
  })

  test('can be used, are billed on demand and have the indexes of the access patterns', async () => {
    const { client, tables } = await emptyTables()

    const { Table } = await client.send(
      new DescribeTableCommand({ TableName: tables.workflow_orders }),
    )

    expect(Table?.TableStatus).toBe('ACTIVE')
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST')
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual([
      'by_day',
      'by_order_id',
    ])
  })

  test('have expiry switched on where the engine can expire items', async () => {
    const { client, tables } = await emptyTables({ ttl: true })
    for (const TableName of [tables.workflow_orders, tables.order_intents]) {
      const { TimeToLiveDescription } = await client.send(
        new DescribeTimeToLiveCommand({ TableName }),
      )
      expect(TimeToLiveDescription).toEqual(
        ttl() === 'enabled'
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' }
          : { TimeToLiveStatus: 'DISABLED' },
      )
    }
  })

  test('that are missing are named as the reason, with the command that makes them', async () => {
    const client = createDynamoClient({
      endpoint: inject('endpoint'),
      region: 'local',
      now: () => performance.now(),
      deadlineMs: 30_000,
    })
    const read = () => client.send(new GetCommand({ TableName: 'nowhere', Key: { id: 'x' } }))

    // More often than failures are borne: a missing table is no outage.
    for (let times = 0; times < 5; times += 1) {
      await expect(read()).rejects.toMatchObject({
        code: 'tables_missing',
        message: expect.stringContaining('ordertrail tables create') as string,
      })
    }
  })
})

test('a refused condition comes through as what it is', async () => {
  const { client, tables } = await emptyTables()
  const put = () =>
    client.send(
      new PutCommand({
        TableName: tables.workflows,
        Item: { id: 'x', nothing: undefined },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    )
  await put()

  await expect(put()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
})

describe('a purge', () => {
  test('deletes what has expired, from all pages, and nothing else', async () => {
    const { client, tables } = await emptyTables()
    const trail = createTrail({
      client,
      tables,
      retention_seconds: RETENTION,
      logger: recordingLogger(),
    })
    const now = new Date('2026-11-30T09:30:00.500Z')
    const slots = Array.from({ length: 60 }, (_, index) =>
      new Date(Date.parse('2026-11-23T09:29:31.000Z') + index * 1000).toISOString(),
    )
    await Promise.all(
      slots.map((at) => trail.recordWorkflowOrder(aPlacedOrder({ slot: at, placed_at: at }))),
    )
    const intent = { state: 'recorded', ttl: Math.floor(now.getTime() / 1000) }
    const put = (Item: Record<string, unknown>) =>
      client.send(new PutCommand({ TableName: tables.order_intents, Item }))
    await put({ ...intent, order_id: 'expired' })
    await put({ ...intent, order_id: 'not yet', ttl: intent.ttl + 1 })
    await put({ order_id: 'open', state: 'claimed' })

    // The orders of 09:29:31 to 09:30:00 are a week old, to the second.
    expect(await purgeExpired(client, tables, now)).toBe(30 + 1)
    expect(await purgeExpired(client, tables, now)).toBe(0)

    const query = { workflow_id: WORKFLOW_ID, page: 1, per_page: 100, sort: 'placed_at' as const }
    const { orders } = await trail.getWorkflowOrders({
      ...query,
      now: new Date('2026-11-24T00:00:00.000Z'),
    })
    expect(orders).toHaveLength(30)
    expect(orders[0]?.placed_at).toBe('2026-11-23T09:30:01.000Z')
  })
})
