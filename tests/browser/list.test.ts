import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Schedule } from '../../src/domain/ports.ts'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { aDefinition, ordersByDay } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { fakeStore } from '../unit/views/fake-store.ts'
import { aLastRun, anOrder, aWorkflow, NOW } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { openWindow } from './visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const everyMinute: Schedule = { nextRun: (after) => new Date(after.getTime() + 60_000) }

/** 60 workflows on two instruments, every third one disabled, some with orders and runs. */
const sixty = () =>
  fakeStore({
    workflows: Array.from({ length: 60 }, (_, index) =>
      aWorkflow({
        id: `3f0c8c1e-6d5b-4b7e-9a55-${String(index + 1).padStart(12, '0')}`,
        name: `Rule ${index + 1}`,
        cfd: index < 12 ? 'AAPL:xnas' : 'US500.I',
        enable: index % 3 !== 0,
        dry_run: index % 2 === 0,
        end_date: index % 5 === 0 ? '2026-12-31' : null,
        last_order: index % 4 === 0 ? anOrder() : null,
        orders_by_day: ordersByDay(NOW, index % 4 === 0 ? { '2026-11-21': (index % 7) + 1 } : {}),
        last_run: index % 4 === 3 ? null : aLastRun({ outcome: index % 4 ? 'failed' : 'placed' }),
      }),
    ),
    broken: [{ id: 'b0', name: 'Rule of old', problem: 'conditions: expected a list' }],
  })

