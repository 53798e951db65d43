import { describe, expect, test } from 'vitest'
import { createApp } from '../../../src/app.tsx'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import {
  aConditionTrace,
  aLastRun,
  anOrder,
  aTrace,
  aWorkflow,
  NOW,
  within,
  WORKFLOW_ID,
} from './samples.ts'

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000001'

/** The product over a store, asked as a browser asks it. */
const visit = async (
  store: Pick<ReturnType<typeof fakeStore>, 'trail' | 'workflows'>,
  path: string,
  headers: Record<string, string> = {},
) => {
  const app = createApp({
    ...store,
    clock: { now: () => NOW },
    newId: () => 'request-1',
    ready: () => Promise.resolve(),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  const response = await app.request(`http://localhost${path}`, { headers })
  const html = await response.text()
  return { status: response.status, headers: response.headers, html, text: textOf(html) }
}

/** What a reader sees of a page. */
const textOf = (html: string): string =>
  html
    .replaceAll(/<(?=(?:p|td|th|dt|dd|h\d|li|div|tr)[ >])/g, ' <')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')

const someOrders = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    anOrder({
      slot: `2014-02-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`,
      placed_at: new Date(NOW.getTime() - (index + 1) * 3_600_000).toISOString(),
      price: 1800 + index,
    }),
  )

describe('the list of workflows', () => {
  test('costs one request to the store, however many workflows there are', async () => {
    const workflows = Array.from({ length: 50 }, (_, index) => aWorkflow({ name: `No ${index}` }))
    const store = fakeStore({ workflows })
    expect((await visit(store, paths.workflows)).status).toBe(200)
    expect(store.state.calls).toEqual(['list'])
  })

  test('tells what each one waits for and what it ordered last', async () => {
    const last_order = anOrder({ placed_at: '2026-11-21T09:30:00.000Z', price: 1845.16 })
    const { html, text } = await visit(
      fakeStore({ workflows: [aWorkflow({ last_order })] }),
      paths.workflows,
    )
    expect(text).toContain('Buy the dip at the 50-day average, S&P 500')
    expect(text).toContain('Daily close or low within 12 points above the daily MA50')
    expect(text).toContain('Enabled')
    expect(text).toContain('Live')
    expect(text).toContain('▲BUY 0.5 at 1,845.16')
    expect(html).toContain(
      '<time datetime="2026-11-21T09:30:00.000Z" title="2026-11-21 09:30:00 UTC">2 days ago</time>',
    )
    expect(html).toContain(`href="${paths.workflow(WORKFLOW_ID)}"`)
  })

  test('is sorted by name, with broken workflows and their problem among the others', async () => {
    const { text } = await visit(
      fakeStore({
        workflows: [aWorkflow({ name: 'zone 10' }), aWorkflow({ name: 'Zone 9' })],
        broken: [
          { id: 'b', name: 'DAX pivot', problem: 'conditions: expected at least one condition' },
        ],
      }),
      paths.workflows,
    )
    const order = ['DAX pivot', 'conditions: expected at least one', 'Broken', 'Zone 9', 'zone 10']
    const positions = order.map((words) => text.indexOf(words))
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(positions).not.toContain(-1)
    expect(text).toContain('3 workflows: 2 enabled, 1 broken')
  })

  test('tells disabled, ended and dry-run workflows apart', async () => {
    const { text } = await visit(
      fakeStore({
        workflows: [
          aWorkflow({ name: 'A', enable: false }),
          aWorkflow({ name: 'B', end_date: '2026-11-22' }),
          aWorkflow({ name: 'C', dry_run: true }),
        ],
      }),
      paths.workflows,
    )
    expect(text).toMatch(
      /A US500.I .* Disabled Live .* B US500.I .* Ended Live .* C .* Enabled Dry run No orders yet/,
    )
  })

  test('says what to do when there is nothing yet', async () => {
    const { text } = await visit(fakeStore({}), paths.workflows)
    expect(text).toContain('No workflows yet')
    expect(text).toContain('ordertrail workflows import FILE')
  })

  test('shows hostile names as text', async () => {
    const name = `<script>alert("1")</script>' onmouseover='x`
    const { html } = await visit(
      fakeStore({
        workflows: [aWorkflow({ name, cfd: '"><img src=x>' })],
        broken: [{ id: '<b>', name: '<i>', problem: `<u>'"` }],
      }),
      paths.workflows,
    )
    expect(html).toContain(
      '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onmouseover=&#39;x',
    )
    expect(html).not.toMatch(/<script>|<img src=x|<b>|<i>|<u>/)
  })
})

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
    expect(text).toContain('No signal30 minutes ago')
    expect(text).toContain('Close 7,845.5 was 12.3 points above the band 7,820 to 7,833.2')
    expect(text).toContain('Close 7,845.5 7,820 to 7,833.2 ✗ Does not hold12.3 points above')
  })

  test.each([
    ['failed', 'AAPL:xnas daily: the price source has no such file', 'Failed'],
    ['refused', 'the quantity is 0, and an order needs a quantity above 0', 'Refused'],
    ['unknown', 'no clear answer from the broker: timeout', 'No clear answer from the broker'],
    ['disabled', null, 'Not evaluated: disabled'],
    ['expired', 'its end date 2026-08-31 has passed', 'Not evaluated: ended'],
  ] as const)('tells that the last run ended as %s', async (outcome, reason, name) => {
    const last_run = aLastRun({ outcome, reason })
    const store = fakeStore({ workflows: [aWorkflow({ last_run })] })
    const { text } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(text).toContain(name)
    if (reason !== null) expect(text.toLowerCase()).toContain(`${reason.toLowerCase()}.`)
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
    expect(text).toContain('Wanted to order: buy 0.5 US500.I at 1,854.07.')
    expect(html).not.toContain('/orders/')
  })

  test('sums up the last seven days, and asks for the history only on demand', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(3) })
    const { html, text } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(text).toContain('3 orders in the last 7 days, the newest 1 hour ago: ▲BUY 0.5 at 1,800')
    expect(html).toContain(
      `<a class="button" href="${paths.workflowOrders(WORKFLOW_ID)}">Show order history`,
    )
    expect(store.state.calls.toSorted()).toEqual(['find', 'summarizeWorkflowOrders'])
  })

  test('says that no run has looked at it, and that there are no orders', async () => {
    const { text } = await visit(
      fakeStore({ workflows: [aWorkflow()] }),
      paths.workflow(WORKFLOW_ID),
    )
    expect(text).toContain('No run has looked at this workflow yet.')
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

describe('the order history', () => {
  const url = paths.workflowOrders(WORKFLOW_ID)
  const partial = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

  test('as a page contains exactly what its fragment returns', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(25) })
    const page = await visit(store, url)
    const fragment = await visit(store, url, partial)
    expect(page.html).toContain(fragment.html)
    expect(page.html).toMatch(/^<!DOCTYPE html><html lang="en">/)
    expect(fragment.html).toMatch(/^<div class="order-history">/)
    expect([page, fragment].map(({ headers }) => headers.get('Vary'))).toEqual([
      'HX-Request-Type',
      'HX-Request-Type',
    ])
  })

  test('is a whole page for a boosted link, which says only that htmx asks', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(1) })
    const { html } = await visit(store, url, { 'HX-Request': 'true', 'HX-Request-Type': 'full' })
    expect(html).toMatch(/^<!DOCTYPE html>/)
  })

  test('shows 20 orders a page, newest first, and links to the others', async () => {
    const store = fakeStore({ workflows: [aWorkflow()], orders: someOrders(47) })
    const first = await visit(store, url)
    const second = await visit(store, paths.workflowOrders(WORKFLOW_ID, 2))
    const third = await visit(store, paths.workflowOrders(WORKFLOW_ID, 3))
    expect(first.text).toContain('47 orders, newest first · showing 1 to 20')
    expect(first.text.indexOf('1,800')).toBeLessThan(first.text.indexOf('1,801'))
    expect(first.html).toContain(`rel="next" href="${paths.workflowOrders(WORKFLOW_ID, 2)}"`)
    expect(first.html).not.toContain('rel="prev"')
    expect(second.text).toContain('showing 21 to 40')
    expect(second.html).toContain(`rel="prev" href="${paths.workflowOrders(WORKFLOW_ID, 1)}"`)
    expect(third.text).toContain('Page 3 of 3')
    expect(third.html).not.toContain('rel="next"')
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

describe('the page of an order', () => {
  test('tells everything about it', async () => {
    const order = anOrder()
    const { html, text } = await visit(fakeStore({ orders: [order] }), paths.order(order.order_id))
    expect(text).toContain('Buy 0.5 US500.I at 1,854.07')
    expect(text).toContain('Type Stop (OPEN_STOP)')
    expect(text).toContain('Placed 2026-11-21 09:30:00 UTC')
    expect(text).toContain('Kept until 2026-11-28 09:30:00 UTC in 4 days')
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
    expect(text).toContain('Low 1,834.92 1,840.08 to 1,852.08 ✗ Does not hold5.16 points below')
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
    expect(text).toContain('or it has expired')
  })
})

describe('every page', () => {
  test('holds no inline script or style, and its own files by names that change with them', async () => {
    const order = anOrder()
    const store = fakeStore({ workflows: [aWorkflow()], orders: [order] })
    const urls = [
      paths.workflows,
      paths.workflow(WORKFLOW_ID),
      paths.workflowOrders(WORKFLOW_ID),
      paths.order(order.order_id),
      '/nowhere',
    ]
    for (const url of urls) {
      const { html } = await visit(store, url)
      expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script>|javascript:/)
      expect(html.match(/<h1/g)).toHaveLength(1)
      expect(html).toMatch(/<title>[^<]+ · ordertrail<\/title>/)
      for (const [, file = ''] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
        expect(file).toMatch(/^\/assets\/[a-z]+\.[0-9a-f]{8}\.(css|js|svg)$/)
        expect((await visit(store, file)).status).toBe(200)
      }
    }
  })
})

describe('a static file', () => {
  test('is kept for a year and answers a known copy with nothing', async () => {
    const { html } = await visit(fakeStore({}), paths.workflows)
    const file = /\/assets\/app\.[0-9a-f]{8}\.css/.exec(html)?.[0] ?? ''
    const { status, headers } = await visit(fakeStore({}), file)
    expect(status).toBe(200)
    expect(headers.get('Content-Type')).toBe('text/css; charset=utf-8')
    expect(headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
    const etag = headers.get('ETag') ?? ''
    expect((await visit(fakeStore({}), file, { 'If-None-Match': etag })).status).toBe(304)
  })

  test.each(['app.css', 'app.00000000.css', '../app.tsx', '..%2fasset-url.ts', 'htmx.js', ''])(
    'by another name than its own is not found: %s',
    async (name) => {
      expect((await visit(fakeStore({}), `${paths.assets}/${name}`)).status).toBe(404)
    },
  )
})
