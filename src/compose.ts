import type { Config } from './config.ts'
import { createDynamoClient } from './data/client.ts'
import { createIntents } from './data/intents.ts'
import { createMeter } from './data/meter.ts'
import { createTrail } from './data/orders.ts'
import { tableNames } from './data/tables.ts'
import { createWorkflows } from './data/workflows.ts'
import { createSecretParameter } from './data/secret-parameter.ts'
import type { Logger } from './domain/ports.ts'
import { systemClock } from './system.ts'

/** A secret of the settings, which is there or in a parameter of AWS Systems Manager. */
export const openSecret = (
  secret: { value: string } | { parameter: string },
  region: string,
): (() => Promise<string>) =>
  'value' in secret
    ? () => Promise.resolve(secret.value)
    : createSecretParameter({ name: secret.parameter, region, now: () => performance.now() })

interface StoresOptions {
  config: Pick<Config, 'store' | 'region' | 'table_prefix' | 'retention_seconds'>
  logger: Logger
  /** Where the tables are, when it is not known from the settings. */
  endpoint?: string | undefined
}

/** The stores of the settings, over one client of DynamoDB. No table is touched. */
export const openStores = ({ config, logger, endpoint: given }: StoresOptions) => {
  const { store, region, table_prefix, retention_seconds } = config
  const endpoint = given ?? (store.kind === 'endpoint' ? store.endpoint : undefined)
  const meter = createMeter(() => performance.now())
  const client = createDynamoClient({
    onRequest: meter.count,
    around: meter.timed,
    ...(endpoint === undefined ? {} : { endpoint }),
    region,
    now: () => performance.now(),
  })
  const tables = tableNames(table_prefix)
  const workflows = createWorkflows({ client, tables })
  return {
    meter,
    client,
    tables,
    workflows,
    trail: createTrail({ client, tables, retention_seconds, logger }),
    intents: createIntents({ client, tables, logger }),
    /** @throws DomainError `store_unavailable` or `tables_missing` */
    ready: async (): Promise<void> => {
      await workflows.find('00000000-0000-4000-8000-000000000000', systemClock.now())
    },
  }
}
