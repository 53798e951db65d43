import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type KeySchemaElement,
  type TableDescription,
} from '@aws-sdk/client-dynamodb'
import { isTableMissing, type DynamoClient } from './client.ts'
import { tablesOf, type TableDefinition } from './table-definitions.ts'
import { SLOW } from './table-expiry.ts'
import { keySchema } from './tables.ts'

export interface InspectedTable {
  name: string
  /** `other keys`: what was made under this name is no table of ours. */
  state: 'ready' | 'missing' | 'not ready' | 'other keys'
  /** Whether DynamoDB removes what has expired; null where nothing expires, or there is no table. */
  ttl: boolean | null
}

const sameKeys = (given: KeySchemaElement[] | undefined, wanted: KeySchemaElement[]): boolean => {
  const names = (keys: KeySchemaElement[]) =>
    keys.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).toSorted()
  return names(given ?? []).join() === names(wanted).join()
}

const stateOf = (
  { TableStatus, KeySchema, GlobalSecondaryIndexes = [] }: TableDescription,
  definition: TableDefinition,
): InspectedTable['state'] => {
  const isOurs = definition.indexes.every((index) => {
    const found = GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === index.name)
    return sameKeys(found?.KeySchema, keySchema(index))
  })
  if (!isOurs || !sameKeys(KeySchema, keySchema(definition))) return 'other keys'
  const isReady =
    ['ACTIVE', 'UPDATING'].includes(TableStatus ?? '') &&
    GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus !== 'CREATING')
  return isReady ? 'ready' : 'not ready'
}

/**
 * What there is of the tables, without changing anything.
 * @throws DomainError `store_unavailable`
 */
export const inspectTables = (client: DynamoClient, prefix: string): Promise<InspectedTable[]> =>
  Promise.all(
    tablesOf(prefix).map(async ([name, definition]): Promise<InspectedTable> => {
      try {
        const { Table } = await client.send(new DescribeTableCommand({ TableName: name }), SLOW)
        const state = stateOf(Table ?? {}, definition)
        if (definition.ttl === undefined) return { name, state, ttl: null }
        const { TimeToLiveDescription: expiry } = await client.send(
          new DescribeTimeToLiveCommand({ TableName: name }),
          SLOW,
        )
        const isOn = ['ENABLED', 'ENABLING'].includes(expiry?.TimeToLiveStatus ?? '')
        return { name, state, ttl: isOn && expiry?.AttributeName === definition.ttl }
      } catch (error) {
        if (isTableMissing(error)) return { name, state: 'missing', ttl: null }
        throw error
      }
    }),
  )
