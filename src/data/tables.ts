import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateTableCommand,
  DescribeTableCommand,
  type CreateTableCommandInput,
  type KeySchemaElement,
} from '@aws-sdk/client-dynamodb'
import { DomainError } from '../domain/errors.ts'
import { isTableMissing, type DynamoClient } from './client.ts'
import { enableTtl, SLOW, type Ttl } from './table-expiry.ts'
import { tablesOf, type TableDefinition } from './table-definitions.ts'

export { tableNames } from './table-definitions.ts'

const POLLS = 120
/** Short at first for a local engine, which is ready at once; AWS takes some seconds. */
const pauseMs = (poll: number): number => Math.min(20 * 2 ** poll, 1000)

/** The keys of a table or an index, as AWS writes them. */
export const keySchema = ({
  partition,
  sort,
}: {
  partition: string
  sort?: string
}): KeySchemaElement[] => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' as const }]),
]

/** What CreateTable is asked for. */
const createInput = (name: string, table: TableDefinition): CreateTableCommandInput => {
  const keys = [table, ...table.indexes].flatMap(({ partition, sort }) =>
    sort === undefined ? [partition] : [partition, sort],
  )
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(table),
    AttributeDefinitions: [...new Set(keys)].map((key) => ({
      AttributeName: key,
      AttributeType: 'S',
    })),
    // DynamoDB refuses an empty list of indexes.
    ...(table.indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: table.indexes.map((index) => ({
            IndexName: index.name,
            KeySchema: keySchema(index),
            Projection: { ProjectionType: 'ALL' as const },
          })),
        }),
  }
}

const exists = async (client: DynamoClient, name: string): Promise<boolean> => {
  try {
    await client.send(new DescribeTableCommand({ TableName: name }), SLOW)
    return true
  } catch (error) {
    if (isTableMissing(error)) return false
    throw error
  }
}

/** False when somebody else made the table in the meantime. */
const create = async (
  client: DynamoClient,
  name: string,
  table: TableDefinition,
): Promise<boolean> => {
  try {
    await client.send(new CreateTableCommand(createInput(name, table)), SLOW)
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceInUseException') return false
    throw error
  }
}

const isActive = async (client: DynamoClient, name: string): Promise<boolean> => {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }), SLOW)
    const indexes = Table?.GlobalSecondaryIndexes ?? []
    return (
      Table?.TableStatus === 'ACTIVE' &&
      indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')
    )
  } catch (error) {
    // A table that was only just asked for may not be known yet.
    if (isTableMissing(error)) return false
    throw error
  }
}

const waitUntilActive = async (client: DynamoClient, name: string): Promise<void> => {
  for (let poll = 0; poll < POLLS; poll += 1) {
    if (await isActive(client, name)) return
    await sleep(pauseMs(poll))
  }
  throw new DomainError('store_unavailable', `table ${name} is still not ready to be used`)
}

/**
 * Makes the tables that are missing, waits until all can be used and switches TTL on for those whose
 * items expire. Doing it again changes nothing.
 */
export const createTables = async (
  client: DynamoClient,
  prefix: string,
): Promise<{ name: string; created: boolean; ttl: Ttl }[]> => {
  return Promise.all(
    tablesOf(prefix).map(async ([name, table]) => {
      const created = !(await exists(client, name)) && (await create(client, name, table))
      await waitUntilActive(client, name)
      const ttl = table.ttl === undefined ? 'none' : await enableTtl(client, name, table.ttl)
      return { name, created, ttl }
    }),
  )
}
