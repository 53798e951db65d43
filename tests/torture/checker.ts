import type { DynamoClient } from '../../src/data/client.ts'
import type { Tables } from '../../src/data/table-definitions.ts'
import type { BrokerOrder } from '../../src/domain/order.ts'
import { scan, type Item } from '../support/scan.ts'

/** What is wrong between the broker's book and the trail. Each entry is an order id, with why. */
export interface Violations {
  placed_twice: string[]
  unrecorded: string[]
  recorded_twice: string[]
  /** Recorded, and the broker does not have it. */
  phantom: string[]
  /** Recorded with a time, price, quantity, side, order type or ttl that is not the book's. */
  wrong: string[]
  /** Neither at the broker nor closed: nobody is told that it was missed. */
  open: string[]
  /** A workflow whose last order is not its newest record. */
  stale: string[]
  /** A workflow that counts other orders than its records of a week. */
  miscounted: string[]
}

/** What the store holds, read past the product. */
export const readStore = async (client: DynamoClient, tables: Tables) => {
  return {
    records: await scan(client, tables.workflow_orders),
    intents: await scan(client, tables.order_intents),
    workflows: await scan(client, tables.workflows),
  }
}

export interface Rules {
  retention_seconds: number
  /** Answers tell the time in milliseconds, look-ups and lists in whole seconds: both are the time. */
  wholeSeconds: boolean
}

const doubled = (ids: readonly string[]): string[] => {
  const seen = new Set<string>()
  return [...new Set(ids.filter((id) => seen.size === seen.add(id).size))]
}

/** The time of a record is the first part of its sort key. */
const timeOf = (record: Item | undefined): string =>
  String(record?.['placed_at']).split('#')[0] ?? ''

const COPIED = ['price', 'quantity', 'direction', 'order_type'] as const

const wrongs = (
  record: Item,
  order: BrokerOrder,
  { retention_seconds, wholeSeconds }: Rules,
): string[] => {
  const placed_at = timeOf(record)
  const seconds = `${order.placed_at.slice(0, 19)}.000Z`
  const times = wholeSeconds ? [order.placed_at, seconds] : [order.placed_at]
  const expected: [string, unknown, readonly unknown[]][] = [
    ['time', placed_at, times],
    ['day', record['placed_on'], [placed_at.slice(0, 10)]],
    ['ttl', record['ttl'], [Math.floor(Date.parse(placed_at) / 1000) + retention_seconds]],
    ['broker order id', record['broker_order_id'], [order.broker_order_id]],
    ...COPIED.map(
      (name) => [name, record[name], [order[name]]] satisfies [string, unknown, unknown[]],
    ),
  ]
  return expected
    .filter(([, value, allowed]) => !allowed.includes(value))
    .map(
      ([name, value, allowed]) =>
        `${order.client_order_id}: ${name} ${String(value)} instead of ${allowed.join(' or ')}`,
    )
}

const recordsOf = (workflow: Item, records: readonly Item[]): Item[] =>
  records.filter(({ workflow_id }) => workflow_id === workflow['id'])

const staleOf = (workflow: Item, records: readonly Item[]): string[] => {
  const newest = recordsOf(workflow, records).map(timeOf).sort().at(-1)
  const last = workflow['last_order'] as Item | null | undefined
  return last?.['placed_at'] === newest
    ? []
    : [`${String(workflow['id'])}: ${String(last?.['placed_at'])} instead of ${String(newest)}`]
}

const WEEK_MS = 7 * 24 * 3_600_000

const miscountedOf = (workflow: Item, records: readonly Item[]): string[] => {
  const own = recordsOf(workflow, records)
  const newest = Math.max(...own.map((record) => Date.parse(timeOf(record))))
  const expected = own
    .filter((record) => Date.parse(timeOf(record)) > newest - WEEK_MS)
    .map((record) => `${timeOf(record)}#${String(record['order_id']).slice(0, 8)}`)
    .sort()
    .join(', ')
  const counted = [...((workflow['recent_orders'] ?? []) as Set<string>)].sort().join(', ')
  return counted === expected
    ? []
    : [`${String(workflow['id'])}: counts ${counted} instead of ${expected}`]
}

/** Compares the broker's book with the trail, record by record. */
export const check = (
  book: readonly BrokerOrder[],
  { records, intents, workflows }: Awaited<ReturnType<typeof readStore>>,
  rules: Rules,
): Violations => {
  const placed = book.map(({ client_order_id }) => client_order_id)
  const recorded = records.map(({ order_id }) => String(order_id))
  const orderOf = new Map(book.map((order) => [order.client_order_id, order]))
  const isRecorded = new Set(recorded)
  return {
    placed_twice: doubled(placed),
    unrecorded: placed.filter((id) => !isRecorded.has(id)),
    recorded_twice: doubled(recorded),
    phantom: recorded.filter((id) => !orderOf.has(id)),
    wrong: records.flatMap((record) => {
      const order = orderOf.get(String(record['order_id']))
      return order ? wrongs(record, order, rules) : []
    }),
    open: intents
      .filter(({ state }) => state === 'claimed' || state === 'placed')
      .map(({ order_id, state }) => `${String(order_id)} is ${String(state)}`),
    stale: workflows.flatMap((workflow) => staleOf(workflow, records)),
    miscounted: workflows.flatMap((workflow) => miscountedOf(workflow, records)),
  }
}

export const NO_VIOLATIONS: Violations = {
  placed_twice: [],
  unrecorded: [],
  recorded_twice: [],
  phantom: [],
  wrong: [],
  open: [],
  stale: [],
  miscounted: [],
}

/** The violations of several worlds as one. */
export const merged = (all: readonly Violations[]): Violations => ({
  placed_twice: all.flatMap(({ placed_twice }) => placed_twice),
  unrecorded: all.flatMap(({ unrecorded }) => unrecorded),
  recorded_twice: all.flatMap(({ recorded_twice }) => recorded_twice),
  phantom: all.flatMap(({ phantom }) => phantom),
  wrong: all.flatMap(({ wrong }) => wrong),
  open: all.flatMap(({ open }) => open),
  stale: all.flatMap(({ stale }) => stale),
  miscounted: all.flatMap(({ miscounted }) => miscounted),
})
