import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DomainError } from '../../src/domain/errors.ts'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { fakeStore } from '../unit/views/fake-store.ts'
import {
  aConditionTrace,
  aLastRun,
  anOrder,
  aTrace,
  aWorkflow,
  NOW,
  within,
  WORKFLOW_ID,
} from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { openWindow } from './visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const DESK = { width: 1280, height: 900 }

const missed = aTrace(
  aConditionTrace({
    checks: [
      within('close', 1866.08, [1840.08, 1852.08]),
      within('low', 1834.92, [1840.08, 1852.08]),
    ],
  }),
  aConditionTrace({ indicator: 'zone', indicator_value: [1840, 1850] }),
)

/** A workflow that did not trade today, and did on the newest day of the chart. */
const aStore = () => {
  const order = anOrder({
    slot: '2014-08-01T00:00:00.000Z',
    placed_at: new Date(NOW.getTime() - 86_400_000).toISOString(),
    price: 1938.3,
    trace: aTrace(aConditionTrace(), aConditionTrace({ indicator_value: 1650 })),
  })
  const last_run = aLastRun({
    decision: { kind: 'no_signal', slot: '2014-08-01T00:00:00.000Z', trace: missed },
  })
  const store = fakeStore({
    workflows: [aWorkflow({ last_run, last_order: order })],
    orders: [order],
  })
  return { ...store, order }
}

describe.each([true, false])('a trader with JavaScript %s', (javaScriptEnabled) => {
  test('reads why the workflow did not trade, sees its chart, and why it did the day before', async () => {
    const { order, ...store } = aStore()
    await using server = await serve(store)
    await using window = await openWindow(browser, server.url, { javaScriptEnabled })
    const { page } = window
    await page.goto(paths.workflow(WORKFLOW_ID))
    await page.getByText(/^Not traded: condition 1 of 2 does not hold: the low/).waitFor()
    expect(await page.getByRole('img', { name: 'Close 1,866.08 was' }).isVisible()).toBe(true)
    if (!javaScriptEnabled) await page.getByRole('link', { name: 'Show the chart' }).click()
    const chart = page.getByRole('group', { name: 'US500.I, daily candles' })
    await chart.waitFor()
    expect(await page.getByRole('link', { name: 'Show the chart' }).count()).toBe(0)

    await page.getByText('The figures', { exact: true }).click()
    const figures = page.getByRole('region', { name: 'Figures of the chart' })
    expect(await figures.getByRole('row').count()).toBe(61)
    await figures.getByRole('link', { name: 'BUY 0.5 at 1,938.3' }).click()
    await page.getByRole('heading', { level: 1, name: 'Buy 0.5 US500.I at 1,938.3' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(paths.order(order.order_id))
    await page.getByText(/^Close 1,845.16 was within 12 points above the daily MA50/).waitFor()
    await page.getByRole('group', { name: 'The daily candle of 2014-02-03 of US500.I' }).waitFor()
    expect(window.complaints).toEqual([])
  })

  test('goes from the mark of an order in the chart to its page', async () => {
    const { order, ...store } = aStore()
    await using server = await serve(store)
    await using window = await openWindow(browser, server.url, { javaScriptEnabled })
    const { page } = window
    await page.goto(
      javaScriptEnabled ? paths.workflow(WORKFLOW_ID) : paths.workflowChart(WORKFLOW_ID),
    )
    await page.locator('.candle-chart a').click()
    await page.getByRole('heading', { level: 1, name: 'Buy 0.5 US500.I' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(paths.order(order.order_id))
  })

  test('reads that prices are not to be had, and tries again', async () => {
    const store = aStore()
    const state = { failing: true }
    const chart: typeof store.chart = (...request) =>
      state.failing
        ? Promise.reject(new DomainError('market_unavailable', 'the feed is down'))
        : store.chart(...request)
    await using server = await serve({ ...store, chart })
    await using window = await openWindow(browser, server.url, { javaScriptEnabled })
    const { page } = window
    await page.goto(paths.workflow(WORKFLOW_ID))
    if (!javaScriptEnabled) await page.getByRole('link', { name: 'Show the chart' }).click()
    await page.getByText('The price source failed').first().waitFor()
    expect(await page.getByText('the feed is down', { exact: false }).isVisible()).toBe(true)
    state.failing = false
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.getByRole('group', { name: 'US500.I, daily candles' }).waitFor()
    const path = javaScriptEnabled ? paths.workflow(WORKFLOW_ID) : paths.workflowChart(WORKFLOW_ID)
    expect(new URL(page.url()).pathname).toBe(path)
  })
})

test('a slow price source keeps nobody from reading the page, nor takes the keyboard when it answers', async () => {
  const store = aStore()
  let answer: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    answer = resolve
  })
  const chart: typeof store.chart = async (...request) => {
    await asked
    return store.chart(...request)
  }
  await using server = await serve({ ...store, chart })
  await using window = await openWindow(browser, server.url, { viewport: DESK })
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  await page.getByText('Loading the chart…').waitFor({ state: 'visible' })
  expect(await page.getByText(/^Not traded/).isVisible()).toBe(true)
  answer()
  await page.getByRole('group', { name: 'US500.I, daily candles' }).waitFor()
  expect(await page.locator(':focus').count()).toBe(0)
})
