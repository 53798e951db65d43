import { describe, expect, test } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import { anOrder, aWorkflow, WORKFLOW_ID } from './samples.ts'
import { someOrders, visit } from './visit.ts'

const see = (path: string, store = fakeStore({ orders: [anOrder()] })) => visit(store, path)

describe('the form of all orders', () => {
  test('leads to an address without what was left empty', async () => {
    const { status, headers } = await see(
      '/orders?workflow=&direction=SELL&instrument=&from=&to=&time_zone=Europe%2FParis',
    )
    expect(status).toBe(302)
    expect(headers.get('Location')).toBe('/orders?direction=SELL')
  })

  test.each([
    ['direction=UP', 'direction', 'Expected BUY or SELL, got "UP"'],
    ['order_type=MARKET', 'order_type', 'Expected LIMIT or OPEN_STOP, got "MARKET"'],
    ['from=yesterday', 'from', 'Expected a day of this century, as YYYY-MM-DD, got "yesterday"'],
    ['to=2026-02-30', 'to', 'Expected a day of this century, as YYYY-MM-DD, got "2026-02-30"'],
    ['to=1926-02-03', 'to', 'Expected a day of this century, as YYYY-MM-DD, got "1926-02-03"'],
    ['from=2026-11-22&to=2026-11-21', 'to', 'Expected a day that is not before the first one'],
    [`instrument=${'x'.repeat(65)}`, 'instrument', 'Expected at most 64 characters'],
  ])(
    'says beside the field what is wrong, and keeps what was typed: %s',
    async (query, field, message) => {
      const { status, html, text } = await see(`/orders?workflow=dip&${query}`)
      expect(status).toBe(422)
      expect(text.replaceAll('&quot;', '"')).toContain(`Error: ${message}`)
      expect(text).toContain('1 thing to correct')
      expect(html).toContain(`<a href="#${field}">`)
      expect(html).toMatch(new RegExp(`id="${field}"[^>]* aria-describedby="${field}-error"`))
      expect(html).toContain('name="workflow" value="dip"')
      expect(html).not.toMatch(/<table|No order/)
    },
  )

  test('asks for more of a name that too many workflows have', async () => {
    const workflows = Array.from({ length: 101 }, (_, index) =>
      aWorkflow({ id: crypto.randomUUID(), name: `Rule ${index}` }),
    )
    const { status, text } = await see('/orders?workflow=rule', fakeStore({ workflows }))
    expect(status).toBe(422)
    expect(text).toContain('Expected more of the name: 101 workflows have this in theirs')
  })

  test.each(['cursor=x', 'time_zone=Mars', 'workflow_id=7', 'latest=maybe'])(
    'has nothing that sends what is refused as a bad request: %s',
    async (query) => {
      expect((await see(`/orders?${query}`)).status).toBe(400)
    },
  )
})

describe('the page of all orders', () => {
  test('is a failure when the store fails, and never an empty list', async () => {
    const store = fakeStore({ orders: [anOrder()] })
    store.state.failing = true
    const { status, text } = await see(paths.orders(), store)
    expect(status).toBe(503)
    expect(text).toContain('The order store did not answer')
    expect(text).not.toContain('No orders')
  })

  test('says that there are no orders yet, and for how long they will be kept', async () => {
    const { text } = await see(paths.orders(), fakeStore({}))
    expect(text).toContain('No orders yet')
    expect(text).toContain('It is kept for 7 days.')
  })

  test('contains exactly what is given to htmx alone', async () => {
    const store = fakeStore({ orders: someOrders(60) })
    const page = await visit(store, paths.orders())
    const part = await visit(store, paths.orders(), { 'HX-Request-Type': 'partial' })
    expect(part.html).not.toContain('<html')
    expect(page.html).toContain(part.html)
    expect(page.headers.get('Vary')).toContain('HX-Request-Type')
    expect(page.headers.get('Vary')).toContain('HX-Target')
  })

  test('names the workflow that it is limited to, even one without orders', async () => {
    const workflow = aWorkflow({ name: 'Never ordered' })
    const path = paths.orders({ workflow_id: WORKFLOW_ID })
    const { text } = await see(path, fakeStore({ workflows: [workflow] }))
    expect(text).toContain('Only orders of Never ordered')
    expect(text).toContain('No order fits')
  })
})
