import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { createDynamoClient } from '../../src/data/client.ts'
import { createTables, tableNames } from '../../src/data/tables.ts'

/**
 * Tables of its own in the engine that the tests of this project run on. `requests` holds the
 * operations that were sent since it was emptied.
 */
export const emptyTables = async () => {
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
  await createTables(client, prefix)
  requests.length = 0
  return { client, prefix, tables: tableNames(prefix), requests }
}
