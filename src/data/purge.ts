import { BatchWriteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { DynamoClient } from './client.ts'
import { TABLES, type TableDefinition, type Tables } from './table-definitions.ts'
import { ttlClock } from './ttl.ts'

type Item = Record<string, unknown>

/** DynamoDB's own limit for one BatchWriteItem. */
const BATCH = 25

const remove = async (
  client: DynamoClient,
  TableName: string,
  keys: readonly Item[],
): Promise<void> => {
  for (let at = 0; at < keys.length; at += BATCH) {
    let requests = keys.slice(at, at + BATCH).map((Key) => ({ DeleteRequest: { Key } }))
    while (requests.length > 0) {
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [TableName]: requests } }),
      )
      const left = UnprocessedItems?.[TableName] ?? []
      requests = left.flatMap(({ DeleteRequest }) =>
        DeleteRequest?.Key ? [{ DeleteRequest: { Key: DeleteRequest.Key } }] : [],
      )
    }
  }
}

const purgeTable = async (
  client: DynamoClient,
  TableName: string,
  { partition, sort, ttl }: TableDefinition,
  now: Date,
): Promise<number> => {
  let purged = 0
  let from: Item | undefined
  do {
    const page = await client.send(
      new ScanCommand({
        TableName,
        FilterExpression: '#ttl <= :now',
        ProjectionExpression: sort === undefined ? '#partition' : '#partition, #sort',
        ExpressionAttributeNames: {
          '#ttl': ttl ?? 'ttl',
          '#partition': partition,
          ...(sort === undefined ? {} : { '#sort': sort }),
        },
        ExpressionAttributeValues: { ':now': ttlClock(now) },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    )
    const keys = page.Items ?? []
    await remove(client, TableName, keys)
    purged += keys.length
    from = page.LastEvaluatedKey
  } while (from)
  return purged
}

/**
 * Deletes what has expired and returns how much there was. For an engine that never does it itself; no
 * read depends on it.
 */
export const purgeExpired = async (
  client: DynamoClient,
  tables: Tables,
  now: Date,
): Promise<number> =>
  (await purgeTable(client, tables.workflow_orders, TABLES.workflow_orders, now)) +
  (await purgeTable(client, tables.order_intents, TABLES.order_intents, now)) +
  (await purgeTable(client, tables.signed_out_sessions, TABLES.signed_out_sessions, now))
