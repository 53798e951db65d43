import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import type { Candle } from '../../src/domain/candle.ts'
import { WorkflowDefinition } from '../../src/domain/workflow.ts'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { aFolder, openInstallation, writeCandles } from '../support/installation.ts'
import { anOrder, NOW } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { openWindow } from './visitor.ts'

// What traders come for, from the first page to the last one, with nothing between them and the whole
// product: its pages, its engine, its store.

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** The days before the Monday that it is: the level of 2000 is tried from above, and gives way. */
const DAYS: readonly Candle[] = [
  ['2026-11-19', 2004.2, 2011.8, 2001.5, 2009.4],
  ['2026-11-20', 2008.9, 2010.3, 1996.1, 1998.2],
].map(([day, open, high, low, close]) => ({
  date: `${day}T00:00:00.000Z`,
  open: Number(open),
  high: Number(high),
  low: Number(low),
  close: Number(close),
}))

const sellUnder = (level: number, changes: Record<string, unknown> = {}) =>
  WorkflowDefinition.parse({
    name: `Sell the break of ${level}`,
    index: 'US500.I',
    cfd: 'US500.I',
    dry_run: false,
    conditions: [
      {
        indicator: { name: 'polarite', unit_time: 'daily', value: level },
        close: { direction: 'below', unit_time: 'daily', spread: 5 },
      },
    ],
    trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 0.1 },
    ...changes,
  })

