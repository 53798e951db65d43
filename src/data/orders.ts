import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import { DomainError, describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import type { Order, OrderSummary } from '../domain/order.ts'
import type { Logger, Trail } from '../domain/ports.ts'
import { isConditionFailed, type DynamoClient } from './client.ts'
import { createOrderList } from './order-list.ts'
import { readableOrders } from './readable-orders.ts'
import { orderToItem, parseOrder, parseOrderSummary, SUMMARY_ATTRIBUTES } from './stored-order.ts'
import type { Tables } from './table-definitions.ts'
import { expiresAt, isExpired, oldestVisible, ttlClock } from './ttl.ts'

type Item = Record<string, unknown>

interface TrailOptions {
  client: DynamoClient
  tables: Pick<Tables, 'workflow_orders'>
  retention_seconds: number
  logger: Logger
}

/** The largest Limit that DynamoDB takes. */
const MAX_LIMIT = 2_147_483_647

/** The trail in DynamoDB. No read returns an order past its time, deleted or not. */
export const createTrail = ({ client, tables, retention_seconds, logger }: TrailOptions): Trail => {
  const TableName = tables.workflow_orders

  /** The orders of a workflow that have not expired, up to the instant `until`, oldest first. */
  const visible = (workflow_id: string, now: Date, until = '') =>
    ({
      TableName,
      ConsistentRead: true,
      KeyConditionExpression:
        '#workflow_id = :workflow_id AND #placed_at BETWEEN :oldest AND :last',
      // A process with a shorter retention may have recorded orders that expire sooner.
      FilterExpression: '#ttl > :now',
      ExpressionAttributeValues: {
        ':workflow_id': workflow_id,
        ':oldest': oldestVisible(now, retention_seconds),
        // Follows all that a sort key has after its instant, and every digit that one begins with.
        ':last': `${until}~`,
        ':now': ttlClock(now),
      },
    }) satisfies QueryCommandInput

  const KEY_NAMES = { '#workflow_id': 'workflow_id', '#placed_at': 'placed_at', '#ttl': 'ttl' }

  /** At least `wanted` summaries, if there are so many, and where the rest begins. */
  const read = async (
    query: ReturnType<typeof visible>,
    newestFirst: boolean,
    wanted: number,
  ): Promise<{ items: Item[]; rest: Item | undefined }> => {
    const request = {
      ...query,
      ScanIndexForward: !newestFirst,
      ProjectionExpression: SUMMARY_ATTRIBUTES.map((name) => `#${name}`).join(', '),
      ExpressionAttributeNames: {
        ...KEY_NAMES,
        ...Object.fromEntries(SUMMARY_ATTRIBUTES.map((name) => [`#${name}`, name])),
      },
    }
    const first = await client.send(
      new QueryCommand({ ...request, Limit: Math.min(wanted, MAX_LIMIT) }),
    )
    const items: Item[] = first.Items ?? []
    let rest = first.LastEvaluatedKey
    while (rest && items.length < wanted) {
      // Without a Limit: each of these requests gets a megabyte on, whatever the filter leaves out.
      const next = await client.send(new QueryCommand({ ...request, ExclusiveStartKey: rest }))
      items.push(...(next.Items ?? []))
      rest = next.LastEvaluatedKey
    }
    return { items, rest }
  }

  /** How many orders there are from here on; no request when the end is known to be reached. */
  const countRest = async (
    query: ReturnType<typeof visible>,
    newestFirst: boolean,
    rest: Item | undefined,
  ): Promise<number> => {
    let count = 0
    for (let from = rest; from;) {
      const answer = await client.send(
        new QueryCommand({
          ...query,
          ScanIndexForward: !newestFirst,
          Select: 'COUNT',
          ExpressionAttributeNames: KEY_NAMES,
          ExclusiveStartKey: from,
        }),
      )
      count += answer.Count ?? 0
      from = answer.LastEvaluatedKey
    }
    return count
  }

  const summaries = (items: readonly Item[]): OrderSummary[] =>
    readableOrders(items, parseOrderSummary, logger)

  return {
    ...createOrderList({ client, TableName, retention_seconds, logger }),

    recordWorkflowOrder: async (placed) => {
      const order: Order = { ...placed, ttl: expiresAt(placed.placed_at, retention_seconds) }
      try {
        await client.send(
          new PutCommand({
            TableName,
            Item: orderToItem(order),
            ConditionExpression: 'attribute_not_exists(workflow_id)',
          }),
        )
      } catch (error) {
        // It is recorded already, or was by the first try of this very request.
        if (!isConditionFailed(error)) throw error
      }
      return order
    },

    getWorkflowOrders: async ({ workflow_id, page, per_page, sort, until, now }) => {
      // DynamoDB refuses a BETWEEN with the higher end first; no order is there.
      if (until !== undefined && until < oldestVisible(now, retention_seconds)) {
        return { orders: [], total: 0 }
      }
      const query = visible(workflow_id, now, until)
      const newestFirst = sort === '-placed_at'
      const skipped = (page - 1) * per_page
      // One more than is shown proves that there is a next page, or that there is none.
      const { items, rest } = await read(query, newestFirst, skipped + per_page + 1)
      return {
        orders: summaries(items.slice(skipped, skipped + per_page)),
        total: items.length + (await countRest(query, newestFirst, rest)),
      }
    },

    summarizeWorkflowOrders: async (workflow_id, now) => {
      const query = visible(workflow_id, now)
      const { items, rest } = await read(query, true, MAX_LIMIT)
      const newest = items.findIndex((item) => parseOrderSummary(item).success)
      return {
        count: items.length + (await countRest(query, true, rest)),
        latest: summaries(items.slice(0, newest + 1))[0] ?? null,
      }
    },

    getOrder: async (order_id, now) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'by_order_id',
          KeyConditionExpression: 'order_id = :order_id',
          ExpressionAttributeValues: { ':order_id': order_id },
        }),
      )
      const [item] = Items
      if (!item) return null
      const parsed = parseOrder(item)
      if (!parsed.success) {
        const errors = fieldErrors(parsed.error.issues, item)
        throw new DomainError(
          'invalid',
          `order ${order_id} is stored but cannot be read: ${describeFieldErrors(errors)}`,
          { errors },
        )
      }
      return isExpired(parsed.data.ttl, now) ? null : parsed.data
    },
  }
}
