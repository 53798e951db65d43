import { z } from '@hono/zod-openapi'
import { Instant, UNIT_TIMES } from '../../domain/candle.ts'
import { ListedOrder, Order, OrderSummary } from '../../domain/order.ts'
import {
  INDICATORS,
  LastOrder,
  LastRun,
  WorkflowRun,
  type Workflow,
  type WorkflowDefinition,
} from '../../domain/workflow.ts'

/**
 * What the API answers, as the document says it and as handlers are checked against. Request bodies
 * have the schemas of the domain; these say what comes back, where every field is always there.
 */

const Point = z.object({ x: z.iso.date(), y: z.number() })
const unit_time = z.enum(UNIT_TIMES)

const IndicatorJson = z
  .discriminatedUnion('name', [
    z.object({ name: z.literal('ma7'), unit_time }),
    z.object({ name: z.literal('ma50'), unit_time }),
    z.object({ name: z.literal('combo'), unit_time }),
    z.object({ name: z.literal('bbb'), unit_time }),
    z.object({ name: z.literal('bbh'), unit_time }),
    z.object({ name: z.literal('polarite'), unit_time, value: z.number() }),
    z.object({ name: z.literal('zone'), unit_time, value: z.number(), zone_value: z.number() }),
    z.object({ name: z.literal('inclined'), unit_time, x1: Point, x2: Point }),
  ])
  .openapi('Indicator')

const ConditionJson = z
  .object({
    indicator: IndicatorJson,
    close: z.object({ direction: z.enum(['below', 'above']), unit_time, spread: z.number() }),
    element: z.enum(['close', 'high', 'low']).nullable(),
  })
  .openapi('Condition')

const TriggerJson = z
  .object({
    unit_time,
    signal: z.enum(['breakout']),
    location: z.enum(['lower', 'higher']),
    order_direction: z.enum(['buy', 'sell']),
    quantity: z.number(),
    offset: z.number(),
  })
  .openapi('Trigger')

const definition = {
  name: z.string(),
  index: z.string(),
  cfd: z.string(),
  enable: z.boolean(),
  dry_run: z.boolean(),
  is_us: z.boolean(),
  end_date: z.iso.date().nullable(),
  conditions: z.array(ConditionJson),
  trigger: TriggerJson,
}
// A definition that says more or less than the domain's does not compile.
z.object(definition) satisfies z.ZodType<WorkflowDefinition>

const LastOrderJson = LastOrder.pick({
  placed_at: true,
  direction: true,
  price: true,
  quantity: true,
}).nullable()

const stamps = {
  id: z.uuid(),
  revision: z.number().int().positive(),
  created_at: Instant,
  updated_at: Instant,
}

export const WorkflowJson = z
  .object({
    ...definition,
    ...stamps,
    last_order: LastOrderJson,
    last_run: LastRun.nullable(),
  })
  .openapi('Workflow')

const WorkflowListItem = z
  .object({
    ...definition,
    ...stamps,
    last_order: LastOrderJson,
    last_run: LastRun.omit({ decision: true }).nullable(),
  })
  .openapi('WorkflowListItem')

export const WorkflowList = z
  .object({
    workflows: z.array(WorkflowListItem),
    total: z.number().int(),
    page: z.number().int(),
    per_page: z.number().int(),
    broken: z.array(z.object({ id: z.string(), name: z.string(), problem: z.string() })),
  })
  .openapi('WorkflowList')

const lastOrderJson = ({ last_order }: Workflow) =>
  last_order && {
    placed_at: last_order.placed_at,
    direction: last_order.direction,
    price: last_order.price,
    quantity: last_order.quantity,
  }

/** A workflow as JSON. */
export const workflowJson = (workflow: Workflow): z.infer<typeof WorkflowJson> => ({
  ...workflow,
  last_order: lastOrderJson(workflow),
})

const withoutDecision = ({ decision: _trace, ...run }: LastRun): Omit<LastRun, 'decision'> => run

/** A workflow in a list: its last run comes without the decision's trace, which the detail has. */
export const workflowListItem = (workflow: Workflow): z.infer<typeof WorkflowListItem> => ({
  ...workflowJson(workflow),
  last_run: workflow.last_run && withoutDecision(workflow.last_run),
})

const expiryOf = ({ ttl }: { ttl: number }): string => new Date(ttl * 1000).toISOString()

export const OrderJson = Order.extend({ expires_at: Instant }).openapi('Order')

/** An order as JSON: its record, and `expires_at`, the instant of its ttl. */
export const orderJson = (order: Order): z.infer<typeof OrderJson> => ({
  ...order,
  expires_at: expiryOf(order),
})

/** For the request of the neighbouring pages; null where there is none. */
const cursors = {
  next_cursor: z.string().nullable(),
  previous_cursor: z.string().nullable(),
}

export const HistoryJson = z
  .object({
    orders: z.array(OrderSummary),
    total: z.number().int().nullable(),
    page: z.number().int().nullable(),
    per_page: z.number().int(),
    ...cursors,
  })
  .openapi('OrderHistory')

const OrderListItem = ListedOrder.omit({ ttl: true })
  .extend({ expires_at: Instant })
  .openapi('OrderListItem')

export const OrderListJson = z
  .object({
    orders: z.array(OrderListItem),
    per_page: z.number().int(),
    ...cursors,
    incomplete_before: Instant.nullable(),
  })
  .openapi('OrderList')

/** An order in a list over several workflows. */
export const orderListItem = ({ ttl, ...order }: ListedOrder): z.infer<typeof OrderListItem> => ({
  ...order,
  expires_at: expiryOf({ ttl }),
})

export const OrdersSummaryJson = z
  .object({
    workflow_id: z.string(),
    count: z.number().int(),
    last_order: OrderSummary.nullable(),
  })
  .openapi('OrdersSummary')

export const WorkflowRunJson = z.object(WorkflowRun.shape).openapi('WorkflowRun')

export const AttentionJson = z
  .object({
    attention: z.array(
      z
        .object({
          order_id: z.string(),
          workflow_id: z.string(),
          workflow_name: z.string(),
          state: z.enum(['claimed', 'placed', 'abandoned']),
          claimed_at: Instant,
          placed_at: Instant.nullable(),
          broker_order_id: z.string().nullable(),
          order: Order.pick({
            direction: true,
            quantity: true,
            price: true,
            order_type: true,
            slot: true,
          }).extend({ code: z.string(), unit_time }),
          known: z.string(),
          to_do: z.string(),
        })
        .openapi('AttentionEntry'),
    ),
    total: z.number().int(),
  })
  .openapi('Attention')

export const IndicatorTypes = z
  .object({
    indicator_types: z.array(
      z.object({
        name: z.enum(INDICATORS),
        label: z.string(),
        inputs: z.array(z.enum(['value', 'zone_value', 'x1', 'x2'])),
      }),
    ),
  })
  .openapi('IndicatorTypes')

/** A failure: RFC 9457, with an entry per field that is wrong. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    request_id: z.string(),
    errors: z
      .array(z.object({ field: z.string(), message: z.string(), value: z.unknown().optional() }))
      .optional(),
  })
  .openapi('Problem')
