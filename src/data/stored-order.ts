import type { z } from 'zod'
import { ListedOrder, Order, OrderSummary, sortKeyOf } from '../domain/order.ts'

type Item = Record<string, unknown>

export const orderToItem = (order: Order): Item => ({
  ...order,
  placed_at: sortKeyOf(order),
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

export const parseListedOrder = (item: Item): z.ZodSafeParseResult<ListedOrder> =>
  ListedOrder.safeParse(withoutSuffix(item))
