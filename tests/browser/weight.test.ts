import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { fakeStore } from '../unit/views/fake-store.ts'
import { aLastRun, anOrder, aTrace, aWorkflow, NOW } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { openWindow } from './visitor.ts'

const FIRST_BYTES = 40 * 1024
const LATER_BYTES = 10 * 1024

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const NAMES = [
  'Buy the dip at the',
  'Sell the slip under the',
  'Fade the',
  'Follow the',
  'Break of',
]
const LEVELS = [
  '50-day average',
  'upper band',
  'rising line of 2012',
  'round number',
  'combo signal',
]
const CODES = ['US500.I', 'GER40.I', 'AAPL:xnas', 'BTCUSD', 'EURUSD']

const pick = (from: readonly string[], index: number): string => from[index % from.length] ?? ''

/** Fifty workflows that differ as those of a real trader do, each with its orders. */
const aBusyStore = () => {
  const workflows = Array.from({ length: 50 }, (_, index) => {
    const id = randomUUID()
    const cfd = pick(CODES, index)
    const name = `${pick(NAMES, index)} ${pick(LEVELS, index * 3)}, ${cfd} ${index}`
    const orders = Array.from({ length: 3 }, (_each, order) =>
      anOrder({
        workflow_id: id,
        workflow_name: name,
        order_id: randomUUID(),
        placed_at: new Date(NOW.getTime() - (index * 137 + order * 1733) * 61_007).toISOString(),
        price: Math.round((98 + index * 137.31 + order) * 100) / 100,
        quantity: 1 + (index % 4),
        direction: index % 3 === 0 ? 'SELL' : 'BUY',
        asset: { code: cfd, index: cfd, asset_type: null },
      }),
    )
    const decision = {
      kind: 'no_signal',
      slot: '2014-02-03T00:00:00.000Z',
      trace: aTrace(),
    } as const
    return {
      orders,
      workflow: aWorkflow({
        id,
        name,
        cfd,
        index: cfd,
        dry_run: index % 5 === 0,
        enable: index % 7 > 0,
        last_order: orders[0] ?? null,
        orders_by_day: Array.from({ length: 7 }, (_day, day) => ({
          day: `2026-11-${17 + day}`,
          count: (index * 7 + day * 3) % 5,
        })),
        last_run: aLastRun({ decision }),
      }),
    }
  })
  return {
    store: fakeStore({
      workflows: workflows.map(({ workflow }) => workflow),
      orders: workflows.flatMap(({ orders }) => orders),
    }),
    workflow: workflows[0]?.workflow.id ?? '',
    order: workflows[0]?.orders[0]?.order_id ?? '',
  }
}

/** What came over the wire for the page that is open, with the headers, in bytes. */
const weightOf = (page: Page): Promise<number> =>
  page.evaluate(() =>
    performance
      .getEntries()
      .map((entry) => (entry instanceof PerformanceResourceTiming ? entry.transferSize : 0))
      .reduce((sum, size) => sum + size, 0),
  )

const open = async (page: Page, path: string): Promise<number> => {
  await page.goto(path)
  // Parts of the page that it asks for by itself belong to it.
  await page.locator('.htmx-request').first().waitFor({ state: 'detached' })
  return weightOf(page)
}

const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1)

test('every page weighs at most 40 KB on a first visit, and 10 KB on a later one', async () => {
  const { store, workflow, order } = aBusyStore()
  const pages = {
    'the list of 50 workflows': paths.workflows,
    'a workflow': paths.workflow(workflow),
    'its history': paths.workflowOrders(workflow),
    'all orders, 50 of them': paths.orders(),
    'an order': paths.order(order),
    'the editor': paths.workflowEdit(workflow),
    'the description of the API': paths.api.docs,
  }
  await using server = await serve(store)
  await using regular = await openWindow(browser, server.url)
  await open(regular.page, '/nowhere')
  for (const [name, path] of Object.entries(pages)) {
    await using newcomer = await openWindow(browser, server.url)
    const first = await open(newcomer.page, path)
    // The description changes with a new version alone: whoever comes again has seen this very page.
    const again = path === paths.api.docs ? newcomer.page : regular.page
    const later = await open(again, path)
    console.info(`${name}: ${kilobytes(first)} KB, later ${kilobytes(later)} KB`)
    expect.soft(first, name).toBeLessThanOrEqual(FIRST_BYTES)
    expect.soft(later, name).toBeLessThanOrEqual(LATER_BYTES)
    expect(newcomer.complaints).toEqual([])
  }
})
