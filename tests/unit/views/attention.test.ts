import { describe, expect, test } from 'vitest'
import { DomainError } from '../../../src/domain/errors.ts'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import { anIntent, anOrder, aWorkflow, NOW, WORKFLOW_ID } from './samples.ts'
import { visit } from './visit.ts'

const OTHER_ID = '3f0c8c1e-6d5b-4b7e-9a55-0d7c2f1b9a20'

const minutesAgo = (minutes: number): string =>
  new Date(NOW.getTime() - minutes * 60_000).toISOString()

/** `count` orders that were given up, oldest first, two an hour; the price tells them apart. */
const abandoned = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    anIntent({
      state: 'abandoned',
      claimed_at: minutesAgo((count - index) * 30),
      order: { price: 2000 + count - index },
    }),
  )

describe('the list of workflows', () => {
  test('says of each order which one it is, what is known and what to do', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], open: [anIntent()] })
    const { html, text } = await visit(store, paths.workflows)
    expect(text).toContain('Needs attention: 1 order ')
    expect(text).toContain(
      '▲BUY 0.5 US500.I at 1,854.07 Buy the dip at the 50-day average, S&P 500 Stop order, daily candle of 2014-02-03 Uncleartried 30 minutes ago',
    )
    expect(text).toContain('It is not known whether the broker has the order')
    expect(text).toContain('What to do: Look for it at the broker before you trade by hand')
    expect(html).toContain('<code>ordertrail reconcile</code>')
    expect(text).toContain(`Client order id ${anOrder().order_id}`)
    expect(html).toContain(
      '<time class="relative" datetime="2026-11-23T11:30:00.000Z" title="2026-11-23 11:30:00 UTC">30 minutes ago</time>',
    )
  })

  test('gives the time and the id of an order that the broker accepted', async () => {
    const placed = anIntent({
      state: 'placed',
      placed_at: '2026-11-23T11:30:00.400Z',
      broker_order_id: 'paper-7',
    })
    const { text } = await visit(
      fakeStore({ workflows: [aWorkflow()], open: [placed] }),
      paths.workflows,
    )
    expect(text).toContain('Not recorded yet')
    expect(text).toContain('The broker accepted the order; it is not in the trail yet.')
    expect(text).toContain('Accepted 2026-11-23 11:30:00 UTCBroker order id paper-7')
  })

  test('has no such section, and marks nothing, while nothing needs attention', async () => {
    const recorded = anIntent({ state: 'recorded' })
    const young = anIntent({ claimed_at: '2026-11-23T11:59:01.000Z' })
    for (const open of [[], [recorded], [young]]) {
      const { text } = await visit(fakeStore({ workflows: [aWorkflow()], open }), paths.workflows)
      expect(text.toLowerCase()).not.toContain('needs attention')
    }
  })

  test('marks the row of the workflow, and no other one', async () => {
    const store = fakeStore({
      workflows: [aWorkflow(), aWorkflow({ id: OTHER_ID, name: 'Calm' })],
      open: [anIntent()],
    })
    const { html } = await visit(store, paths.workflows)
    const marks = [...html.matchAll(/<a class="pill pill-warn" href="([^"]+)">Needs attention</g)]
    expect(marks.map(([, href]) => href)).toEqual([paths.workflow(WORKFLOW_ID)])
  })

  test('shows the newest five and folds the others away, none of them lost', async () => {
    const { html, text } = await visit(
      fakeStore({ workflows: [aWorkflow()], open: abandoned(300) }),
      paths.workflows,
    )
    expect(text).toContain('Needs attention: 300 orders 300 not placed · newest first')
    expect(text).toContain('295 older orders')
    const [shown = '', folded = ''] = html.split('<details>')
    const prices = (part: string) => [...part.matchAll(/at (2,\d+)<\/h3>/g)].map(([, at]) => at)
    expect(prices(shown)).toEqual(['2,001', '2,002', '2,003', '2,004', '2,005'])
    expect(prices(folded)).toHaveLength(295)
    expect(prices(folded)[294]).toBe('2,300')
  })

  test('folds nothing away as long as there are five', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], open: abandoned(5) })
    expect((await visit(store, paths.workflows)).html).not.toContain('<details>')
  })

  test('counts the orders by what is known of them', async () => {
    const open = [
      anIntent({ state: 'abandoned' }),
      anIntent({ state: 'abandoned' }),
      anIntent(),
      anIntent({ state: 'placed' }),
    ]
    const { text } = await visit(fakeStore({ workflows: [aWorkflow()], open }), paths.workflows)
    expect(text).toContain('1 unclear, 1 not recorded yet, 2 not placed · newest first')
  })

  test('gives a workflow the name it has, and a deleted one the name it had', async () => {
    const order = { workflow_name: 'As it was called' }
    const open = [anIntent({ order }), anIntent({ order: { ...order, workflow_id: OTHER_ID } })]
    const store = fakeStore({ workflows: [aWorkflow({ name: 'As it is called' })], open })
    const { html, text } = await visit(store, paths.workflows)
    expect(text).toContain('As it is called Stop order')
    expect(text).toContain('As it was called (deleted) Stop order')
    expect(html).toContain(`<a href="${paths.workflow(OTHER_ID)}">As it was called</a>`)
  })

  test('shows what is left of a workflow that cannot be read, and marks it too', async () => {
    const store = fakeStore({
      broken: [{ id: OTHER_ID, name: 'DAX pivot', problem: 'conditions: expected one' }],
      open: [anIntent({ order: { workflow_id: OTHER_ID } })],
    })
    const { html, text } = await visit(store, paths.workflows)
    expect(text).toContain('at 1,854.07 DAX pivot Stop order')
    expect(html).toContain(
      `<a class="pill pill-warn" href="${paths.workflow(OTHER_ID)}">Needs attention</a>`,
    )
  })

  test('says what needs attention although no workflow is left', async () => {
    const { text } = await visit(fakeStore({ open: [anIntent()] }), paths.workflows)
    expect(text).toContain('Needs attention: 1 order')
    expect(text).toContain('No workflows yet')
  })

  test('is not shown without what needs attention when that cannot be read', async () => {
    const store = fakeStore({ workflows: [aWorkflow()] })
    const needingAttention = () =>
      Promise.reject(new DomainError('store_unavailable', 'no answer within 3 s'))
    for (const path of [paths.workflows, paths.workflow(WORKFLOW_ID)]) {
      const page = await visit({ ...store, intents: { needingAttention } }, path)
      expect(page.status).toBe(503)
      expect(page.text).toContain('did not answer')
    }
  })

  test('shows what a broker said as text', async () => {
    const open = [anIntent({ state: 'abandoned', reason: '<img src=x> `rm`' })]
    const { html } = await visit(fakeStore({ open }), paths.workflows)
    expect(html).toContain('The order was not placed: &lt;img src=x&gt; `rm`.')
  })
})

