import { describe, expect, test } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import { aConditionTrace, anOrder, aTrace, WORKFLOW_ID } from './samples.ts'
import { visit } from './visit.ts'

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000001'

describe('the page of an order', () => {
  test('tells everything about it', async () => {
    const order = anOrder()
    const { html, text } = await visit(fakeStore({ orders: [order] }), paths.order(order.order_id))
    expect(text).toContain('Buy 0.5 US500.I at 1,854.07')
    expect(text).toContain('Type Stop (OPEN_STOP)')
    expect(text).toContain('Placed 2026-11-21 09:30:00 UTC')
    expect(text).toContain('Kept until 2026-11-28 09:30:00 UTC in 5 days')
    expect(text).toContain('Broker order id paper-000017')
    expect(text).toContain(`Client order id ${order.client_order_id}`)
    expect(text).toContain('Revision 3')
    expect(text).toContain('Run started by Schedule (server) User None')
    expect(text).toContain(order.execution_context.request_id)
    expect(html).toContain(`href="${paths.workflow(WORKFLOW_ID)}"`)
    expect(html).toContain(`href="${paths.api.order(order.order_id)}"`)
  })

  test('tells why, in words and with every check', async () => {
    const order = anOrder()
    const { text } = await visit(fakeStore({ orders: [order] }), paths.order(order.order_id))
    expect(text).toContain(
      'Close 1,845.16 was within 12 points above the daily MA50 at 1,840.08 (daily candle of 2014-02-03).',
    )
    expect(text).toContain('Close 1,845.16 1,840.08 to 1,852.08 ✓ Holds')
    expect(text).toContain('Low 1,834.92 1,840.08 to 1,852.08 Not needed5.16 points below')
    expect(text).toContain(
      'The price 1,854.07 is 1 point above the high 1,853.07 of the daily candle of 2014-02-03.',
    )
  })

  test('shows the checks of a pivot and of a signal', async () => {
    const pivot = aConditionTrace({
      indicator: 'polarite',
      checks: [
        {
          rule: 'straddles',
          reached: 'high',
          reached_value: 2004,
          close: 1998,
          level: 2000,
          holds: true,
        },
      ],
    })
    const signal = aConditionTrace({
      indicator: 'combo',
      indicator_value: 'SELL',
      checks: [{ rule: 'signal', expected: 'SELL', actual: 'SELL', holds: true }],
    })
    const order = anOrder({ trace: aTrace(pivot, signal) })
    const { text } = await visit(fakeStore({ orders: [order] }), paths.order(order.order_id))
    expect(text).toContain('High, close 2,004, 1,998 ≥ 2,000, ≤ 2,000 ✓ Holds')
    expect(text).toContain('Signal SELL SELL ✓ Holds')
  })

  test('names the user of a run by hand', async () => {
    const execution_context = { trigger_source: 'cli', request_id: 'run-7', user: 'ada' } as const
    const order = anOrder({ execution_context })
    const { text } = await visit(fakeStore({ orders: [order] }), paths.order(order.order_id))
    expect(text).toContain('Run started by Command line User ada Run id run-7')
  })

  test('is not found once it has expired', async () => {
    const { status, text } = await visit(fakeStore({}), paths.order(UNKNOWN_ID))
    expect(status).toBe(404)
    expect(text).toContain('or it has expired: orders are kept for 7 days')
  })
})
