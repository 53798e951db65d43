import type { Decision, Trace } from '../../src/domain/decision.ts'
import {
  orderIdOf,
  type IntendedOrder,
  type Order,
  type PlacedOrder,
} from '../../src/domain/order.ts'
import {
  StoredDefinition,
  WorkflowDefinition,
  type LastRun,
  type Workflow,
} from '../../src/domain/workflow.ts'

export const WORKFLOW_ID = '0b9c2a4e-5d1f-4c3a-8e7b-6f5d4c3b2a19'
export const PLACED_AT = '2026-11-23T09:30:00.250Z'
/** Seven days. */
export const RETENTION = 604_800

const SLOT = '2026-11-23T08:00:00.000Z'
const AT = '2026-11-20T12:00:00.000Z'

/** Sells the break of a level that the price closes just under. */
export const aDefinition = (changes: Record<string, unknown> = {}): WorkflowDefinition =>
  WorkflowDefinition.parse({
    name: 'Sell under 100',
    index: 'DAX.I',
    cfd: 'GER40.I',
    dry_run: false,
    conditions: [
      {
        indicator: { name: 'polarite', unit_time: 'h1', value: 100 },
        close: { direction: 'below', unit_time: 'h1', spread: 5 },
      },
    ],
    trigger: { unit_time: 'h1', location: 'lower', order_direction: 'sell', quantity: 2 },
    ...changes,
  })

/** One whose trigger can never fire, as old definitions may be. */
export const anUnfittingDefinition = (): WorkflowDefinition => {
  const { trigger, ...definition } = aDefinition()
  return StoredDefinition.parse({ ...definition, trigger: { ...trigger, location: 'higher' } })
}

/** The days that are counted at `now`, and the orders of each: none but the given ones. */
export const ordersByDay = (now: Date, counts: Record<string, number> = {}) =>
  Array.from({ length: 8 }, (_, index) => {
    const day = new Date(now.getTime() - (7 - index) * 24 * 3_600_000).toISOString().slice(0, 10)
    return { day, count: counts[day] ?? 0 }
  })

export const aWorkflow = (changes: Partial<Workflow> = {}): Workflow => ({
  ...aDefinition(),
  id: WORKFLOW_ID,
  revision: 1,
  created_at: AT,
  updated_at: AT,
  last_order: null,
  orders_by_day: [],
  last_run: null,
  ...changes,
})

const aTrace = (): Trace => {
  const candle = {
    code: 'GER40.I',
    unit_time: 'h1' as const,
    date: SLOT,
    open: 99,
    high: 100.5,
    low: 97.25,
    close: 98,
  }
  return {
    conditions: [
      {
        indicator: 'polarite',
        indicator_code: 'DAX.I',
        indicator_unit_time: 'h1',
        indicator_value: 100,
        direction: 'below',
        spread: 5,
        element: null,
        candle,
        checks: [
          { rule: 'within', price: 'close', value: 98, lower: 95, upper: 100, holds: true },
          {
            rule: 'straddles',
            reached: 'high',
            reached_value: 100.5,
            close: 98,
            level: 100,
            holds: true,
          },
        ],
        holds: true,
      },
    ],
    trigger: { candle, location: 'lower', offset: 1, price: 96.25, tick_size: null },
  }
}

/** An order before it meets a broker; its id follows from its workflow and slot. */
export const anIntendedOrder = (changes: Partial<IntendedOrder> = {}): IntendedOrder => {
  const { workflow_id = WORKFLOW_ID, slot = SLOT } = changes
  const order_id = changes.order_id ?? orderIdOf(workflow_id, slot)
  return {
    order_id,
    workflow_id,
    workflow_name: 'Sell under 100',
    revision: 1,
    price: 96.25,
    quantity: 2,
    direction: 'SELL',
    order_type: 'OPEN_STOP',
    asset: { code: 'GER40.I', index: 'DAX.I', asset_type: 'CfdOnIndex' },
    client_order_id: order_id,
    trigger_close: 98,
    slot,
    execution_context: { trigger_source: 'server', request_id: 'run-1', user: null },
    trace: aTrace(),
    ...changes,
  }
}

export const aPlacedOrder = ({
  placed_at = PLACED_AT,
  broker_order_id = 'paper-1',
  ...changes
}: Partial<PlacedOrder> = {}): PlacedOrder => ({
  ...anIntendedOrder(changes),
  placed_at,
  broker_order_id,
})

/** An order of the trail; it expires seven days after it was placed. */
export const anOrder = ({ ttl, ...changes }: Partial<Order> = {}): Order => {
  const placed = aPlacedOrder(changes)
  return { ...placed, ttl: ttl ?? Math.floor(Date.parse(placed.placed_at) / 1000) + RETENTION }
}

const aDecision = (): Decision => ({ kind: 'no_signal', slot: SLOT, trace: aTrace() })

export const aLastRun = (changes: Partial<LastRun> = {}): LastRun => ({
  at: PLACED_AT,
  request_id: 'run-1',
  outcome: 'no_signal',
  reason: 'condition 1 does not hold',
  order_id: null,
  decision: aDecision(),
  ...changes,
})
