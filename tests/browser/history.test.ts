import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { WORKFLOW_ID } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { aTrail, IDLE_ID } from './trail.ts'
import { openWindow } from './visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('the history is asked for on demand alone, and shows that it is on its way', async () => {
  const trail = aTrail()
  await using server = await serve(trail)
  await using window = await openWindow(browser, server.url)
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  await page.waitForLoadState('networkidle')
  expect(trail.state.calls).not.toContain('getWorkflowOrders')

  trail.state.delay_ms = 600
  const loading = page.getByText('Loading the orders…')
  expect(await loading.isVisible()).toBe(false)
  await page.getByRole('link', { name: 'Show order history' }).click()
  await loading.waitFor({ state: 'visible' })
  expect(await page.getByRole('link', { name: 'Show order history' }).isVisible()).toBe(false)
  await page.getByText('47 orders, newest first').waitFor()
  expect(await loading.isVisible()).toBe(false)
})

test('a history without orders is empty, which looks like nothing else', async () => {
  await using server = await serve(aTrail())
  await using window = await openWindow(browser, server.url)
  const { page } = window
  await page.goto(paths.workflow(IDLE_ID))
  await page.getByRole('link', { name: 'Show order history' }).click()
  await page.getByText('No orders yet').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Try again' }).count()).toBe(0)
})

test('a store that does not answer shows a failure, and trying again brings the orders', async () => {
  const trail = aTrail()
  await using server = await serve(trail)
  await using window = await openWindow(browser, server.url)
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  await page.waitForLoadState('networkidle')
  trail.state.failing = true
  await page.getByRole('link', { name: 'Show order history' }).click()
  const alert = page.getByRole('alert')
  await alert.getByText('The order store did not answer').waitFor()
  expect(await page.getByText('No orders').count()).toBe(0)
  expect(await page.getByRole('heading', { name: 'Last run' }).isVisible()).toBe(true)

  const answer = page.waitForResponse(/orders/)
  await page.getByRole('link', { name: 'Try again' }).click()
  expect((await answer).status()).toBe(503)
  await alert.waitFor()
  trail.state.failing = false
  await page.getByRole('link', { name: 'Try again' }).click()
  await page.getByText('47 orders, newest first').waitFor()
  expect(await alert.count()).toBe(0)
  expect(new URL(page.url()).pathname).toBe(paths.workflow(WORKFLOW_ID))
})

