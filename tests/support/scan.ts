import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { DynamoClient } from '../../src/data/client.ts'

export type Item = Record<string, unknown>

/** All items of a table as they are stored, read past the product. */
export const scan = async (client: DynamoClient, TableName: string): Promise<Item[]> => {
  const items: Item[] = []
  let from: Item | undefined
  do {
    const page = await client.send(
      new ScanCommand({
        TableName,
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    )
    items.push(...(page.Items ?? []))
    from = page.LastEvaluatedKey
  } while (from)
  return items
}
