import type { Check, Trace } from '../../../src/domain/decision.ts'
import { orderIdOf, type Order } from '../../../src/domain/order.ts'
import type { Intent } from '../../../src/domain/ports.ts'
import { StoredDefinition, type LastRun, type Workflow } from '../../../src/domain/workflow.ts'

export const NOW = new Date('2026-11-23T12:00:00.000Z')
export const WORKFLOW_ID = '3f0c8c1e-6d5b-4b7e-9a55-0d7c2f1b9a10'

type ConditionTrace = Trace['conditions'][number]
type CandleTrace = ConditionTrace['candle']

/** A candle of the S&P 500; a test says what matters. */
export const aCandle = (given: Partial<CandleTrace> = {}): CandleTrace => ({
  code: 'US500.I',
  unit_time: 'daily',
  date: '2014-02-03T00:00:00.000Z',
  open: 1842.5,
  high: 1853.07,
  low: 1834.92,
  close: 1845.16,
  ...given,
})

/** One comparison of a price with bounds, as the engine makes it. */
export const within = (
  price: 'close' | 'high' | 'low',
  value: number,
  [lower, upper]: readonly [number, number],
): Check => ({
  rule: 'within',
  price,
  value,
  lower,
  upper,
  holds: lower <= value && value <= upper,
})

/** A condition that was evaluated: the close is near the 50-day average. */
export const aConditionTrace = (given: Partial<ConditionTrace> = {}): ConditionTrace => {
  const checks = given.checks ?? [
    within('close', 1845.16, [1840.08, 1852.08]),
    within('low', 1834.92, [1840.08, 1852.08]),
  ]
  return {
    indicator: 'ma50',
    indicator_code: 'US500.I',
    indicator_unit_time: 'daily',
    indicator_value: 1840.08,
    direction: 'above',
    spread: 12,
    element: null,
    candle: aCandle(),
    holds: checks.some(({ holds }) => holds),
    ...given,
    checks,
  }
}

export const aTrace = (...conditions: ConditionTrace[]): Trace => ({
  conditions: conditions.length > 0 ? conditions : [aConditionTrace()],
  trigger: { candle: aCandle(), location: 'higher', offset: 1, price: 1854.07, tick_size: null },
})

/** The orders of the last seven days, on eight days, the oldest first; none where nothing is given. */
export const ordersByDay = (...counts: number[]): Workflow['orders_by_day'] =>
  Array.from({ length: 8 }, (_, index) => ({
    day: new Date(NOW.getTime() - (7 - index) * 86_400_000).toISOString().slice(0, 10),
    count: counts[index] ?? 0,
  }))

/** A stored workflow, read by the product's own schema. */
export const aWorkflow = (
  given: Partial<Omit<Workflow, 'conditions' | 'trigger'>> & {
    conditions?: unknown[]
    trigger?: unknown
  } = {},
): Workflow => {
  const {
    id,
    revision,
    created_at,
    updated_at,
    last_order,
    orders_by_day,
    last_run,
    ...definition
  } = given
  return {
    ...StoredDefinition.parse({
      name: 'Buy the dip at the 50-day average, S&P 500',
      index: 'US500.I',
      cfd: 'US500.I',
      dry_run: false,
      is_us: true,
      conditions: [
        {
          indicator: { name: 'ma50', unit_time: 'daily' },
          close: { direction: 'above', unit_time: 'daily', spread: 12 },
        },
      ],
      trigger: {
        unit_time: 'daily',
        location: 'higher',
        order_direction: 'buy',
        quantity: 0.5,
        offset: 1,
      },
      ...definition,
    }),
    id: id ?? WORKFLOW_ID,
    revision: revision ?? 3,
    created_at: created_at ?? '2026-10-01T08:00:00.000Z',
    updated_at: updated_at ?? '2026-11-17T16:20:05.000Z',
    last_order: last_order ?? null,
    orders_by_day: orders_by_day ?? ordersByDay(),
    last_run: last_run ?? null,
  }
}

/** A placed order of that workflow. */
export const anOrder = (given: Partial<Order> = {}): Order => {
  const slot = given.slot ?? '2014-02-03T00:00:00.000Z'
  const workflow_id = given.workflow_id ?? WORKFLOW_ID
  const placed_at = given.placed_at ?? '2026-11-21T09:30:00.000Z'
  const order_id = given.order_id ?? orderIdOf(workflow_id, slot)
  return {
    order_id,
    workflow_id,
    workflow_name: 'Buy the dip at the 50-day average, S&P 500',
    revision: 3,
    placed_at,
    price: 1854.07,
    quantity: 0.5,
    direction: 'BUY',
    order_type: 'OPEN_STOP',
    asset: { code: 'US500.I', index: 'US500.I', asset_type: 'CfdOnIndex' },
    client_order_id: order_id,
    broker_order_id: 'paper-000017',
    trigger_close: 1845.16,
    slot,
    execution_context: {
      trigger_source: 'server',
      request_id: '0d4ba2c0-6f0d-4a6e-8f31-52b7f6c2b6a1',
      user: null,
    },
    trace: aTrace(),
    ttl: Math.floor(Date.parse(placed_at) / 1000) + 604_800,
    ...given,
  }
}

/** A claim on that order, half an hour old; nobody knows what became of it. */
export const anIntent = ({
  order: changes,
  ...given
}: Partial<Omit<Intent, 'order'>> & { order?: Partial<Order> } = {}): Intent => {
  const { placed_at: _placed, broker_order_id: _broker, ttl: _ttl, ...order } = anOrder(changes)
  return {
    order_id: order.order_id,
    state: 'claimed',
    owner: 'run-1',
    claimed_at: '2026-11-23T11:30:00.000Z',
    order,
    placed_at: null,
    broker_order_id: null,
    reason: null,
    ...given,
  }
}

export const aLastRun = (given: Partial<LastRun> = {}): LastRun => ({
  at: '2026-11-23T11:30:00.000Z',
  request_id: '9c1e2f0a-2f44-4f0e-9d7b-1f6f3a2f7c11',
  outcome: 'no_signal',
  reason: null,
  order_id: null,
  decision: null,
  ...given,
})