/** The product with these workflows, on a server, with a window on it. */
const open = async (definitions: WorkflowDefinition[], javaScriptEnabled: boolean) => {
  const folder = await aFolder()
  for (const code of ['US500.I', 'GER40.I']) await writeCandles(folder.path, `${code}_daily`, DAYS)
  const product = await openInstallation(folder.path)
  for (const definition of definitions) await product.workflows.create(newId(), definition, NOW)
  const server = await serve(product)
  const window = await openWindow(browser, server.url, { javaScriptEnabled })
  /** Runs the engine, as the schedule does. */
  const run = async () => {
    const answer = await fetch(server.url + paths.api.runs, { method: 'POST' })
    return (await answer.json()) as { placed: number }
  }
  return {
    ...product,
    ...window,
    run,
    [Symbol.asyncDispose]: async () => {
      await window[Symbol.asyncDispose]()
      await server.stop()
      await product[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
const condition = (page: Page, number: number) =>
  page.getByRole('group', { name: `Condition ${number}` })

/** The id of what has the focus, or else its text. */
const focused = (page: Page) =>
  page.locator(':focus').evaluate((element) => element.id || element.textContent)

/** That an answer was 422 is the browser's own complaint. */
const withoutRefusals = (complaints: readonly string[]): string[] =>
  complaints.filter((text) => !text.includes('status of 422'))

describe.each([true, false])('a trader with JavaScript %s', (javaScriptEnabled) => {
  test('finds a workflow, looks at it, and comes back to the list as it was', async () => {
    const some = Array.from({ length: 12 }, (_, index) =>
      sellUnder(2000, {
        name: `Rule ${index + 1}`,
        cfd: index < 8 ? 'GER40.I' : 'US500.I',
        enable: index % 3 !== 0,
      }),
    )
    await using window = await open(some, javaScriptEnabled)
    const { page } = window
    const found = (text: string | RegExp) => page.locator('#workflow-list').getByText(text)
    const search = page.getByLabel('Name or instrument')
    /** Without script a button sends the form. */
    const show = async () => {
      if (!javaScriptEnabled) await page.getByRole('button', { name: 'Show' }).click()
    }
    await page.goto(paths.home)
    await found(/^12 workflows/).waitFor()

    await search.pressSequentially('ger40')
    await show()
    await found('8 of 12 workflows').waitFor()
    await page.getByLabel('Status').selectOption('Disabled')
    await show()
    await found('3 of 12 workflows').waitFor()
    await page.getByLabel('Sort by').selectOption('Name, in reverse')
    await show()
    await found('3 of 12 workflows, by name, in reverse').waitFor()
    const url = new URL(page.url())
    expect(url.pathname + url.search).toBe('/workflows?q=ger40&enabled=false&sort=-name')
    const names = await page.locator('tbody th').allInnerTexts()
    expect(names.map((text) => text.split('\n')[0])).toEqual(['Rule 7', 'Rule 4', 'Rule 1'])

    await page.getByRole('link', { name: 'Rule 4', exact: true }).click()
    await title(page, 'Rule 4')
    await page.goBack()
    await found('3 of 12 workflows, by name, in reverse').waitFor()
    expect(await search.inputValue()).toBe('ger40')
    expect(await page.getByLabel('Status').inputValue()).toBe('false')

    await page.goBack()
    await found(/^3 of 12 workflows$/).waitFor()
    await page.goBack()
    await found('8 of 12 workflows').waitFor()
    expect(await search.inputValue()).toBe('ger40')
    expect(await page.getByLabel('Status').inputValue()).toBe('')

    await page.getByRole('link', { name: 'Clear the filter' }).click()
    await found(/^12 workflows/).waitFor()
    expect(await search.inputValue()).toBe('')
    expect(window.complaints).toEqual([])
  })

  test('sees why a workflow traded, and why another one did not', async () => {
    await using window = await open([sellUnder(2000), sellUnder(1900)], javaScriptEnabled)
    const { page } = window
    expect(await window.run()).toMatchObject({ placed: 1 })
    await page.goto(paths.workflows)
    await row(page, 'Sell the break of 2000').locator('.last-order').getByRole('link').click()

    await title(page, 'Sell 0.1 US500.I at 1,995.1')
    await page.getByText(/^High 2,010.3 reached the level at 2,000 and the candle closed/).waitFor()
    await page.getByText('The price 1,995.1 is 1 point below the low 1,996.1').waitFor()
    await page.getByRole('group', { name: 'The daily candle of 2026-11-20 of US500.I' }).waitFor()
    await page.getByRole('link', { name: 'Sell the break of 2000' }).first().click()
    await title(page, 'Sell the break of 2000')
    await page.getByText('Traded: sell 0.1 US500.I at 1,995.1').waitFor()
    const { pathname } = new URL(page.url())
    await page.getByRole('link', { name: 'Show order history' }).click()
    await page.locator('caption', { hasText: '1 order, newest first' }).waitFor()
    // With script the history comes into the page, without it the history is a page.
    const place = javaScriptEnabled ? pathname : `${pathname}/orders`
    expect(new URL(page.url()).pathname).toBe(place)
    await page.getByRole('link', { name: /^Details of the sell order of 2026-11-23/ }).click()
    await title(page, 'Sell 0.1 US500.I at 1,995.1')

    await page.goto(paths.workflows)
    await page.getByRole('link', { name: 'Sell the break of 1900' }).click()
    await page.getByText(/^Not traded: the close .*98.2 points above/).waitFor()
    expect(window.complaints).toEqual([])
  })

  test('creates a workflow with two conditions, corrects what is wrong, and sees it', async () => {
    await using window = await open([], javaScriptEnabled)
    const { page } = window
    /** Chooses an indicator; without script its fields come with a button. */
    const choose = async (number: number, indicator: string) => {
      const group = condition(page, number)
      await group.getByLabel('Indicator', { exact: true }).selectOption(indicator)
      if (!javaScriptEnabled) await group.getByRole('button', { name: 'Show what' }).click()
    }
    await page.goto(paths.workflows)
    await page.getByRole('link', { name: 'New workflow' }).click()
    await page.getByText('It starts as a dry run').waitFor()
    await page.getByLabel('Name').fill('Break of the zone')
    await page.getByLabel('Traded instrument').fill('US500.I')
    await page.getByLabel('Instrument of the level').fill('US500.I')
    await page.getByRole('radio', { name: 'Sell' }).check()
    await page.getByLabel('Quantity').fill('0,5')
    await page.getByLabel('Candle that it breaks out of').selectOption('Daily')

    await choose(1, 'Fixed level')
    await condition(page, 1).getByLabel('Level', { exact: true }).fill('100')
    expect(await page.getByLabel('Name').inputValue()).toBe('Break of the zone')
    await condition(page, 1).getByLabel('Candles of the indicator').selectOption('Daily')
    await condition(page, 1).getByLabel('Candle that closes').selectOption('Daily')
    await condition(page, 1).getByRole('radio', { name: 'Below' }).check()

    await page.getByRole('button', { name: 'Add a condition' }).click()
    await condition(page, 2).waitFor()
    expect(await focused(page)).toBe('conditions.1.indicator.name')
    await choose(2, 'Zone between two prices')
    await condition(page, 2).getByLabel('One end of the zone').fill('90')
    await condition(page, 2).getByLabel('Other end of the zone').fill('110')
    await condition(page, 2).getByLabel('Candles of the indicator').selectOption('Daily')
    await condition(page, 2).getByLabel('Candle that closes').selectOption('Daily')
    await condition(page, 2).getByRole('radio', { name: 'Below' }).check()

    // A third one was not meant.
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('button', { name: 'Remove condition 3' }).click()
    await condition(page, 3).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('conditions-title')
    expect(await condition(page, 2).getByLabel('Other end').inputValue()).toBe('110')

    await page.getByRole('button', { name: 'Create workflow' }).click()
    await page.getByText('1 thing to correct').waitFor()
    expect(await page.title()).toMatch(/^Error: New workflow/)
    expect(await focused(page)).toContain('1 thing to correct')
    const quantity = page.getByLabel('Quantity')
    expect(await quantity.inputValue()).toBe('0,5')
    expect(await quantity.getAttribute('aria-describedby')).toContain('trigger.quantity-error')
    await page.getByRole('link', { name: 'Order: Quantity' }).click()
    expect(await focused(page)).toBe('trigger.quantity')
    await quantity.fill('0.5')
    await quantity.press('Enter')

    await title(page, 'Break of the zone')
    expect(await focused(page)).toBe('Created as a dry run: nothing is sent to the broker.')
    await page.getByText('The daily close or high is in the zone 90 to 110.').waitFor()
    await page.getByText('Sell 0.5 US500.I 1 point below the low of the daily candle.').waitFor()
    await page.reload()
    expect(await page.getByText('Created as a dry run').count()).toBe(0)
    expect(withoutRefusals(window.complaints)).toEqual([])
  })

  test('sees a run place an order, and the list update', async () => {
    await using window = await open([sellUnder(2000), sellUnder(1900)], javaScriptEnabled)
    const { page } = window
    const traded = row(page, 'Sell the break of 2000')
    if (javaScriptEnabled) await page.clock.install({ time: NOW })
    await page.goto(paths.workflows)
    await traded.getByText('No run yet').waitFor()
    expect(await window.run()).toMatchObject({ placed: 1 })

    if (javaScriptEnabled) {
      // Nothing moves under the pointer: what has come is announced.
      await page.clock.runFor('00:15')
      const news = page.getByRole('status').getByRole('link', { name: 'Show 1 new order' })
      await news.waitFor()
      await traded.getByText('No run yet').waitFor()
      await news.click()
    } else {
      await page.reload()
    }
    await traded.getByText('Order placed').waitFor()
    expect(await traded.locator('.deal').innerText()).toBe('▼SELL 0.1 at 1,995.1')
    expect(await row(page, 'Sell the break of 1900').innerText()).toMatch(/No signal/)
    expect(await page.getByRole('link', { name: /new order/ }).count()).toBe(0)
    expect(window.complaints).toEqual([])
  })

  test('exports exactly the orders of the view', async () => {
    await using window = await open([], javaScriptEnabled)
    const { page, trail } = window
    const placed = Array.from({ length: 9 }, (_, index) =>
      anOrder({
        order_id: newId(),
        workflow_id: newId(),
        workflow_name: `Rule ${index}`,
        direction: index % 3 === 0 ? 'BUY' : 'SELL',
        asset: { code: index < 5 ? 'US500.I' : 'GER40.I', index: 'US500.I', asset_type: null },
        placed_at: new Date(NOW.getTime() - index * 86_400_000).toISOString(),
      }),
    )
    for (const order of placed) await trail.recordWorkflowOrder(order)
    await page.goto(paths.orders())
    await page.getByLabel('Side').selectOption('Sell')
    await page.getByLabel('Instrument').fill('US500.I')
    await page.getByLabel('From day').fill('2026-11-21')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.locator('caption', { hasText: '2 orders, newest first' }).waitFor()
    const links = await page
      .locator('tbody th a')
      .evaluateAll((shown) => shown.map((link) => link.getAttribute('href')))
    const shown = [placed[1], placed[2]].map((order) => order?.order_id ?? '')
    expect(links).toEqual(shown.map((order_id) => paths.order(order_id)))

    const saved = async (name: string): Promise<string> => {
      const download = page.waitForEvent('download')
      await page.getByRole('link', { name, exact: true }).click()
      return readFile(await (await download).path(), 'utf8')
    }
    const [heading = '', ...csv] = (await saved('CSV')).trimEnd().split(/\r?\n/)
    const column = heading.split(',').indexOf('order_id')
    expect(csv.map((line) => line.split(',')[column])).toEqual(shown)
    const lines = (await saved('JSON lines')).trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { order_id: string }).order_id)).toEqual(shown)
    await page.getByRole('link', { name: 'JSON in pages' }).click()
    const { orders } = JSON.parse(await page.locator('body').innerText()) as {
      orders: { order_id: string }[]
    }
    expect(orders.map(({ order_id }) => order_id)).toEqual(shown)
    expect(window.complaints).toEqual([])
  })
})