const open = async (store = sixty(), options: BrowserContextOptions = {}) => {
  const server = await serve({ ...store, schedule: everyMinute })
  const window = await openWindow(browser, server.url, options)
  return {
    ...window,
    store,
    [Symbol.asyncDispose]: async () => {
      await window[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

const search = (page: Page) => page.getByLabel('Name or instrument')
const found = (page: Page, text: string | RegExp) => page.locator('#workflow-list').getByText(text)
const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })

describe.each([true, false])('with JavaScript %s', (javaScriptEnabled) => {
  test('a trader pages through the list, and back', async () => {
    await using window = await open(undefined, { javaScriptEnabled })
    const { page } = window
    await page.goto(`${paths.workflows}?sort=-name`)
    await page.getByRole('link', { name: 'Next' }).click()
    await found(page, '61 workflows, 51 to 61, by name, in reverse').waitFor()
    expect(new URL(page.url()).search).toBe('?sort=-name&page=2')
    expect(await row(page, 'Rule 1').isVisible()).toBe(true)
    await page.goBack()
    await found(page, '1 to 50').waitFor()
    expect(window.complaints).toEqual([])
  })

  test('a trader disables several workflows at once, and is told what became of each', async () => {
    await using folder = await aFolder()
    await using product = await openInstallation(folder.path)
    for (const [name, enable] of [
      ['Sell 1', true],
      ['Sell 2', true],
      ['Sell 3', false],
      ['Buy', true],
    ] as const) {
      await product.workflows.create(crypto.randomUUID(), aDefinition({ name, enable }), NOW)
    }
    await using server = await serve(product)
    await using window = await openWindow(browser, server.url, { javaScriptEnabled })
    const { page } = window
    await page.goto(`${paths.workflows}?q=sell`)
    await page.getByText('Select workflows to enable or disable them together').waitFor()

    await page.getByLabel('Select Sell 1').check()
    await page.getByLabel('Select Sell 3').check()
    await page.getByRole('button', { name: 'Disable' }).click()
    const told = page.getByRole('status').filter({ hasText: '1 disabled, 1 was disabled already.' })
    await told.waitFor()
    expect(await told.evaluate((element) => element.matches(':focus'))).toBe(true)
    expect(new URL(page.url()).search).toBe('?q=sell')
    expect(await row(page, 'Sell 1').getByText('Disabled').isVisible()).toBe(true)
    expect(await row(page, 'Sell 2').getByText('Enabled').isVisible()).toBe(true)

    await page.getByRole('link', { name: 'Select all on this page' }).click()
    await found(page, 'All on this page are selected.').waitFor()
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByText('2 enabled, 1 was enabled already.').waitFor()
    const { workflows } = await product.workflows.list(NOW)
    expect(workflows.every(({ enable }) => enable)).toBe(true)
    await page.reload()
    expect(await page.getByText('2 enabled').count()).toBe(0)
    expect(window.complaints).toEqual([])
  })
})

test('what one types stays in the field, which keeps the focus, and the count is announced', async () => {
  await using window = await open()
  const { page } = window
  await page.goto(paths.workflows)
  await page.keyboard.press('/')
  await page.keyboard.type('rule 1')
  await page.locator('#announcement', { hasText: '11 of 61 workflows' }).waitFor()
  await page.keyboard.type('2')
  await page.locator('#announcement', { hasText: /^1 of 61/ }).waitFor()
  expect(await search(page).evaluate((element) => element.matches(':focus'))).toBe(true)
  expect(await search(page).inputValue()).toBe('rule 12')
  expect(new URL(page.url()).search).toBe('?q=rule+12')
})

test('what is typed in one go is asked for once', async () => {
  await using window = await open()
  const { page, store } = window
  await page.goto(paths.workflows)
  store.state.calls.length = 0
  await search(page).pressSequentially('aapl', { delay: 20 })
  await found(page, '12 of 61 workflows').waitFor()
  expect(store.state.calls.filter((call) => call === 'list')).toHaveLength(1)
})

test('a list that takes its time says so, and a store that fails is no empty list', async () => {
  await using window = await open()
  const { page, store } = window
  await page.goto(paths.workflows)
  const loading = page.getByText('Loading the workflows…')
  expect(await loading.isVisible()).toBe(false)
  store.state.delay_ms = 900
  await search(page).fill('aapl')
  await loading.waitFor({ state: 'visible' })
  await found(page, '12 of 61 workflows').waitFor()
  expect(await loading.isVisible()).toBe(false)

  store.state.delay_ms = 0
  store.state.failing = true
  await page.getByLabel('Mode').selectOption('Live')
  const alert = page.getByRole('alert')
  await alert.getByText('The order store did not answer').waitFor()
  expect(await page.getByText('No workflow').count()).toBe(0)
  expect(await search(page).inputValue()).toBe('aapl')
  store.state.failing = false
  await page.getByRole('link', { name: 'Try again' }).click()
  await found(page, '6 of 61 workflows').waitFor()
  expect(await alert.count()).toBe(0)
})

test('Enter on a checkbox switches nothing', async () => {
  await using window = await open()
  const { page } = window
  await page.goto(paths.workflows)
  const box = page.getByLabel('Select Rule 1', { exact: true })
  await box.focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.getByText('selected').first().waitFor()
  expect(await box.isChecked()).toBe(true)
  expect(new URL(page.url()).pathname).toBe(paths.workflows)
})

test('all of a page are chosen and let go again with the keyboard, which stays where it is', async () => {
  await using window = await open()
  const { page } = window
  await page.goto(`${paths.workflows}?page=2`)
  await page.getByRole('link', { name: 'Select all on this page' }).press('Enter')
  await page.locator('#announcement', { hasText: 'All on this page are selected.' }).waitFor()
  const none = page.getByRole('link', { name: 'Select none on this page' })
  expect(await none.evaluate((element) => element.matches(':focus'))).toBe(true)
  expect(await page.locator('tbody :checked').count()).toBe(10)
  expect(new URL(page.url()).search).toBe('?page=2')
  await none.press('Enter')
  await page.getByRole('link', { name: 'Select all on this page' }).waitFor()
  expect(await page.locator('tbody :checked').count()).toBe(0)
})

test('on a phone the filter is folded away until it is asked for', async () => {
  await using window = await open(undefined, { viewport: { width: 360, height: 740 } })
  const { page } = window
  await page.goto(paths.workflows)
  expect(await page.getByLabel('Status').isVisible()).toBe(false)
  await page.getByText('Filter and sort').click()
  await page.getByLabel('Status').waitFor()
})
