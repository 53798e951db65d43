import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import { expect, inject, test } from 'vitest'
import { inspectTables } from '../../../src/data/inspect-tables.ts'
import { emptyTables } from '../../support/tables.ts'

/** AWS's own engine has TTL, the embedded one has not. */
const hasTtl = () => inject('engine') !== 'dynalite'

test('tables that were made by us are ready, and expire where the engine can', async () => {
  const { client, prefix, tables } = await emptyTables({ ttl: true })

  expect(await inspectTables(client, prefix)).toEqual([
    { name: tables.workflows, state: 'ready', ttl: null },
    { name: tables.workflow_orders, state: 'ready', ttl: hasTtl() },
    { name: tables.order_intents, state: 'ready', ttl: hasTtl() },
    { name: tables.signed_out_sessions, state: 'ready', ttl: hasTtl() },
  ])
})

test('TTL that is off is told', async () => {
  const { client, prefix } = await emptyTables()

  const told = await inspectTables(client, prefix)

  expect(told.map(({ ttl }) => ttl)).toEqual([null, false, false, false])
})

test('a table that is missing, or that others made under its name, is told, and left as it is', async () => {
  const { client, prefix, tables } = await emptyTables()
  await client.send(new DeleteTableCommand({ TableName: tables.workflow_orders }))
  await client.send(new DeleteTableCommand({ TableName: tables.order_intents }))
  // The right key and no index.
  await client.send(
    new CreateTableCommand({
      TableName: tables.order_intents,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'order_id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'order_id', AttributeType: 'S' }],
    }),
  )

  const states = async () => (await inspectTables(client, prefix)).map(({ state }) => state)

  expect(await states()).toEqual(['ready', 'missing', 'other keys', 'ready'])
  expect(await states()).toEqual(['ready', 'missing', 'other keys', 'ready'])
})
