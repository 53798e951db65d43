import { randomUUID } from 'node:crypto'
import { UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { inject } from 'vitest'
import { createDynamoClient, type DynamoClient } from '../../src/data/client.ts'
import { createTables, tableNames } from '../../src/data/tables.ts'

/** The engine as one that has no TTL, which the embedded one really has not. */
const withoutTtl = (client: DynamoClient): DynamoClient => ({
  ...client,
  send: (command, options) =>
    command instanceof UpdateTimeToLiveCommand
      ? Promise.reject(Object.assign(new Error('no TTL'), { name: 'UnknownOperationException' }))
      : client.send(command, options),
})

/**
 * Tables of its own in the engine that the tests of this project run on. `requests` holds the
 * operations that were sent since it was emptied. Most tests live on fixed days, which an engine that
 * deletes by the machine's clock would clear away; only tests about TTL switch it on.
 */
export const emptyTables = async ({ ttl = false } = {}) => {
  const requests: string[] = []
  const client = createDynamoClient({
    endpoint: inject('endpoint'),
    region: 'local',
    now: () => performance.now(),
    // Two engines and their tests share the machine; deadlines have tests of their own.
    deadlineMs: 30_000,
    onRequest: (operation) => requests.push(operation),
  })
  const prefix = `test_${randomUUID()}_`
  await createTables(ttl ? client : withoutTtl(client), prefix)
  requests.length = 0
  return { client, prefix, tables: tableNames(prefix), requests }
}
