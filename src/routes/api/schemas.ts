import { z } from 'zod'
import { Instant, UnitTime } from '../../domain/candle.ts'
import { ListedOrder, Order, OrderSummary } from '../../domain/order.ts'
import {
  definitionFields,
  definitionOf,
  INDICATORS,
  LastOrder,
  LastRun,
  OrdersOfDay,
  Trigger,
  type Workflow,
} from '../../domain/workflow.ts'

/**
 * What the API answers, as the document says it and as handlers are checked against: the schemas of
 * the domain, and what this API makes of them. Names (`id`) are those of the document.
 */

const LastOrderJson = LastOrder.pick({
  placed_at: true,
  direction: true,
  price: true,
  quantity: true,
}).meta({ id: 'LastOrder', description: 'The newest order of the workflow' })

const LastRunSummary = LastRun.omit({ decision: true }).meta({
  id: 'LastRunSummary',
  description: 'The last time that a run looked at the workflow, without what it found',
})

const count = z.number().int().min(0)

const workflowFields = {
  ...definitionFields,
  trigger: Trigger,
  id: z.uuid(),
  revision: z
    .number()
    .int()
    .positive()
    .meta({ description: 'From 1, and one more with every change of the definition' }),
  created_at: Instant,
  updated_at: Instant.meta({ description: 'When the definition was last changed' }),
  last_order: LastOrderJson.nullable().meta({ description: 'Null: there is none in the trail' }),
  orders_by_day: z.array(OrdersOfDay).meta({
    description:
      'The orders of the last seven days, oldest day first: eight days, as the first one counts from the present time of day on',
  }),
}

export const WorkflowJson = z
  .object({
    ...workflowFields,
    last_run: LastRun.nullable().meta({ description: 'Null: no run has looked at it yet' }),
  })
  .meta({ id: 'Workflow', description: 'A workflow, and how it fared' })

const WorkflowListItem = z
  .object({
    ...workflowFields,
    last_run: LastRunSummary.nullable().meta({ description: 'Null: no run has looked at it yet' }),
  })
  .meta({ id: 'WorkflowListItem', description: 'A workflow as a list has it' })

const BrokenWorkflow = z
  .object({
    id: z.string(),
    name: z.string(),
    problem: z.string().meta({ description: 'What is wrong with it' }),
  })
  .meta({ id: 'BrokenWorkflow', description: 'A stored item that is no valid workflow' })

/** The page of a numbered list. */
const numbered = {
  total: count.meta({ description: 'How many there are on all pages' }),
  page: z.number().int().min(1).meta({ description: 'The number of this page, from 1' }),
  per_page: z.number().int().min(1).meta({ description: 'How many a page holds' }),
}

export const WorkflowList = z
  .object({
    workflows: z.array(WorkflowListItem),
    ...numbered,
    broken: z.array(BrokenWorkflow),
  })
  .meta({ id: 'WorkflowList', description: 'One page of workflows' })

const lastOrderJson = ({ last_order }: Workflow) =>
  last_order && {
    placed_at: last_order.placed_at,
    direction: last_order.direction,
    price: last_order.price,
    quantity: last_order.quantity,
  }

/** A workflow as JSON. */
export const workflowJson = (workflow: Workflow): z.infer<typeof WorkflowJson> => {
  const { id, revision, created_at, updated_at, orders_by_day, last_run } = workflow
  return {
    id,
    revision,
    ...definitionOf(workflow),
    created_at,
    updated_at,
    last_order: lastOrderJson(workflow),
    orders_by_day,
    last_run,
  }
}

const withoutDecision = ({ decision: _trace, ...run }: LastRun): Omit<LastRun, 'decision'> => run

/** A workflow in a list: its last run comes without the decision's trace, which the detail has. */
export const workflowListItem = (workflow: Workflow): z.infer<typeof WorkflowListItem> => ({
  ...workflowJson(workflow),
  last_run: workflow.last_run && withoutDecision(workflow.last_run),
})

const expiryOf = ({ ttl }: { ttl: number }): string => new Date(ttl * 1000).toISOString()

const expires_at = Instant.meta({ description: 'When it is removed from the trail' })

export const OrderJson = Order.extend({ expires_at }).meta({
  id: 'Order',
  description: 'An order that the broker accepted, and why it was placed',
})

/** An order as JSON: its record, and `expires_at`, the instant of its ttl. */
export const orderJson = (order: Order): z.infer<typeof OrderJson> => ({
  ...order,
  expires_at: expiryOf(order),
})

