import { v5 as uuidV5 } from 'uuid'
import { z } from 'zod'
import { Instant } from './candle.ts'
import { ProposedOrder, Trace } from './decision.ts'

const ASSET_TYPES = [
  'WarrantOpenEndKnockOut',
  'WarrantKnockOut',
  'Etf',
  'Etc',
  'MiniFuture',
  'Stock',
  'StockIndex',
  'CfdOnIndex',
  'CfdOnFutures',
  'Crypto',
] as const
export type AssetType = (typeof ASSET_TYPES)[number]

/** Who or what started the run that placed an order. `request_id` names that run. */
export const ExecutionContext = z
  .object({
    trigger_source: z.enum(['lambda', 'cli', 'server', 'api']),
    request_id: z.string().meta({ description: 'Names the run; it is in the log, too' }),
    user: z.string().nullable().meta({ description: 'Null where nobody is signed in' }),
  })
  .meta({ id: 'ExecutionContext', description: 'Who or what started the run' })
export type ExecutionContext = z.infer<typeof ExecutionContext>

const Asset = z
  .object({
    code: z.string().meta({ description: 'The code of the instrument that is traded' }),
    index: z.string().meta({ description: 'The code of the one that indicators are computed on' }),
    asset_type: z.enum(ASSET_TYPES).nullable().meta({ description: 'Null: not known' }),
  })
  .meta({ id: 'Asset', description: 'What is traded' })

/**
 * One order that the broker accepted: the record of the trail, the JSON and the props of the pages.
 * Prices are in the instrument's currency, `ttl` is in epoch seconds.
 */
export const Order = z.object({
  order_id: z
    .string()
    .meta({ format: 'uuid', description: 'Follows from the workflow and the slot' }),
  workflow_id: z.string().meta({ format: 'uuid' }),
  workflow_name: z.string().meta({ description: 'The name that the workflow had at the time' }),
  revision: z
    .number()
    .int()
    .positive()
    .meta({ description: 'Which revision of the workflow placed it' }),
  placed_at: Instant.meta({ description: 'When the broker accepted it' }),
  price: z.number().positive().meta({ description: 'In the currency of the instrument' }),
  quantity: z.number().positive().meta({ description: 'In units of the instrument' }),
  direction: z.enum(['BUY', 'SELL']),
  order_type: z.enum(['LIMIT', 'OPEN_STOP']),
  asset: Asset,
  client_order_id: z.string().meta({ description: 'The id that the order was sent with' }),
  broker_order_id: z.string().meta({ description: "The broker's own id" }),
  trigger_close: z.number().meta({
    description: "The close of the first condition's candle, in the currency of the instrument",
  }),
  slot: Instant.meta({
    description: 'When the candle of the trigger opened: there is one order per workflow and slot',
  }),
  execution_context: ExecutionContext,
  trace: Trace,
  ttl: z
    .number()
    .int()
    .meta({ description: 'When it is removed from the trail, in epoch seconds' }),
})
export type Order = z.infer<typeof Order>

/** An order that is about to be placed: all that is known before the broker answers. */
export type IntendedOrder = Omit<Order, 'placed_at' | 'broker_order_id' | 'ttl'>

/** An order that the broker accepted; the store stamps its `ttl` when it records it. */
export type PlacedOrder = Omit<Order, 'ttl'>

/** An order as a list shows it. */
export const OrderSummary = Order.pick({
  order_id: true,
  workflow_id: true,
  placed_at: true,
  price: true,
  quantity: true,
  direction: true,
}).meta({ id: 'OrderSummary', description: 'An order as the history of its workflow shows it' })
export type OrderSummary = z.infer<typeof OrderSummary>

/** An order as a list over several workflows shows it; `ttl` says when it will be gone. */
export const ListedOrder = Order.pick({
  order_id: true,
  workflow_id: true,
  workflow_name: true,
  placed_at: true,
  price: true,
  quantity: true,
  direction: true,
  order_type: true,
  asset: true,
  ttl: true,
})
export type ListedOrder = z.infer<typeof ListedOrder>

/** An order in the broker's own book. */
export const BrokerOrder = ProposedOrder.extend({
  client_order_id: z.string(),
  broker_order_id: z.string().min(1).meta({ description: "The broker's own id" }),
  placed_at: Instant,
}).meta({ id: 'BrokerOrder', description: "An order in the broker's own book" })
export type BrokerOrder = z.infer<typeof BrokerOrder>

/**
 * Where an order stands in the trail, by its time: two that were placed in one millisecond do not
 * collide.
 */
export const sortKeyOf = ({ placed_at, order_id }: Pick<Order, 'placed_at' | 'order_id'>): string =>
  `${placed_at}#${order_id}`

/**
 * The id of the one order that a workflow may place on one trigger candle: a UUIDv5 of the slot in
 * the namespace of the workflow, so every attempt on every machine computes the same one.
 */
export const orderIdOf = (workflow_id: string, slot: string): string => uuidV5(slot, workflow_id)
