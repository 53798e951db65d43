import { Table } from '@pulumi/aws/dynamodb/index.js'
import {
  TABLES,
  tableNames,
  type TableDefinition,
  type Tables,
} from '../src/data/table-definitions.ts'
import type { Deployment } from './config.ts'

/** What the names of the tables begin with, as TABLE_PREFIX. */
export const tablePrefix = ({ name }: Pick<Deployment, 'name'>): string => `${name}-`

const keySchemas = ({ partition, sort }: { partition: string; sort?: string }) => [
  { attributeName: partition, keyType: 'HASH' },
  ...(sort === undefined ? [] : [{ attributeName: sort, keyType: 'RANGE' }]),
]

/** Tables outlive the stack: `pulumi destroy` refuses to delete them, and so does DynamoDB. */
const createTable = (
  { tags, settings }: Deployment,
  name: string,
  physicalName: string,
  definition: TableDefinition,
): Table => {
  const { partition, sort, ttl, indexes } = definition
  const schemas = [keySchemas(definition), ...indexes.map(keySchemas)]
  const keys = new Set(schemas.flat().map(({ attributeName }) => attributeName))
  return new Table(
    name,
    {
      name: physicalName,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: partition,
      ...(sort === undefined ? {} : { rangeKey: sort }),
      attributes: [...keys].map((key) => ({ name: key, type: 'S' })),
      globalSecondaryIndexes: indexes.map((index) => ({
        name: index.name,
        keySchemas: keySchemas(index),
        projectionType: 'ALL',
      })),
      ...(ttl === undefined ? {} : { ttl: { enabled: true, attributeName: ttl } }),
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: settings.protectTables,
      tags,
    },
    { protect: settings.protectTables },
  )
}

const TABLE_KEYS = Object.keys(TABLES) as (keyof Tables)[]

/** The tables of the app. */
export const createTables = (deployment: Deployment): Record<keyof Tables, Table> => {
  const names = tableNames(tablePrefix(deployment))
  const tables = TABLE_KEYS.map((key) => [
    key,
    createTable(deployment, key, names[key], TABLES[key]),
  ])
  return Object.fromEntries(tables) as Record<keyof Tables, Table>
}
