import { describe, expect, test } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import {
  aConditionTrace,
  aLastRun,
  anOrder,
  aTrace,
  aWorkflow,
  ordersByDay,
  within,
  WORKFLOW_ID,
} from './samples.ts'
import { someOrders, visit } from './visit.ts'

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000001'

describe('the page of a workflow', () => {
  test('tells the definition and the facts', async () => {
    const workflow = aWorkflow({ end_date: '2026-12-31', index: 'SPX', is_us: true })
    const { text } = await visit(fakeStore({ workflows: [workflow] }), paths.workflow(WORKFLOW_ID))
    expect(text).toContain(
      'The daily close or low is within 12 points above the daily MA50 of SPX.',
    )
    expect(text).toContain('Buy 0.5 US500.I 1 point above the high of the daily candle.')
    expect(text).toMatch(
      /Traded \(cfd\) US500.I Level \(index\) SPX Market hours New York End date 2026-12-31 Revision 3/,
    )
    expect(text).toContain(WORKFLOW_ID)
  })

  test('tells every condition of several', async () => {
    const close = { direction: 'above', unit_time: 'daily', spread: 6 }
    const conditions = [
      { indicator: { name: 'ma7', unit_time: 'daily' }, close },
      { indicator: { name: 'ma50', unit_time: 'weekly' }, close },
    ]
    const store = fakeStore({ workflows: [aWorkflow({ conditions })] })
    const { text } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(text).toContain('When all of these hold')
    expect(text).toContain('above the daily MA7.')
    expect(text).toContain('above the weekly MA50.')
  })

  test('answers why the last run ordered nothing', async () => {
    const trace = aTrace(
      aConditionTrace({
        indicator_value: 7833.2,
        spread: 13.2,
        direction: 'below',
        checks: [within('close', 7845.5, [7820, 7833.2])],
      }),
    )
    const last_run = aLastRun({
      decision: { kind: 'no_signal', slot: '2014-02-03T00:00:00.000Z', trace },
    })
    const store = fakeStore({ workflows: [aWorkflow({ last_run })] })
    const { text } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(text).toContain('No signal 12.30 away, 30 minutes ago')
    expect(text).toContain('Close 7,845.5 was 12.3 points above the band 7,820 to 7,833.2')
    expect(text).toContain('Close 7,845.5 7,820 to 7,833.2 ✗ Does not hold12.3 points above')
  })

  test.each([
    ['failed', 'AAPL:xnas daily: the price source has no such file', 'Failed'],
    ['refused', 'the quantity is 0, and an order needs a quantity above 0', 'Refused'],
    ['unknown', 'no clear answer from the broker: timeout', 'No clear answer from the broker'],
    ['disabled', '', 'Not evaluated: disabled'],
    ['expired', 'its end date 2026-08-31 has passed', 'Not evaluated: ended'],
  ] as const)('tells that the last run ended as %s', async (outcome, reason, name) => {
    const last_run = aLastRun({ outcome, reason: reason || null })
    const store = fakeStore({ workflows: [aWorkflow({ last_run })] })
    const { text } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(text).toContain(name)
    expect(text.toLowerCase()).toContain(reason.toLowerCase())
  })

  test('tells what a dry run would have ordered, without a link to an order', async () => {
    const last_run = aLastRun({
      outcome: 'dry_run',
      order_id: anOrder().order_id,
      decision: {
        kind: 'order',
        slot: '2014-02-03T00:00:00.000Z',
        trigger_close: 1845.16,
        order: {
          code: 'US500.I',
          direction: 'BUY',
          order_type: 'OPEN_STOP',
          price: 1854.07,
          quantity: 0.5,
        },
        trace: aTrace(),
      },
    })
    const store = fakeStore({ workflows: [aWorkflow({ last_run, dry_run: true })] })
    const { html, text } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(text).toContain('Would have traded: buy 0.5 US500.I at 1,854.07.')
    expect(text).toContain('edit the workflow and switch its dry run off')
    expect(html).not.toContain('href="/orders/')
  })

  test('sums up the last seven days, and asks for the history only on demand', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(3) })
    const { html, text } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(text).toContain('3 orders in the last 7 days, the newest 1 hour ago: ▲BUY 0.5 at 1,800')
    expect(html).toContain(
      `<a class="button" href="${paths.workflowOrders(WORKFLOW_ID)}">Show order history`,
    )
    expect(store.state.calls.toSorted()).toEqual([
      'find',
      'needingAttention',
      'summarizeWorkflowOrders',
    ])
  })

  test('tells the orders of each of the last days, and nothing where there are none', async () => {
    const of = (orders_by_day: ReturnType<typeof ordersByDay>) =>
      visit(fakeStore({ workflows: [aWorkflow({ orders_by_day })] }), paths.workflow(WORKFLOW_ID))
    const { html, text } = await of(ordersByDay(1, 0, 0, 12, 0, 0, 0, 3))
    expect(text).toContain(
      'Mon 16 Tue 17 Wed 18 Thu 19 Fri 20 Sat 21 Sun 22 Mon 23 1 0 0 12 0 0 0 3',
    )
    // The highest bar is as high as there is room, and the others are in proportion to it.
    expect(html).toContain('<rect y="0" width="100%" height="32">')
    expect(html).toContain('<rect y="24" width="100%" height="8">')
    expect((await of(ordersByDay())).html).not.toContain('by-day')
  })

  test('says that no run has looked at it, and that there are no orders', async () => {
    const { text } = await visit(
      fakeStore({ workflows: [aWorkflow()] }),
      paths.workflow(WORKFLOW_ID),
    )
    expect(text).toContain('No run yet')
    expect(text).toContain('No orders in the last 7 days')
  })

  test('that was deleted leads to the orders it left behind', async () => {
    const page = await visit(fakeStore({ orders: someOrders(1) }), paths.workflow(WORKFLOW_ID))
    expect(page.status).toBe(302)
    expect(page.headers.get('Location')).toBe(paths.workflowOrders(WORKFLOW_ID))
  })

  test('is not found when it never was there', async () => {
    const page = await visit(fakeStore({}), paths.workflow(UNKNOWN_ID))
    expect(page.status).toBe(404)
    expect(page.text).toContain(`There is no workflow ${UNKNOWN_ID}`)
  })
})
