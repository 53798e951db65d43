import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import type { DynamoClient } from './client.ts'

/** `none`: the items of this table stay. */
export type Ttl = 'enabled' | 'unsupported' | 'none'

/** Making or changing a table takes far longer than reading from one. */
export const SLOW = { deadlineMs: 15_000 }

const isEnabled = async (client: DynamoClient, TableName: string): Promise<boolean> => {
  const { TimeToLiveDescription } = await client.send(
    new DescribeTimeToLiveCommand({ TableName }),
    SLOW,
  )
  const status = TimeToLiveDescription?.TimeToLiveStatus
  return status === 'ENABLED' || status === 'ENABLING'
}

/** Switches TTL on. The embedded engine has none: expired items are hidden and purged instead. */
export const enableTtl = async (
  client: DynamoClient,
  TableName: string,
  AttributeName: string,
): Promise<Ttl> => {
  // Switching it on again is an error.
  if (await isEnabled(client, TableName)) return 'enabled'
  try {
    const TimeToLiveSpecification = { Enabled: true, AttributeName }
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }), SLOW)
    return 'enabled'
  } catch (error) {
    if (error instanceof Error && error.name === 'UnknownOperationException') return 'unsupported'
    // Another process may have switched it on in between.
    if (await isEnabled(client, TableName)) return 'enabled'
    throw error
  }
}
