import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { Intent, Intents, Logger } from '../domain/ports.ts'
import { isConditionFailed, type DynamoClient } from './client.ts'
import { GIVEN_UP, intentOfPlaced, intentToItem, OPEN, parseIntent } from './stored-intent.ts'
import type { Tables } from './table-definitions.ts'
import { ttlClock } from './ttl.ts'
import { updateExpression } from './update-expression.ts'

type Item = Record<string, unknown>

/** Longer than a candle can be the newest one: a month, and the days until the market opens again. */
const KEPT_SECONDS = 45 * 86_400
/** The item that says how far the sweep got. No order has this id. */
const SWEEP = 'sweep'
/** DynamoDB's own limit for one BatchGetItem. */
const BATCH = 100

interface IntentsOptions {
  client: DynamoClient
  tables: Pick<Tables, 'order_intents'>
  logger: Logger
  /** A claim stands between the decision and the order, so it waits less than other requests. */
  claimDeadlineMs?: number
}

/** The intents in DynamoDB; PROTOCOL.md names the steps R1 to R3 that they take part in. */
export const createIntents = ({
  client,
  tables,
  logger,
  claimDeadlineMs = 800,
}: IntentsOptions): Intents => {
  const TableName = tables.order_intents

  const find = async (
    order_id: string,
    deadline?: { deadlineMs: number },
  ): Promise<Item | null> => {
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: { order_id }, ConsistentRead: true }),
      deadline,
    )
    return Item ?? null
  }

  /** The item after the change, or null when the condition does not hold. */
  const update = async (
    order_id: string,
    changes: ReturnType<typeof updateExpression>,
    condition?: string,
  ): Promise<Item | null> => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName,
          Key: { order_id },
          ...changes,
          ...(condition === undefined ? {} : { ConditionExpression: condition }),
          ReturnValues: 'ALL_NEW',
        }),
      )
      return Attributes ?? null
    } catch (error) {
      if (isConditionFailed(error)) return null
      throw error
    }
  }

  /** The items as the table has them: an index may lag behind it. */
  const findAll = async (order_ids: readonly string[]): Promise<Item[]> => {
    const items: Item[] = []
    for (let at = 0; at < order_ids.length; at += BATCH) {
      let keys: Item[] = order_ids.slice(at, at + BATCH).map((order_id) => ({ order_id }))
      while (keys.length > 0) {
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetCommand({
            RequestItems: { [TableName]: { Keys: keys, ConsistentRead: true } },
          }),
        )
        items.push(...(Responses?.[TableName] ?? []))
        keys = UnprocessedKeys?.[TableName]?.Keys ?? []
      }
    }
    return items
  }

  /** What the index holds of one kind, oldest claim first. */
  const indexed = async ({ unresolved }: typeof OPEN, since = new Date(0)): Promise<Item[]> => {
    const items: Item[] = []
    let from: Item | undefined
    do {
      const page = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'unresolved',
          KeyConditionExpression: 'unresolved = :kind AND claimed_at >= :since',
          ExpressionAttributeValues: { ':kind': unresolved, ':since': since.toISOString() },
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      )
      items.push(...(page.Items ?? []))
      from = page.LastEvaluatedKey
    } while (from)
    return items
  }

  const readable = (item: Item): Intent[] => {
    try {
      return [parseIntent(item)]
    } catch (error) {
      // One claim that cannot be read must not hide the others from the reconciliation.
      logger.error('intent.unreadable', {
        order_id: item['order_id'],
        problem: messageOf(error),
      })
      return []
    }
  }

  return {
    claim: async (order, owner, now) => {
      const deadline = { deadlineMs: claimDeadlineMs }
      try {
        await client.send(
          new PutCommand({
            TableName,
            Item: intentToItem(order, owner, now.toISOString()),
            ConditionExpression: 'attribute_not_exists(order_id)',
          }),
          deadline,
        )
        return null
      } catch (error) {
        if (!isConditionFailed(error)) throw error
      }
      const item = await find(order.order_id, deadline)
      if (!item) {
        throw new DomainError(
          'store_unavailable',
          `the claim of order ${order.order_id} went away while it was read`,
        )
      }
      const intent = parseIntent(item)
      // Refused by our own claim: the answer to its first try was lost.
      return intent.owner === owner && intent.state === 'claimed' ? null : intent
    },

    takeOver: async (order_id, now) => {
      const changes = updateExpression(
        { set: { claimed_at: now.toISOString() } },
        { '#state': 'state' },
        { ':claimed': 'claimed' },
      )
      await update(order_id, changes, '#state = :claimed')
    },

    markPlaced: async (order) => {
      const { placed_at, broker_order_id, ...once } = intentOfPlaced(order)
      const changes = updateExpression(
        {
          set: { state: 'placed', ...OPEN },
          setOnce: { ...once, placed_at, broker_order_id },
          // It was closed as rejected or abandoned, and the broker has it all the same.
          remove: ['ttl', 'reason'],
        },
        {},
        { ':recorded': 'recorded' },
      )
      const item =
        (await update(
          order.order_id,
          changes,
          'attribute_not_exists(#state) OR #state <> :recorded',
        )) ?? (await find(order.order_id))
      const first = item?.['placed_at']
      return typeof first === 'string' ? first : placed_at
    },

    markRecorded: async ({ ttl: _ttl, ...order }, now) => {
      const changes = updateExpression({
        set: { state: 'recorded', ttl: ttlClock(now) + KEPT_SECONDS },
        setOnce: intentOfPlaced(order),
        remove: ['unresolved'],
      })
      await update(order.order_id, changes)
    },

    close: async (order_id, state, reason, now) => {
      const set = { state, reason, ttl: ttlClock(now) + KEPT_SECONDS }
      // A person should see that it was given up; that the broker said no, the last run says.
      const changes = updateExpression(
        state === 'abandoned' ? { set: { ...set, ...GIVEN_UP } } : { set, remove: ['unresolved'] },
        {},
        { ':claimed': 'claimed' },
      )
      // Refused when it is placed or closed by now, which is the stronger statement.
      await update(order_id, changes, '#state = :claimed')
    },

    find: async (order_ids) =>
      new Map(
        (await findAll(order_ids))
          .flatMap(readable)
          .map((intent) => [intent.order_id, intent] as const),
      ),

    unresolved: async () => {
      const order_ids = new Set((await indexed(OPEN)).map(({ order_id }) => String(order_id)))
      return (await findAll([...order_ids]))
        .filter(({ state }) => state === 'claimed' || state === 'placed')
        .flatMap(readable)
        .sort((a, b) => (a.claimed_at < b.claimed_at ? -1 : a.claimed_at > b.claimed_at ? 1 : 0))
    },

    needingAttention: async (since) =>
      (await Promise.all([indexed(OPEN), indexed(GIVEN_UP, since)])).flat().flatMap(readable),

    sweptUntil: async () => {
      const until = (await find(SWEEP))?.['swept_until']
      return typeof until === 'string' ? until : null
    },

    saveSweptUntil: async (at) => {
      await client.send(new PutCommand({ TableName, Item: { order_id: SWEEP, swept_until: at } }))
    },
  }
}
