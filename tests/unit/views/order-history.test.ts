import { describe, expect, test } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import { anOrder, aWorkflow, NOW, WORKFLOW_ID } from './samples.ts'
import { someOrders, visit } from './visit.ts'

/** When the newest of some orders was placed. */
const NEWEST = '2026-11-23T11:00:00.000Z'
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000001'

describe('the order history', () => {
  const url = paths.workflowOrders(WORKFLOW_ID)
  const partial = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

  test('as a page contains exactly what its fragment returns', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(25) })
    const page = await visit(store, url)
    const fragment = await visit(store, url, partial)
    expect(page.html).toContain(fragment.html)
    expect(page.html).toMatch(/^<!DOCTYPE html><html lang="en"/)
    expect(fragment.html).toMatch(/^<div class="order-history">/)
    expect([page, fragment].map(({ headers }) => headers.get('Vary'))).toEqual([
      'HX-Request-Type, Accept-Encoding',
      'HX-Request-Type, Accept-Encoding',
    ])
  })

  test('is a whole page for a boosted link, which says only that htmx asks', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(1) })
    const { html } = await visit(store, url, { 'HX-Request': 'true', 'HX-Request-Type': 'full' })
    expect(html).toMatch(/^<!DOCTYPE html>/)
  })

  test('shows 20 orders a page, newest first, and leads to the older and the newer ones', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(47) })
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map((page) => visit(store, paths.workflowOrders(WORKFLOW_ID, page, NEWEST))),
    )
    const linkTo = (rel: string, page: number): string =>
      `rel="${rel}" href="${paths.workflowOrders(WORKFLOW_ID, page, NEWEST).replace('&', '&amp;')}"`
    expect(first?.text).toContain('47 orders, newest first · showing 1 to 20')
    expect(first?.text.indexOf('1,800')).toBeLessThan(first?.text.indexOf('1,801') ?? 0)
    expect(first?.text).toContain('Show 20 older orders')
    expect(first?.html).toContain(linkTo('next', 2))
    expect(first?.html).not.toContain('rel="prev"')
    expect(second?.text).toContain('showing 21 to 40')
    expect(second?.text).toContain('Show 7 older orders')
    expect(second?.html).toContain(linkTo('prev', 1))
    expect(third?.text).toContain('Page 3 of 3')
    expect(third?.html).toContain(linkTo('prev', 2))
    expect(third?.html).not.toContain('rel="next"')
  })

  test('shows on its second page what it did when it was begun, whatever was ordered since', async () => {
    const orders = someOrders(47)
    const store = fakeStore({ workflows: [aWorkflow()], orders })
    const older = paths.workflowOrders(WORKFLOW_ID, 2, NEWEST)
    const before = await visit(store, older)
    orders.push(anOrder({ slot: '2014-05-01T00:00:00.000Z', placed_at: NOW.toISOString() }))
    expect((await visit(store, older)).html).toBe(before.html)
    expect((await visit(store, url)).text).toContain('48 orders')
  })

  test.each([
    ['a workflow', [aWorkflow()]],
    ['a deleted workflow', []],
  ])('of %s whose orders expired while one was reading says so', async (_, workflows) => {
    const { status, text } = await visit(
      fakeStore({ workflows }),
      paths.workflowOrders(WORKFLOW_ID, 2, '2026-11-16T11:00:00.000Z'),
    )
    expect(status).toBe(200)
    expect(text).toContain('These orders have expired')
    expect(text).not.toContain('No orders yet')
  })

  test('tells each order by time, side, quantity and price', async () => {
    const order = anOrder({ direction: 'SELL', price: 98.4, quantity: 10 })
    const { html, text } = await visit(
      fakeStore({ workflows: [aWorkflow()], orders: [order] }),
      url,
    )
    expect(text).toContain('2026-11-21 09:30:00 UTC2 days ago ▼SELL 10 98.4 Details')
    expect(html).toContain(`href="${paths.order(order.order_id)}"`)
  })

  test('without orders is empty, and says so', async () => {
    const { status, text } = await visit(fakeStore({ workflows: [aWorkflow()] }), url)
    expect(status).toBe(200)
    expect(text).toContain('No orders yet')
  })

  test('past its last page says so, instead of that there are no orders', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(25) })
    const { text } = await visit(store, paths.workflowOrders(WORKFLOW_ID, 9))
    expect(text).toContain('There is no such page')
    expect(text).toContain('Go to page 2')
    expect(text).not.toContain('No orders yet')
  })

  test('of a deleted workflow stays, under the name that its orders know', async () => {
    const { status, text } = await visit(fakeStore({ orders: someOrders(2) }), url)
    expect(status).toBe(200)
    expect(text).toContain('This workflow was deleted. Its orders remain until they expire.')
    expect(text).toContain('Order history Buy the dip at the 50-day average, S&P 500')
    expect(text).toContain('2 orders, newest first')
  })

  test('of a broken workflow can be read', async () => {
    const broken = [{ id: WORKFLOW_ID, name: 'DAX pivot', problem: 'name: expected a name' }]
    const { status, text } = await visit(fakeStore({ broken, orders: someOrders(2) }), url)
    expect(status).toBe(200)
    expect(text).toContain('The stored definition of this workflow is broken')
    expect(text).toContain('2 orders, newest first')
  })

  test('is not found without a workflow and without orders', async () => {
    expect((await visit(fakeStore({}), paths.workflowOrders(UNKNOWN_ID))).status).toBe(404)
  })

  test.each(['0', '-1', 'two', '1e3', ''])(
    'refuses page %j and says what it wants',
    async (page) => {
      const { status, text } = await visit(
        fakeStore({ workflows: [aWorkflow()] }),
        `${url}?page=${page}`,
      )
      expect(status).toBe(400)
      expect(text).toContain('Page: expected a whole number from 1')
    },
  )

  test('that cannot be read is never shown as empty', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(2) })
    store.state.failing = true
    const page = await visit(store, url)
    const fragment = await visit(store, url, partial)
    for (const { status, headers, text } of [page, fragment]) {
      expect(status).toBe(503)
      expect(headers.get('Retry-After')).not.toBeNull()
      expect(text).toContain('The order store did not answer')
      expect(text).not.toContain('No orders')
    }
    expect(fragment.html).toMatch(/^<div class="notice notice-failed" role="alert">/)
    expect(fragment.html).toContain(`href="${url}"`)
  })
})
