import type { CandleTrace, Decision } from '../domain/decision.ts'
import {
  orderIdOf,
  type ExecutionContext,
  type PlacedOrder,
  type BrokerOrder,
} from '../domain/order.ts'
import type { Logger, MarketData, Workflows } from '../domain/ports.ts'
import type { Candle, UnitTime } from '../domain/candle.ts'
import { messageOf } from '../domain/errors.ts'
import { marketOf, type Workflow } from '../domain/workflow.ts'
import { evaluate } from './evaluate.ts'
import { fetchMarket, type RunMarket } from './market-view.ts'
import { asPlaced } from './record.ts'

/** At most; trading hours leave most of it out. */
const SECONDS: Record<UnitTime, number> = {
  '5m': 300,
  '15m': 900,
  '30m': 1800,
  h1: 3600,
  h4: 14_400,
  daily: 86_400,
  weekly: 604_800,
  monthly: 2_678_400,
}

export interface RecogniseDeps {
  workflows: Pick<Workflows, 'list'>
  market: MarketData
  logger: Logger
}

interface Options {
  now: Date
  context: ExecutionContext
  /** How far back candles are tried. */
  window_seconds: number
}

/** The candles on which a workflow may have placed an order, newest first. */
const slotsOf = async (
  { market, logger }: RecogniseDeps,
  workflow: Workflow,
  { now, window_seconds }: Options,
): Promise<Candle[]> => {
  const { cfd: code, trigger } = workflow
  // A slot is the last closed candle, so the oldest one may have opened well before the window.
  const count = Math.ceil(window_seconds / SECONDS[trigger.unit_time]) + 2
  try {
    const request = { code, unit_time: trigger.unit_time, count, market: marketOf(workflow), now }
    return await market.candles(request)
  } catch (error) {
    logger.warn('sweep.no_candles', { workflow_id: workflow.id, problem: messageOf(error) })
    return []
  }
}

/** What the workflow decides with the candles of that time, or null when it is no order any more. */
const decisionAt = (
  workflow: Workflow,
  market: RunMarket,
  slot: string,
): Extract<Decision, { kind: 'order' }> | null => {
  try {
    const decision = evaluate(workflow, market.view(workflow))
    return decision.kind === 'order' && decision.slot === slot ? decision : null
  } catch {
    return null
  }
}

/** All that can be said of an order that only the broker knows, once its workflow and slot are found. */
const reconstructed = async (
  { market }: RecogniseDeps,
  workflow: Workflow,
  candle: Candle,
  order: BrokerOrder,
  context: ExecutionContext,
): Promise<PlacedOrder> => {
  const { id, name, revision, index, cfd, trigger } = workflow
  const { date, open, high, low, close } = candle
  const runMarket = await fetchMarket(market, [workflow], new Date(order.placed_at))
  const decision = decisionAt(workflow, runMarket, date)
  const slot: CandleTrace = {
    code: cfd,
    unit_time: trigger.unit_time,
    date,
    open,
    high,
    low,
    close,
  }
  return asPlaced(
    {
      order_id: order.client_order_id,
      client_order_id: order.client_order_id,
      price: order.price,
      quantity: order.quantity,
      direction: order.direction,
      order_type: order.order_type,
      workflow_id: id,
      workflow_name: name,
      revision,
      asset: { code: cfd, index, asset_type: runMarket.instrument(cfd).asset_type },
      slot: date,
      execution_context: context,
      trigger_close: decision?.trigger_close ?? close,
      // The definition may have changed since; then the conditions of that time are not known.
      trace: decision?.trace ?? {
        conditions: [],
        trigger: {
          candle: slot,
          location: trigger.location,
          offset: trigger.offset,
          price: order.price,
          tick_size: null,
        },
      },
    },
    order,
  )
}

/**
 * Finds out which workflow placed these orders, of which nothing but the broker's entry is left. An
 * order id is a function of workflow and slot, so it is computed again for every workflow that trades
 * the instrument and every slot of the window. An order that is nobody's is left out.
 * @throws DomainError `store_unavailable` when the workflows cannot be read
 */
export const recognise = async (
  deps: RecogniseDeps,
  orders: readonly BrokerOrder[],
  options: Options,
): Promise<PlacedOrder[]> => {
  const wanted = new Map(orders.map((order) => [order.client_order_id, order]))
  const codes = new Set(orders.map(({ code }) => code))
  const { workflows } = await deps.workflows.list(options.now)
  const found: PlacedOrder[] = []
  for (const workflow of workflows.filter(({ cfd }) => codes.has(cfd))) {
    for (const candle of await slotsOf(deps, workflow, options)) {
      const order = wanted.get(orderIdOf(workflow.id, candle.date))
      if (!order) continue
      found.push(await reconstructed(deps, workflow, candle, order, options.context))
    }
  }
  return found
}
