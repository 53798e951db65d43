import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import { ListedOrder } from '../domain/order.ts'
import type { OrderFilter } from '../domain/ports.ts'
import { dayPartitions, windowOf, type Partition, type Reading } from './order-window.ts'
import { ttlClock } from './ttl.ts'

const ATTRIBUTES = Object.keys(ListedOrder.shape)

/** A condition on fields that are no key, of which each must have one of some values. */
const conditionOf = (fields: readonly { path: string; allowed: readonly string[] }[]) => {
  const terms = fields
    .filter(({ allowed }) => allowed.length > 0)
    .map(({ path, allowed }, term) => ({
      path,
      values: allowed.map((value, index) => [`:value_${term}_${index}`, value] as const),
    }))
  return {
    expressions: terms.map(
      ({ path, values }) => `${path} IN (${values.map(([name]) => name).join(', ')})`,
    ),
    values: Object.fromEntries(terms.flatMap(({ values }) => values)),
  }
}

/** How to read a list: the query to ask of each partition as `:partition`, one after the other. */
export interface OrderQuery {
  query: Omit<QueryCommandInput, 'TableName'>
  partitions: Partition[]
  /** The query leaves out orders that have not expired. */
  filtered: boolean
  /** The point at which the last partition ends. */
  end: string
}

/**
 * Reads a workflow's orders from its partition, and those of several from the index by day, which
 * follows the table within moments. The cutoff of what has expired is part of the key condition, and
 * so is the position: no answer depends on how many orders were placed since.
 */
export const orderQuery = (
  { workflow_ids, direction, order_type, instrument, ids, ...range }: OrderFilter,
  reading: Reading,
): OrderQuery => {
  const { low, high } = windowOf(range, reading)
  const workflows = [...new Set(workflow_ids)]
  const ofOne = workflows.length === 1
  const condition = conditionOf([
    { path: '#workflow_id', allowed: ofOne ? [] : workflows },
    { path: '#direction', allowed: direction === undefined ? [] : [direction] },
    { path: '#order_type', allowed: order_type === undefined ? [] : [order_type] },
    { path: '#asset.#code', allowed: instrument === undefined ? [] : [instrument] },
    { path: '#order_id', allowed: [...new Set(ids)] },
  ])
  const query = {
    ...(ofOne ? { ConsistentRead: true } : { IndexName: 'by_day' }),
    ScanIndexForward: !reading.newestFirst,
    KeyConditionExpression: '#partition = :partition AND #placed_at BETWEEN :low AND :high',
    // A process with a shorter retention may have recorded orders that expire sooner.
    FilterExpression: ['#ttl > :now', ...condition.expressions].join(' AND '),
    ProjectionExpression: ATTRIBUTES.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: {
      ...Object.fromEntries(ATTRIBUTES.map((name) => [`#${name}`, name])),
      '#partition': ofOne ? 'workflow_id' : 'placed_on',
      ...(instrument === undefined ? {} : { '#code': 'code' }),
    },
    ExpressionAttributeValues: {
      ':low': low,
      ':high': high,
      ':now': ttlClock(reading.now),
      ...condition.values,
    },
  }
  const partitions = ofOne
    ? workflows.map((value) => ({ value, end: null }))
    : dayPartitions({ low, high }, reading)
  return {
    query,
    // DynamoDB refuses a BETWEEN with the higher end first; no order is there.
    partitions: low > high ? [] : partitions,
    filtered: condition.expressions.length > 0,
    end: reading.newestFirst ? low : high,
  }
}
