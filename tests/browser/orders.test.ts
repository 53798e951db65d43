import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Order } from '../../src/domain/order.ts'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { fakeStore } from '../unit/views/fake-store.ts'
import { anOrder, aWorkflow, NOW, WORKFLOW_ID } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { openWindow } from './visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const POLL_MS = 10_000

/** An order that was placed so many minutes ago. */
const placed = (minutes: number, changes: Partial<Order> = {}): Order =>
  anOrder({
    order_id: randomUUID(),
    placed_at: new Date(NOW.getTime() - minutes * 60_000).toISOString(),
    ...changes,
  })

/** The real product, with a store and its orders on a disk. */
const openProduct = async () => {
  const folder = await aFolder()
  const product = await openInstallation(folder.path)
  const server = await serve({ ...product, chart: () => Promise.reject(new Error('no chart')) })
  const trade = (order: Order) => product.trail.recordWorkflowOrder(order)
  return {
    ...product,
    url: server.url,
    trade,
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      await product[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const caption = (page: Page, text: string) => page.locator('caption', { hasText: text }).waitFor()
/** Whatever the page has asked for before, the server has had to do with by now. */
const served = (page: Page) => page.evaluate(`fetch('${paths.health}').then(() => undefined)`)
const focused = (page: Page) => page.locator(':focus')
const rows = (page: Page) => page.getByRole('rowgroup').last().getByRole('row')

describe.each([true, false])('a trader with JavaScript %s', (javaScriptEnabled) => {
  test('finds the orders of a workflow, and reads on to older ones', async () => {
    await using product = await openProduct()
    const definition = { ...aWorkflow(), name: 'Buy the Dip' }
    await product.workflows.create(WORKFLOW_ID, definition, NOW)
    for (let index = 0; index < 60; index += 1) {
      const direction = index % 2 === 0 ? 'SELL' : 'BUY'
      await product.trade(placed(60 + index, { workflow_name: 'Buy the Dip', direction }))
    }
    const gone = { workflow_id: randomUUID(), workflow_name: 'Deleted since' }
    await product.trade(placed(10, gone))

    await using window = await openWindow(browser, product.url, { javaScriptEnabled })
    const { page } = window
    await page.goto(paths.workflows)
    await page.getByRole('link', { name: 'Orders', exact: true }).click()
    await caption(page, 'The newest 50 orders, newest first')
    await rows(page).first().getByRole('link', { name: 'Deleted since' }).waitFor()

    await page.getByLabel('Workflow').fill('the dip')
    await page.getByLabel('Side').selectOption('Sell')
    await page.getByRole('button', { name: 'Show' }).click()
    await caption(page, '30 orders, newest first')
    expect(page.url()).toBe(`${product.url}/orders?workflow=the+dip&direction=SELL`)
    expect(await rows(page).getByText('BUY', { exact: true }).count()).toBe(0)
    await page.goBack()
    await caption(page, 'The newest 50 orders')
    expect(await page.getByLabel('Side').inputValue()).toBe('')
    await page.getByRole('link', { name: 'Show older orders' }).click()
    await page.locator('#older-orders', { hasText: 'That is all: orders are kept' }).waitFor()
    expect(await rows(page).count()).toBe(javaScriptEnabled ? 61 : 11)
    if (!javaScriptEnabled) {
      await page.getByRole('link', { name: 'Show newer orders' }).click()
      await caption(page, 'The newest 50 orders')
    }

    await page.getByRole('link', { name: 'Latest of each workflow' }).click()
    await caption(page, '2 workflows, each with its latest order')
    await page.getByRole('link', { name: 'All orders of Deleted since' }).click()
    await page.getByText('Only orders of Deleted since').waitFor()
    await caption(page, '1 order, newest first')
    await page.getByRole('link', { name: 'Of all workflows' }).click()
    await caption(page, 'The newest 50 orders')
    expect(window.complaints).toEqual([])
  })

  test('chooses the dark theme, and finds it on every page', async () => {
    await using server = await serve(fakeStore({ workflows: [aWorkflow()] }))
    await using window = await openWindow(browser, server.url, { javaScriptEnabled })
    const { page } = window
    const background = () =>
      page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
    await page.goto(paths.orders({ direction: 'SELL' }))
    const light = await background()
    const kept = page.waitForResponse((response) => response.url().endsWith(paths.theme))
    await page.getByRole('radio', { name: 'Dark' }).check()
    // The page has followed before the server knows.
    const dark = await background()
    expect(dark).not.toBe(light)
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Set theme' }).click()
    await kept
    await page.waitForURL(paths.orders({ direction: 'SELL' }))
    expect(await background()).toBe(dark)
    await page.goto(paths.workflow(WORKFLOW_ID))
    expect(await background()).toBe(dark)
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true)
    expect(window.complaints).toEqual([])
  })
})

describe('live updates', () => {
  /** An open page of orders; `wait` lets time pass, and `answers` has the status of each poll. */
  const openPage = async (url: string, path = paths.orders()) => {
    const window = await openWindow(browser, url)
    const { page } = window
    const answers: number[] = []
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Network.enable')
    const polls = new Set<string>()
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (request.url.includes('/orders/news')) polls.add(requestId)
    })
    // What the server said: the browser makes a 200 of a 304.
    devtools.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
      if (polls.has(requestId)) answers.push(statusCode)
    })
    await page.clock.install({ time: NOW })
    await page.goto(path)
    const poll = async (ms = POLL_MS): Promise<void> => {
      const answered = page.waitForResponse((response) => response.url().includes('/orders/news'))
      await page.clock.fastForward(ms)
      await (await answered).finished()
    }
    return { ...window, page, answers, poll, [Symbol.asyncDispose]: window[Symbol.asyncDispose] }
  }

  test('tell of new orders, and leave the list alone until they are asked for', async () => {
    await using product = await openProduct()
    await product.trade(placed(5, { price: 1111 }))
    await using window = await openPage(product.url)
    const { page, poll, answers } = window
    await poll()
    await poll()
    await poll()
    await expect.poll(() => answers).toEqual([200, 304, 304])
    await product.trade(placed(1, { price: 2222 }))
    await product.trade(placed(0, { price: 3333 }))
    await poll()
    const news = page.getByRole('status').getByRole('link', { name: 'Show 2 new orders' })
    await news.waitFor()
    expect(await rows(page).count()).toBe(1)

    await news.focus()
    await product.trade(placed(-1, { price: 4444 }))
    await poll()
    await page.getByRole('link', { name: 'Show 3 new orders' }).waitFor()
    expect(await focused(page).textContent()).toBe('Show 3 new orders')
    await page.keyboard.press('Enter')
    await caption(page, '4 orders, newest first')
    expect(await page.getByRole('link', { name: /new order/ }).count()).toBe(0)
    expect(await focused(page).getAttribute('aria-label')).toBe('List of orders')
    expect(await page.locator('#announcement').textContent()).toBe('4 orders, newest first')
    expect(await page.evaluate('history.length')).toBe(2)
    expect(window.complaints).toEqual([])
  })

  test('are paused by a switch that says so and stays as it is in this tab', async () => {
    const store = fakeStore({ orders: [placed(5)] })
    await using server = await serve(store)
    await using window = await openPage(server.url)
    const { page, poll } = window
    const live = page.getByRole('switch', { name: 'Live updates', exact: true })
    expect(await live.getAttribute('aria-checked')).toBe('true')
    await live.focus()
    await page.keyboard.press('Space')
    expect(await live.getAttribute('aria-checked')).toBe('false')
    await page.reload()
    expect(await live.getAttribute('aria-checked')).toBe('false')
    const before = store.state.calls.length
    await page.clock.fastForward(5 * POLL_MS)
    await served(page)
    expect(store.state.calls).toHaveLength(before)
    // Whoever goes on is told at once.
    const answered = page.waitForResponse((response) => response.url().includes('/orders/news'))
    await live.click()
    await answered
    await poll()
    expect(await live.getAttribute('aria-checked')).toBe('true')
    expect(window.complaints).toEqual([])
  })

  test('rest while nobody looks at the page', async () => {
    const store = fakeStore({ orders: [placed(5)] })
    await using server = await serve(store)
    await using window = await openPage(server.url)
    const { page } = window
    const look = (hidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      `)
    await look(true)
    const before = store.state.calls.length
    await page.clock.fastForward(5 * POLL_MS)
    await served(page)
    expect(store.state.calls).toHaveLength(before)
    const answered = page.waitForResponse((response) => response.url().includes('/orders/news'))
    await look(false)
    await answered
  })

  test('say that the server does not answer, ask it less often, and go on when it does', async () => {
    const store = fakeStore({ orders: [placed(5)] })
    await using server = await serve(store)
    await using window = await openPage(server.url)
    const { page, poll } = window
    const words = page.getByText('Updates paused: the server does not answer')
    expect(await words.isVisible()).toBe(false)
    store.state.failing = true
    await poll()
    await words.waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await poll()
    const asked = store.state.calls.length
    // After two failures the next question comes after two intervals, not one.
    await page.clock.fastForward(POLL_MS)
    await served(page)
    expect(store.state.calls).toHaveLength(asked)

    await server.stop()
    const refused = page.waitForEvent('requestfailed')
    await page.clock.fastForward(2 * POLL_MS)
    await refused
    expect(await words.isVisible()).toBe(true)
    store.state.failing = false
    await using _again = await serve(store, Number(new URL(server.url).port))
    await poll(16 * POLL_MS)
    await words.waitFor({ state: 'hidden' })
  })
})

describe('the list of orders', () => {
  test('says that the store failed, and brings the orders in place when asked again', async () => {
    const store = fakeStore({ orders: [placed(5), placed(6)] })
    await using server = await serve(store)
    await using window = await openWindow(browser, server.url)
    const { page } = window
    await page.goto(paths.orders())
    store.state.failing = true
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('alert').getByText('The order store did not answer').waitFor()
    expect(await page.getByText('No orders').count()).toBe(0)
    store.state.failing = false
    await page.getByRole('link', { name: 'Try again' }).click()
    await caption(page, '2 orders, newest first')
  })

  test('keeps the orders that are there when older ones cannot be had', async () => {
    await using product = await openProduct()
    for (let index = 0; index < 51; index += 1) await product.trade(placed(index))
    await using window = await openWindow(browser, product.url)
    const { page } = window
    await page.goto(paths.orders())
    const notNow = '<p role="alert">Not now</p>'
    await page.route('**/orders?cursor=*', (route) => route.fulfill({ status: 503, body: notNow }))
    await page.getByRole('link', { name: 'Show older orders' }).click()
    await page.locator('#older-orders').getByRole('alert').getByText('Not now').waitFor()
    expect(await rows(page).count()).toBe(50)
  })

  test('takes a slash as the way to its search, but not in a field', async () => {
    await using server = await serve(fakeStore({ orders: [placed(5)] }))
    await using window = await openWindow(browser, server.url)
    const { page } = window
    await page.goto(paths.orders())
    await page.keyboard.press('/')
    await page.keyboard.type('dip')
    expect(await page.getByLabel('Workflow').inputValue()).toBe('dip')
    await page.getByLabel('Instrument').focus()
    await page.keyboard.type('a/b')
    expect(await page.getByLabel('Instrument').inputValue()).toBe('a/b')
  })
})

test('the first page of a first visit shows local times at once, and so does the server from then on', async () => {
  await using server = await serve(fakeStore({ orders: [placed(5)] }))
  await using window = await openWindow(browser, server.url, { timezoneId: 'Asia/Kolkata' })
  const { page } = window
  await page.addInitScript({
    content: `
      globalThis.shifts = []
      new PerformanceObserver((list) => shifts.push(...list.getEntries()))
        .observe({ type: 'layout-shift', buffered: true })
    `,
  })
  await page.goto(paths.orders())
  const time = page.locator('time.exact').first()
  const local = '2026-11-23 17:25:00 UTC+5:30'
  expect(await time.textContent()).toBe(local)
  expect(await time.getAttribute('title')).toBe('2026-11-23 11:55:00 UTC')
  expect(await page.evaluate('shifts.length')).toBe(0)

  const response = await page.reload()
  expect(await response?.text()).toContain(`>${local}</time>`)
  expect(await page.getByText('Times are in Asia/').isVisible()).toBe(true)
  expect(window.complaints).toEqual([])
})
