import { isDeepStrictEqual } from 'node:util'
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { DomainError } from '../domain/errors.ts'
import type { Workflows } from '../domain/ports.ts'
import {
  staleRevision,
  type BrokenWorkflow,
  type LastOrder,
  type Workflow,
} from '../domain/workflow.ts'
import { isConditionFailed, type DynamoClient } from './client.ts'
import { countByDay, outdatedEntries, recentEntryOf } from './recent-orders.ts'
import { parseWorkflow, RecentOrders } from './stored-workflow.ts'
import type { Tables } from './table-definitions.ts'
import { updateExpression } from './update-expression.ts'

type Item = Record<string, unknown>

const readOne = (item: Item, now: Date): Workflow => {
  const { workflow, broken } = parseWorkflow(item, now)
  if (workflow) return workflow
  throw new DomainError(
    'invalid',
    `workflow ${broken.id} is stored but is no valid workflow: ${broken.problem}`,
  )
}

/** The workflows in DynamoDB: one item each, whose attributes are the fields of the workflow. */
export const createWorkflows = ({
  client,
  tables,
}: {
  client: DynamoClient
  tables: Pick<Tables, 'workflows'>
}): Workflows => {
  const TableName = tables.workflows

  /** Changes a workflow; null when the condition does not hold, as when there is no such workflow. */
  const update = async (
    id: string,
    changes: ReturnType<typeof updateExpression>,
    condition = 'attribute_exists(id)',
  ): Promise<Item | null> => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName,
          Key: { id },
          ...changes,
          // A workflow that was deleted in the meantime must not come back as half an item.
          ConditionExpression: condition,
          ReturnValues: 'ALL_NEW',
        }),
      )
      return Attributes ?? null
    } catch (error) {
      if (isConditionFailed(error)) return null
      throw error
    }
  }

  const findItem = async (id: string): Promise<Item | null> => {
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: { id }, ConsistentRead: true }),
    )
    return Item ?? null
  }

  const find: Workflows['find'] = async (id, now) => {
    const item = await findItem(id)
    return item && readOne(item, now)
  }

  return {
    find,

    findRaw: findItem,

    list: async (now) => {
      const workflows: Workflow[] = []
      const broken: BrokenWorkflow[] = []
      let from: Item | undefined
      do {
        const page = await client.send(
          new ScanCommand({
            TableName,
            ConsistentRead: true,
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        )
        for (const item of page.Items ?? []) {
          const read = parseWorkflow(item, now)
          if (read.workflow) workflows.push(read.workflow)
          else broken.push(read.broken)
        }
        from = page.LastEvaluatedKey
      } while (from)
      return { workflows, broken }
    },

    create: async (id, definition, now) => {
      const at = now.toISOString()
      const item = { ...definition, id, revision: 1, created_at: at, updated_at: at }
      const workflow: Workflow = {
        ...item,
        last_order: null,
        orders_by_day: countByDay(new Set(), null, now),
        last_run: null,
      }
      try {
        await client.send(
          new PutCommand({
            TableName,
            Item: item,
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        )
      } catch (error) {
        if (!isConditionFailed(error)) throw error
        // The first try of this very request may have come through with its answer lost.
        if (!isDeepStrictEqual(await find(id, now), workflow)) {
          throw new DomainError('conflict', `there is a workflow ${id} already`, { cause: error })
        }
      }
      return workflow
    },

    replace: async (id, definition, now, revision) => {
      const at = now.toISOString()
      const set = { ...definition, updated_at: at }
      // An item that came without it is a whole workflow from now on.
      const parts = { set, setOnce: { created_at: at }, increase: ['revision'] }
      if (revision === undefined) {
        const item = await update(id, updateExpression(parts))
        return item && readOne(item, now)
      }
      const changes = updateExpression(parts, {}, { ':expected': revision })
      const item = await update(id, changes, '#revision = :expected')
      if (item) return readOne(item, now)
      const current = await findItem(id)
      if (!current) return null
      // The first try of this very request may have come through with its answer lost.
      const {
        created_at: _created,
        last_order: _order,
        recent_orders: _orders,
        last_run: _run,
        ...written
      } = current
      if (!isDeepStrictEqual(written, { ...set, id, revision: revision + 1 })) {
        throw staleRevision(id, revision, current['revision'] ?? 'none')
      }
      return readOne(current, now)
    },

    remove: async (id, revision) => {
      try {
        const { Attributes, $metadata } = await client.send(
          new DeleteCommand({
            TableName,
            Key: { id },
            ReturnValues: 'ALL_OLD',
            ...(revision === undefined
              ? {}
              : {
                  ConditionExpression: 'attribute_not_exists(id) OR #revision = :expected',
                  ExpressionAttributeNames: { '#revision': 'revision' },
                  ExpressionAttributeValues: { ':expected': revision },
                }),
          }),
        )
        // A second try finds nothing when the first one removed it and its answer was lost.
        return Attributes !== undefined || ($metadata.attempts ?? 1) > 1
      } catch (error) {
        if (revision === undefined || !isConditionFailed(error)) throw error
        const item = await findItem(id)
        if (!item) return false
        throw staleRevision(id, revision, item['revision'] ?? 'none')
      }
    },

    saveLastRun: async (id, last_run) => {
      await update(id, updateExpression({ set: { last_run } }))
    },

    saveLastOrder: async (order) => {
      const { workflow_id, order_id, placed_at, direction, price, quantity, ttl } = order
      const last_order: LastOrder = { order_id, placed_at, direction, price, quantity, ttl }
      const addTo = { recent_orders: new Set([recentEntryOf(order)]) }
      const asNewest = updateExpression(
        { set: { last_order }, addTo },
        { '#placed_at': 'placed_at', '#order_id': 'order_id' },
        { ':placed_at': placed_at, ':order_id': order_id },
      )
      const isNewer =
        'attribute_not_exists(#last_order.#placed_at) OR #last_order.#placed_at < :placed_at' +
        ' OR (#last_order.#placed_at = :placed_at AND #last_order.#order_id < :order_id)'
      const item =
        (await update(workflow_id, asNewest, `attribute_exists(id) AND (${isNewer})`)) ??
        // One that is not the newest counts on its day all the same.
        (await update(workflow_id, updateExpression({ addTo })))
      const recent_orders = outdatedEntries(RecentOrders.parse(item?.['recent_orders']))
      if (recent_orders.size > 0) {
        await update(workflow_id, updateExpression({ deleteFrom: { recent_orders } }))
      }
    },
  }
}
