import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import type { ListedOrder } from '../domain/order.ts'
import type { Logger, Trail } from '../domain/ports.ts'
import type { DynamoClient } from './client.ts'
import { orderQuery, type OrderQuery } from './order-query.ts'
import { readableOrders } from './readable-orders.ts'
import { parseListedOrder } from './stored-order.ts'

type Item = Record<string, unknown>

interface OrderListOptions {
  client: DynamoClient
  /** The name of the table of orders. */
  TableName: string
  retention_seconds: number
  logger: Logger
}

interface Effort {
  /** The most requests that are sent. */
  requests: number
  /** How many partitions are read at the same time to begin with. */
  atOnce: number
  /** How many orders the first request to a partition reads; without it, a megabyte. */
  limit?: () => number
}

/** What one request found, and how far all is read then; null at the end of the last partition. */
interface Answer {
  items: Item[]
  until: string | null
}

/** A page costs a week of days, and as many megabytes more, at most. */
const PAGE_REQUESTS = 16
/** The newest orders of all workflows may cost so many megabytes beyond one for each day. */
const LATEST_MEGABYTES = 32
const MOST_AT_ONCE = 8

const keyOf = (item: Item): string => String(item['placed_at'])

/** Lists of the trail, over one workflow, several or all of them. */
export const createOrderList = ({
  client,
  TableName,
  retention_seconds,
  logger,
}: OrderListOptions): Pick<Trail, 'listOrders' | 'latestOrders'> => {
  /**
   * Reads partition after partition. When one comes to its end, the next ones are read at the same
   * time, twice as many as before: most days of a quiet trail are empty, and the page of a busy one
   * seldom needs a second day.
   */
  const read = async function* (
    { query, partitions }: OrderQuery,
    { requests, atOnce, limit }: Effort,
  ): AsyncGenerator<Answer> {
    const ask = (partition: string, more: Pick<QueryCommandInput, 'Limit' | 'ExclusiveStartKey'>) =>
      client.send(
        new QueryCommand({
          TableName,
          ...query,
          ...more,
          ExpressionAttributeValues: {
            ...query.ExpressionAttributeValues,
            ':partition': partition,
          },
        }),
      )
    const queue = [...partitions]
    let left = requests
    for (let count = atOnce; queue.length > 0 && left > 0;) {
      const round = queue.splice(0, Math.min(count, left))
      left -= round.length
      count = Math.min(count * 2, MOST_AT_ONCE)
      const first = limit ? { Limit: limit() } : {}
      const answers = await Promise.all(round.map(({ value }) => ask(value, first)))
      for (const [index, { value, end }] of round.entries()) {
        let answer = answers[index]
        while (answer) {
          const rest = answer.LastEvaluatedKey
          yield { items: answer.Items ?? [], until: rest ? keyOf(rest) : end }
          if (rest && left === 0) return
          if (rest) left -= 1
          answer = rest && (await ask(value, { ExclusiveStartKey: rest }))
        }
      }
    }
  }

  return {
    listOrders: async ({ sort, limit, position, now, ...filter }) => {
      const paging = position?.paging ?? 'forward'
      const newestFirst = (sort === '-placed_at') === (paging === 'forward')
      const reading = { position: position?.key, newestFirst, now, retention_seconds }
      const plan = orderQuery(filter, reading)
      const rows: Item[] = []
      // One more than is shown proves that the list goes on, and one may be that at the position.
      const missing = () => limit + 2 - rows.length
      const effort = {
        requests: PAGE_REQUESTS,
        atOnce: 1,
        // What a filter leaves out counts for Limit, and may be nearly everything.
        ...(plan.filtered ? {} : { limit: missing }),
      }
      let until: string | null = null
      for await (const answer of read(plan, effort)) {
        rows.push(...answer.items.filter((item) => keyOf(item) !== position?.key))
        until = answer.until
        if (rows.length > limit) break
      }
      const shown = rows.slice(0, limit)
      const [first, last] = [shown.at(0), shown.at(-1)]
      if (last && rows.length > limit) until = keyOf(last)

      const orders = readableOrders(shown, parseListedOrder, logger)
      const onward = until === null ? null : { key: until, paging }
      // The way back begins at the first row, and without one where the reading ended.
      const start = first ? keyOf(first) : (until ?? plan.end)
      if (paging === 'backward') {
        const next = { key: start, paging: 'forward' as const }
        return { orders: orders.toReversed(), next, previous: onward }
      }
      const previous = position && { key: start, paging: 'backward' as const }
      return { orders, next: onward, previous }
    },

    // Only a walk over all orders tells which workflows have any, as deleted ones are listed nowhere.
    latestOrders: async (now) => {
      const reading = { position: undefined, newestFirst: true, now, retention_seconds }
      const plan = orderQuery({}, reading)
      const requests = plan.partitions.length + LATEST_MEGABYTES
      const latest = new Map<unknown, ListedOrder>()
      let until: string | null = null
      for await (const answer of read(plan, { requests, atOnce: MOST_AT_ONCE })) {
        for (const item of answer.items) {
          if (latest.has(item['workflow_id'])) continue
          const [order] = readableOrders([item], parseListedOrder, logger)
          if (order) latest.set(order.workflow_id, order)
        }
        until = answer.until
      }
      return { orders: [...latest.values()], since: until && until.slice(0, 24) }
    },
  }
}
