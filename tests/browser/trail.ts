import type { Order } from '../../src/domain/order.ts'
import type { Intent } from '../../src/domain/ports.ts'
import type { Workflow } from '../../src/domain/workflow.ts'
import { ordersByDay } from '../support/builders.ts'
import { fakeStore } from '../unit/views/fake-store.ts'
import {
  aConditionTrace,
  aLastRun,
  anIntent,
  anOrder,
  aTrace,
  aWorkflow,
  NOW,
  within,
  WORKFLOW_ID,
} from '../unit/views/samples.ts'

export const IDLE_ID = '3f0c8c1e-6d5b-4b7e-9a55-0d7c2f1b9a20'
export const DELETED_ID = '3f0c8c1e-6d5b-4b7e-9a55-0d7c2f1b9a30'

export const BROKEN_ID = '3f0c8c1e-6d5b-4b7e-9a55-0d7c2f1b9a31'

/** `count` orders, the newest an hour old; the price tells them apart. */
const orders = (workflow_id: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    anOrder({
      workflow_id,
      slot: new Date(Date.UTC(2014, 1, 3 + index)).toISOString(),
      placed_at: new Date(NOW.getTime() - (index + 1) * 3_600_000).toISOString(),
      direction: index % 3 === 0 ? 'SELL' : 'BUY',
      price: 1845.16 + index,
    }),
  )

const refusal = aTrace(
  aConditionTrace({
    indicator_value: 7833.2,
    spread: 13.2,
    direction: 'below',
    checks: [within('close', 7845.5, [7820, 7833.2]), within('high', 7851, [7820, 7833.2])],
  }),
  aConditionTrace(),
)

/** `count` orders that need attention, a third of each kind, the newest a quarter of an hour old. */
export const someAttention = (workflow_id: string, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const state = (['claimed', 'placed', 'abandoned'] as const)[index % 3] ?? 'claimed'
    const at = new Date(NOW.getTime() - (index + 1) * 900_000).toISOString()
    return anIntent({
      state,
      claimed_at: at,
      placed_at: state === 'placed' ? at : null,
      broker_order_id: state === 'placed' ? `paper-${'0'.repeat(40)}${index}` : null,
      reason:
        state === 'abandoned' ? `it could not be sent to the broker: ${'x'.repeat(60)}` : null,
      order: {
        workflow_id,
        slot: new Date(Date.UTC(2014, 3, 3 + index)).toISOString(),
        direction: index % 2 === 0 ? 'SELL' : 'BUY',
        price: 1900.25 + index,
      },
    })
  })

interface Further {
  workflows?: readonly Workflow[]
  orders?: readonly Order[]
}

/** A store with a bit of everything that the pages can show, and what a test adds to it. */
export const aTrail = (open: Intent[] = [], further: Further = {}) => {
  const busy = orders(WORKFLOW_ID, 47)
  const last_run = aLastRun({
    decision: { kind: 'no_signal', slot: '2014-02-03T00:00:00.000Z', trace: refusal },
  })
  const store = fakeStore({
    workflows: [
      aWorkflow({
        last_order: busy[0] ?? null,
        orders_by_day: ordersByDay(NOW, { '2026-11-21': 11, '2026-11-22': 24, '2026-11-23': 12 }),
        last_run,
      }),
      aWorkflow({
        id: IDLE_ID,
        name: 'Fade the weekly upper band',
        dry_run: true,
        orders_by_day: ordersByDay(NOW),
      }),
      aWorkflow({ id: crypto.randomUUID(), name: 'Ended long ago', end_date: '2026-08-31' }),
      aWorkflow({
        id: crypto.randomUUID(),
        name: `Switched off, ${'with a name that does not end '.repeat(4)}${'x'.repeat(60)}`,
        cfd: 'A_VERY_LONG_INSTRUMENT_CODE_WITHOUT_ANY_SPACE:xnas',
        enable: false,
      }),
      ...(further.workflows ?? []),
    ],
    broken: [{ id: BROKEN_ID, name: 'DAX pivot', problem: 'name: expected a name, got null' }],
    orders: [...busy, ...orders(DELETED_ID, 2), ...(further.orders ?? [])],
    open,
  })
  return { ...store, newest: busy[0]?.order_id ?? '' }
}
