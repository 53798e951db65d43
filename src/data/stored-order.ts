import type { z } from 'zod'
import { Order, OrderSummary } from '../domain/order.ts'

type Item = Record<string, unknown>

/** The sort key: two orders that were placed in one millisecond do not collide. */
const orderKey = ({
  workflow_id,
  placed_at,
  order_id,
}: Pick<Order, 'workflow_id' | 'placed_at' | 'order_id'>) => ({
  workflow_id,
  placed_at: `${placed_at}#${order_id}`,
})

export const orderToItem = (order: Order): Item => ({
  ...order,
  ...orderKey(order),
  placed_on: order.placed_at.slice(0, 10),
})

const withoutSuffix = (item: Item): Item => ({
  ...item,
  placed_at: String(item['placed_at']).split('#')[0],
})

/** The attributes of an order as a list shows it. */
export const SUMMARY_ATTRIBUTES = Object.keys(OrderSummary.shape)

export const parseOrder = (item: Item): z.ZodSafeParseResult<Order> =>
  Order.safeParse(withoutSuffix(item))

export const parseOrderSummary = (item: Item): z.ZodSafeParseResult<OrderSummary> =>
  OrderSummary.safeParse(withoutSuffix(item))
