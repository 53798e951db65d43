import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DomainError } from '../../src/domain/errors.ts'
import type { Workflows } from '../../src/domain/ports.ts'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { aDefinition } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { NOW } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { openWindow } from './visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** Sells the break of a level of an instrument that the replayed market knows. */
const aLevel = (changes: Record<string, unknown> = {}) =>
  aDefinition({
    index: 'US500.I',
    cfd: 'US500.I',
    conditions: [
      {
        indicator: { name: 'polarite', unit_time: 'daily', value: 100 },
        close: { direction: 'below', unit_time: 'daily', spread: 5 },
      },
    ],
    trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 2 },
    ...changes,
  })

const ID = '3f0c8c1e-6d5b-4b7e-9a55-0d7c2f1b9a40'

/** The product with one workflow, a live one, and a browser window on it; its store can be made to fail. */
const open = async (options: BrowserContextOptions = {}) => {
  const folder = await aFolder()
  const product = await openInstallation(folder.path, { MARKET: 'replay' })
  await product.workflows.create(ID, aLevel(), NOW)
  const store = { failing: false }
  const find: Workflows['find'] = async (id, now) => {
    if (store.failing) throw new DomainError('store_unavailable', 'no answer')
    return product.workflows.find(id, now)
  }
  const server = await serve({ ...product, workflows: { ...product.workflows, find } })
  const window = await openWindow(browser, server.url, options)
  return {
    ...product,
    ...window,
    store,
    server,
    [Symbol.asyncDispose]: async () => {
      await window[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      await product[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** That a page answered 404, 409 or 422 is the browser's own complaint. */
const ownComplaints = (complaints: readonly string[]): string[] =>
  complaints.filter((text) => !/status of 4\d\d/.test(text))

const condition = (page: Page, number: number) =>
  page.getByRole('group', { name: `Condition ${number}` })

/** The id of what has the focus, or else its text. */
const focused = (page: Page) =>
  page.locator(':focus').evaluate((element) => element.id || element.textContent)

describe.each([true, false])('a trader with JavaScript %s', (javaScriptEnabled) => {
  test('changes a workflow that somebody else changes, and loses nothing', async () => {
    await using at = await open({ javaScriptEnabled })
    const { page, workflows } = at
    await page.goto(paths.workflowEdit(ID))
    await page.getByLabel('Quantity').fill('7')
    await workflows.replace(ID, aLevel({ name: 'Theirs' }), NOW)

    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('somebody changed this workflow').waitFor()
    const row = (name: string) => page.getByRole('row', { name })
    expect(await row('Name').innerText()).toMatch(/^Name\s+DIFFERENT?\s+/i)
    expect(await row('Quantity').getByRole('cell').allInnerTexts()).toEqual(['7', '2'])
    expect(await row('Offset').innerText()).not.toMatch(/different/i)
    expect((await workflows.find(ID, NOW))?.name).toBe('Theirs')

    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Saved, and live: its orders are sent to the broker.').waitFor()
    expect(await workflows.find(ID, NOW)).toMatchObject({
      name: 'Sell under 100',
      revision: 3,
      trigger: { quantity: 7 },
    })
    expect(ownComplaints(at.complaints)).toEqual([])
  })

  test('makes a copy, which is a dry run, and switches off and deletes the original', async () => {
    await using at = await open({ javaScriptEnabled })
    const { page, workflows } = at
    await page.goto(paths.workflow(ID))
    await page.getByRole('link', { name: 'Duplicate' }).click()
    expect(await page.getByLabel('Name').inputValue()).toBe('Copy of Sell under 100')
    await page.getByRole('button', { name: 'Create workflow' }).click()
    await page.getByRole('heading', { level: 1, name: 'Copy of Sell under 100' }).waitFor()

    await page.goto(paths.workflow(ID))
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('button', { name: 'Enable' }).waitFor()
    expect(await focused(page)).toMatch(/^Disabled/)
    await page.getByRole('link', { name: 'Delete' }).click()
    await page.getByText('It has no orders that could stay.').waitFor()
    await page.getByRole('button', { name: 'Delete workflow' }).click()
    await page.getByText('Deleted. Its orders stay readable').waitFor()
    expect(await page.getByRole('link', { name: 'Sell under 100', exact: true }).count()).toBe(0)
    const { workflows: left } = await workflows.list(NOW)
    expect(left).toMatchObject([{ name: 'Copy of Sell under 100', dry_run: true }])
    expect(ownComplaints(at.complaints)).toEqual([])
  })
})

describe('with JavaScript', () => {
  test('the fields follow the indicator at once, the focus stays, and a change of mind costs nothing', async () => {
    await using at = await open()
    const { page } = at
    await page.goto(paths.workflowEdit(ID))
    const indicator = condition(page, 1).getByLabel('Indicator', { exact: true })
    await indicator.focus()
    await indicator.selectOption('Inclined line through two dated prices')
    await page.getByLabel('Day of the first point').waitFor()
    expect(await focused(page)).toBe('conditions.0.indicator.name')
    await indicator.selectOption('Fixed level')
    expect(await condition(page, 1).getByLabel('Level', { exact: true }).inputValue()).toBe('100')
    await page.getByText('sell 2 US500.I').waitFor()
  })

  test('it stands in words beside the form what it does, as it is typed', async () => {
    await using at = await open()
    const { page } = at
    await page.goto(paths.workflowEdit(ID))
    await page.getByLabel('Quantity').fill('12')
    await page.getByLabel('Quantity').press('Tab')
    await page.getByText('Sell 12 US500.I 1 point below the low of the daily candle.').waitFor()
    await page.getByRole('radio', { name: 'Dry run' }).check()
    await page.getByText('As a dry run: nothing is sent to the broker.').waitFor()
    expect(at.complaints).toEqual([])
  })

  test('a part that is refused takes nothing away', async () => {
    await using at = await open()
    const { page } = at
    await page.goto(paths.workflowEdit(ID))
    await page.getByLabel('Name').fill('x'.repeat(66_000))
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('alert').getByText('Too large').waitFor()
    expect(await page.getByRole('alert').getByRole('link').count()).toBe(0)
    await page.getByLabel('Name').fill('Short again')
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await condition(page, 2).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await page.getByLabel('Name').inputValue()).toBe('Short again')
  })

  test('a server that does not answer takes nothing away', async () => {
    await using at = await open()
    const { page, server } = at
    await page.goto(paths.workflowEdit(ID))
    await page.getByLabel('Quantity').fill('12')
    await server.stop()
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('alert').getByText('The server did not answer').waitFor()
    expect(await page.getByLabel('Quantity').inputValue()).toBe('12')
    expect(await condition(page, 1).count()).toBe(1)
  })
})

test('what was typed outlives a store that fails, and a workflow that is deleted', async () => {
  await using at = await open()
  const { page, workflows, store } = at
  const save = () => page.getByRole('button', { name: 'Save changes' }).click()
  await page.goto(paths.workflowEdit(ID))
  await page.getByLabel('Name').fill('Typed')
  store.failing = true
  await save()
  await page.getByText('What you typed is kept below').waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('Typed')

  store.failing = false
  await workflows.remove(ID)
  await save()
  await page.getByText('there is no such workflow any more').waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('Typed')
})
