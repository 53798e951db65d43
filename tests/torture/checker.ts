import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { DynamoClient } from '../../src/data/client.ts'
import type { Tables } from '../../src/data/table-definitions.ts'
import type { BrokerOrder } from '../../src/domain/ports.ts'

type Item = Record<string, unknown>

/** What is wrong between the broker's book and the trail. Each entry is an order id, with why. */
export interface Violations {
  placed_twice: string[]
  unrecorded: string[]
  recorded_twice: string[]
  /** Recorded, and the broker does not have it. */
  phantom: string[]
  /** Recorded with a time, price or ttl that is not the book's. */
  wrong: string[]
  /** Neither at the broker nor closed: nobody is told that it was missed. */
  open: string[]
}

/** What the store holds, read past the product. */
export const readStore = async (client: DynamoClient, tables: Tables) => {
  const scan = async (TableName: string): Promise<Item[]> => {
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
  return { records: await scan(tables.workflow_orders), intents: await scan(tables.order_intents) }
}

const doubled = (ids: readonly string[]): string[] => [
  ...new Set(ids.filter((id, index) => ids.indexOf(id) !== index)),
]

/** Whole seconds apart are the same time: some brokers list no more than that. */
const isSameTime = (a: string, b: string): boolean => a.slice(0, 19) === b.slice(0, 19)

const wrongs = (record: Item, order: BrokerOrder, retention_seconds: number): string[] => {
  const [placed_at = ''] = String(record['placed_at']).split('#')
  const id = order.client_order_id
  return [
    isSameTime(placed_at, order.placed_at)
      ? []
      : `${id}: time ${placed_at} instead of ${order.placed_at}`,
    record['price'] === order.price
      ? []
      : `${id}: price ${String(record['price'])} instead of ${order.price}`,
    record['ttl'] === Math.floor(Date.parse(placed_at) / 1000) + retention_seconds
      ? []
      : `${id}: ttl ${String(record['ttl'])} of an order of ${placed_at}`,
  ].flat()
}

/** Compares the broker's book with the trail, record by record. */
export const check = (
  book: readonly BrokerOrder[],
  { records, intents }: Awaited<ReturnType<typeof readStore>>,
  retention_seconds: number,
): Violations => {
  const placed = book.map(({ client_order_id }) => client_order_id)
  const recorded = records.map(({ order_id }) => String(order_id))
  const orderOf = new Map(book.map((order) => [order.client_order_id, order]))
  return {
    placed_twice: doubled(placed),
    unrecorded: placed.filter((id) => !recorded.includes(id)),
    recorded_twice: doubled(recorded),
    phantom: recorded.filter((id) => !orderOf.has(id)),
    wrong: records.flatMap((record) => {
      const order = orderOf.get(String(record['order_id']))
      return order ? wrongs(record, order, retention_seconds) : []
    }),
    open: intents
      .filter(({ state }) => state === 'claimed' || state === 'placed')
      .map(({ order_id, state }) => `${String(order_id)} is ${String(state)}`),
  }
}

export const NO_VIOLATIONS: Violations = {
  placed_twice: [],
  unrecorded: [],
  recorded_twice: [],
  phantom: [],
  wrong: [],
  open: [],
}

/** The violations of several worlds as one. */
export const merged = (all: readonly Violations[]): Violations => ({
  placed_twice: all.flatMap(({ placed_twice }) => placed_twice),
  unrecorded: all.flatMap(({ unrecorded }) => unrecorded),
  recorded_twice: all.flatMap(({ recorded_twice }) => recorded_twice),
  phantom: all.flatMap(({ phantom }) => phantom),
  wrong: all.flatMap(({ wrong }) => wrong),
  open: all.flatMap(({ open }) => open),
})