/** For the request of the neighbouring pages. */
const cursors = {
  next_cursor: z
    .string()
    .nullable()
    .meta({ description: 'For the `cursor` of the next page; null: this is the last one' }),
  previous_cursor: z
    .string()
    .nullable()
    .meta({ description: 'For the `cursor` of the previous page; null: this is the first one' }),
}

const { total, page, per_page } = numbered

export const HistoryJson = z
  .object({
    orders: z.array(OrderSummary),
    total: total.nullable().meta({ description: 'How many there are; null: not counted' }),
    page: page.nullable().meta({ description: 'The number of this page; null: has none' }),
    per_page,
    ...cursors,
  })
  .meta({ id: 'OrderHistory', description: "One page of a workflow's orders" })

export const OrderListItem = ListedOrder.omit({ ttl: true })
  .extend({ expires_at })
  .meta({ id: 'OrderListItem', description: 'An order as a list over several workflows has it' })

export const OrderListJson = z
  .object({
    orders: z.array(OrderListItem),
    per_page,
    ...cursors,
    incomplete_before: Instant.nullable().meta({
      description: 'Orders before this time were not looked at; null: all were',
    }),
  })
  .meta({ id: 'OrderList', description: 'One page of the orders of several workflows' })

/** An order in a list over several workflows. */
export const orderListItem = ({ ttl, ...order }: ListedOrder): z.infer<typeof OrderListItem> => ({
  ...order,
  expires_at: expiryOf({ ttl }),
})

export const OrdersSummaryJson = z
  .object({
    workflow_id: z.string().meta({ format: 'uuid' }),
    count: count.meta({ description: 'How many orders are in the trail' }),
    last_order: OrderSummary.nullable().meta({ description: 'The newest one; null: none' }),
  })
  .meta({ id: 'OrdersSummary', description: "A workflow's orders, summed up" })

const AttentionEntry = Order.pick({ order_id: true, workflow_id: true, workflow_name: true })
  .extend({
    state: z.enum(['claimed', 'placed', 'abandoned']).meta({
      description:
        '`claimed`: not known whether the broker has it. `placed`: the broker has it, the trail has not. `abandoned`: given up.',
    }),
    claimed_at: Instant.meta({ description: 'When a run took it up' }),
    placed_at: Instant.nullable().meta({
      description: 'When the broker accepted it; null: not known that it did',
    }),
    broker_order_id: z
      .string()
      .nullable()
      .meta({ description: "The broker's own id; null: not known" }),
    order: Order.pick({
      direction: true,
      quantity: true,
      price: true,
      order_type: true,
      slot: true,
    }).extend({
      code: z.string().meta({ description: 'The code of the instrument that is traded' }),
      unit_time: UnitTime,
    }),
    known: z.string().meta({ description: 'What is known of it, as a sentence' }),
    to_do: z.string().meta({ description: 'What to do; commands stand between backticks' }),
  })
  .meta({ id: 'AttentionEntry', description: 'An order that a person may have to look after' })

export const AttentionJson = z
  .object({ attention: z.array(AttentionEntry), total: count })
  .meta({ id: 'Attention', description: 'All orders that a person may have to look after' })

const IndicatorType = z
  .object({
    name: z.enum(INDICATORS),
    label: z.string().meta({ description: 'What it is, for people' }),
    inputs: z
      .array(z.enum(['value', 'zone_value', 'x1', 'x2']))
      .meta({ description: 'What it needs besides `unit_time`' }),
  })
  .meta({ id: 'IndicatorType', description: 'An indicator that a condition may have' })

export const IndicatorTypes = z
  .object({ indicator_types: z.array(IndicatorType) })
  .meta({ id: 'IndicatorTypes', description: 'All indicators' })

const FieldProblem = z
  .object({
    field: z.string().meta({
      description: 'Where: a parameter, or a dotted path in the body; empty for the whole body',
    }),
    message: z.string().meta({ description: 'What was expected' }),
    value: z.unknown().optional().meta({ description: 'What was given, unless it is an object' }),
  })
  .meta({ id: 'FieldProblem', description: 'A part of the request that is wrong' })

/** A failure: RFC 9457, with an entry per field that is wrong. */
export const Problem = z
  .object({
    type: z
      .string()
      .meta({ description: 'Always `about:blank`: the status says which kind it is' }),
    title: z.string().meta({ description: 'The kind of failure, for people' }),
    status: z.number().int().meta({ description: 'The HTTP status' }),
    detail: z.string().meta({ description: 'What went wrong this time, as a sentence' }),
    instance: z.string().meta({ description: 'The path that was asked for' }),
    request_id: z.string().meta({ description: 'Leads to the request in the log' }),
    errors: z.array(FieldProblem).optional(),
  })
  .meta({ id: 'Problem', description: 'A failure, as RFC 9457 has it' })