test('older orders come below the newer ones, and the keyboard goes on with the first of them', async () => {
  await using server = await serve(aTrail())
  await using window = await openWindow(browser, server.url)
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  await page.getByRole('link', { name: 'Show order history' }).click()
  await page.getByText('showing 1 to 20').waitFor()

  await page.getByRole('link', { name: 'Show 20 older orders' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('showing 21 to 40').waitFor()
  expect(await page.getByRole('link', { name: /^Details/ }).count()).toBe(40)
  expect(await page.getByRole('link', { name: 'Newer' }).isVisible()).toBe(false)
  await page.keyboard.press('Tab')
  // The newest order is an hour old, and each one an hour older than the one before.
  expect(await page.locator(':focus').textContent()).toMatch(
    /^Details of the buy order of 2026-11-22 15:00:00 UTC/,
  )

  await page.getByRole('link', { name: 'Show 7 older orders' }).click()
  await page.getByText('showing 41 to 47').waitFor()
  expect(await page.getByRole('link', { name: /^Details/ }).count()).toBe(47)
  expect(await page.getByRole('link', { name: 'older orders' }).count()).toBe(0)
  expect(new URL(page.url()).pathname).toBe(paths.workflow(WORKFLOW_ID))
  expect(window.complaints).toEqual([])
})

test('without script older orders are on further pages, with a way back', async () => {
  await using server = await serve(aTrail())
  await using window = await openWindow(browser, server.url, { javaScriptEnabled: false })
  const { page } = window
  await page.goto(paths.workflowOrders(WORKFLOW_ID))
  await page.getByRole('link', { name: 'Show 20 older orders' }).click()
  await page.getByText('showing 21 to 40').waitFor()
  expect(await page.getByRole('link', { name: /^Details/ }).count()).toBe(20)
  await page.getByRole('link', { name: 'Newer' }).click()
  await page.getByText('showing 1 to 20').waitFor()
  await page.goBack()
  await page.getByText('showing 21 to 40').waitFor()
})

test('older orders that cannot be had leave the newer ones, and can be asked for again', async () => {
  const trail = aTrail()
  await using server = await serve(trail)
  await using window = await openWindow(browser, server.url)
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  await page.getByRole('link', { name: 'Show order history' }).click()
  await page.getByText('showing 1 to 20').waitFor()
  trail.state.failing = true
  await page.getByRole('link', { name: 'Show 20 older orders' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByText('showing 1 to 20').isVisible()).toBe(true)
  trail.state.failing = false
  await page.getByRole('link', { name: 'Try again' }).click()
  await page.getByText('showing 21 to 40').waitFor()
  expect(await page.getByText('showing 1 to 20').isVisible()).toBe(true)
  expect(await page.getByRole('alert').count()).toBe(0)
})

/** How much of the page moved by itself so far, as the browser counts it; there may be no entry. */
const LAYOUT_SHIFT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const shifts = list.getEntries().filter(({ hadRecentInput }) => !hadRecentInput)
    resolve(shifts.reduce((sum, { value }) => sum + value, 0))
  }).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve(0), 300)
})`

test.each([360, 1280])(
  'nothing moves on %d pixels when the chart and the orders arrive',
  async (width) => {
    const trail = aTrail()
    await using server = await serve(trail)
    // So high that everything is in sight, and what moves counts.
    const viewport = { width, height: 3000 }
    await using window = await openWindow(browser, server.url, { viewport })
    const { page } = window
    // What moves within half a second of a click is its answer, and does not count.
    trail.state.delay_ms = 800
    await page.goto(paths.workflow(WORKFLOW_ID))
    await page.getByText('The figures', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Show order history' }).click()
    await page.getByText('showing 1 to 20').waitFor()
    await page.getByRole('link', { name: 'Show 20 older orders' }).click()
    await page.getByText('showing 21 to 40').waitFor()
    expect(await page.evaluate(LAYOUT_SHIFT)).toBe(0)
  },
)

test('a server that is gone shows a failure too, and trying again works once it is back', async () => {
  const trail = aTrail()
  const first = await serve(trail)
  await using window = await openWindow(browser, first.url)
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  await page.getByText('The figures', { exact: true }).waitFor()
  await first.stop()
  await page.getByRole('link', { name: 'Show order history' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('The server did not answer')

  await using _second = await serve(trail, Number(new URL(first.url).port))
  await page.getByRole('link', { name: 'Try again' }).click()
  await page.getByText('47 orders, newest first').waitFor()
})

test('without script a store that does not answer is a page that says so and can be tried again', async () => {
  const trail = aTrail()
  await using server = await serve(trail)
  await using window = await openWindow(browser, server.url, { javaScriptEnabled: false })
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  await page.waitForLoadState('networkidle')
  trail.state.failing = true
  await page.getByRole('link', { name: 'Show order history' }).click()
  await page.getByText('Error 503').waitFor()
  expect(await page.getByRole('heading').textContent()).toBe('The order store did not answer')
  trail.state.failing = false
  await page.getByRole('link', { name: 'Try again' }).click()
  await page.getByText('47 orders, newest first').waitFor()
})

test('an impatient second click does not show the orders twice', async () => {
  const trail = aTrail()
  await using server = await serve(trail)
  await using window = await openWindow(browser, server.url)
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  trail.state.delay_ms = 200
  await page.getByRole('link', { name: 'Show order history' }).dblclick()
  await page.getByText('47 orders, newest first').waitFor()
  await page.waitForLoadState('networkidle')
  expect(await page.getByRole('table', { name: '47 orders' }).count()).toBe(1)
  expect(await page.getByText('Loading the orders…').isVisible()).toBe(false)
  expect(window.complaints).toEqual([])
})

test('the keyboard reaches the history and goes on from there', async () => {
  await using server = await serve(aTrail())
  await using window = await openWindow(browser, server.url)
  const { page } = window
  await page.goto(paths.workflow(WORKFLOW_ID))
  await page.keyboard.press('Tab')
  const focused = page.locator(':focus')
  expect(await focused.textContent()).toBe('Skip to the content')
  await page.getByRole('link', { name: 'Show order history' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('47 orders, newest first').waitFor()
  await page.keyboard.press('Tab')
  expect(await focused.textContent()).toMatch(
    /^Details of the sell order of 2026-11-23 11:00:00 UTC/,
  )
})