describe('the page of a workflow', () => {
  test('has its own orders that need attention before everything else', async () => {
    const store = fakeStore({
      workflows: [aWorkflow()],
      open: [anIntent(), anIntent({ order: { workflow_id: OTHER_ID, price: 99 } })],
    })
    const { text } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(text).toContain('Needs attention: 1 order')
    expect(text).toContain('at 1,854.07')
    expect(text).not.toContain('at 99')
    expect(text.indexOf('Needs attention')).toBeLessThan(text.indexOf('What it does'))
  })

  test('that was deleted shows its orders that need attention, with or without a history', async () => {
    const open = [anIntent()]
    const without = await visit(fakeStore({ open }), paths.workflow(WORKFLOW_ID))
    expect(without.status).toBe(200)
    expect(without.text).toContain('Buy the dip at the 50-day average, S&P 500')
    expect(without.text).toContain('This workflow was deleted.')
    expect(without.text).toContain('Needs attention: 1 order')
    expect(without.text).not.toContain('Order history')

    const orders = [anOrder({ slot: '2014-02-04T00:00:00.000Z' })]
    const withHistory = await visit(fakeStore({ open, orders }), paths.workflow(WORKFLOW_ID))
    expect(withHistory.text).toContain('Needs attention: 1 order')
    expect(withHistory.text).toContain('1 order in the last 7 days')
    expect(withHistory.html).toContain(`href="${paths.workflowOrders(WORKFLOW_ID)}"`)
  })

  test('that cannot be read says what is wrong, can be mended, and shows what needs attention', async () => {
    const broken = [{ id: WORKFLOW_ID, name: 'DAX', problem: 'conditions: expected one' }]
    const left = await visit(fakeStore({ broken, open: [anIntent()] }), paths.workflow(WORKFLOW_ID))
    const nothing = await visit(fakeStore({ broken }), paths.workflow(WORKFLOW_ID))
    for (const { status, html, text } of [left, nothing]) {
      expect(status).toBe(200)
      expect(text).toContain('The stored definition of this workflow is broken')
      expect(text).toContain('Conditions: expected one.')
      expect(html).toContain(`href="${paths.workflowEdit(WORKFLOW_ID)}"`)
    }
    expect(left.text).toContain('Needs attention: 1 order')
  })
})
