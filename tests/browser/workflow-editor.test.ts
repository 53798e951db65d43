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
import { accessibilityProblems, openWindow, problemsNow } from './visitor.ts'

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
  const store = { failing: false, broken: false }
  const find: Workflows['find'] = async (id, now) => {
    if (store.failing) throw new DomainError('store_unavailable', 'no answer')
    if (store.broken)
      throw new DomainError('invalid', `workflow ${id} is stored but is no valid one`)
    return product.workflows.find(id, now)
  }
  const findRaw = () => Promise.resolve({ name: 'Broken', revision: 1, conditions: [{}] })
  const server = await serve({ ...product, workflows: { ...product.workflows, find, findRaw } })
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

/** Chooses an indicator; without script its fields come with a button. */
const choose = async (page: Page, number: number, indicator: string, script: boolean) => {
  await condition(page, number).getByLabel('Indicator', { exact: true }).selectOption(indicator)
  if (!script) await condition(page, number).getByRole('button', { name: 'Show what' }).click()
}

const fillIn = async (page: Page) => {
  await page.getByLabel('Name').fill('Break of the zone')
  await page.getByLabel('Traded instrument').fill('US500.I')
  await page.getByLabel('Instrument of the level').fill('US500.I')
  await page.getByRole('radio', { name: 'Sell' }).check()
  await page.getByLabel('Quantity').fill('0,5')
  await page.getByLabel('Candle that it breaks out of').selectOption('Daily')
}

/** The id of what has the focus, or else its text. */
const focused = (page: Page) =>
  page.locator(':focus').evaluate((element) => element.id || element.textContent)

describe.each([true, false])('a trader with JavaScript %s', (javaScriptEnabled) => {
  test('creates a workflow with two conditions, corrects what is wrong, and sees it', async () => {
    await using at = await open({ javaScriptEnabled })
    const { page } = at
    await page.goto(paths.workflows)
    await page.getByRole('link', { name: 'New workflow' }).click()
    await page.getByText('It starts as a dry run').waitFor()
    await fillIn(page)

    await choose(page, 1, 'Fixed level', javaScriptEnabled)
    await condition(page, 1).getByLabel('Level', { exact: true }).fill('100')
    expect(await page.getByLabel('Name').inputValue()).toBe('Break of the zone')
    await condition(page, 1).getByLabel('Candles of the indicator').selectOption('Daily')
    await condition(page, 1).getByLabel('Candle that closes').selectOption('Daily')
    await condition(page, 1).getByRole('radio', { name: 'Below' }).check()

    await page.getByRole('button', { name: 'Add a condition' }).click()
    await condition(page, 2).waitFor()
    expect(await focused(page)).toBe('conditions.1.indicator.name')
    await choose(page, 2, 'Zone between two prices', javaScriptEnabled)
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

    await page.getByRole('heading', { level: 1, name: 'Break of the zone' }).waitFor()
    expect(await focused(page)).toBe('Created as a dry run: nothing is sent to the broker.')
    await page.getByText('The daily close or high is in the zone 90 to 110.').waitFor()
    await page.getByText('Sell 0.5 US500.I 1 point below the low of the daily candle.').waitFor()
    await page.reload()
    expect(await page.getByText('Created as a dry run').count()).toBe(0)
    expect(ownComplaints(at.complaints)).toEqual([])
  })

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

/** Fails unless this state of the page fits a phone and axe finds nothing. */
const expectGood = async (page: Page, state: string, problems: string[]) => {
  const width = await page.locator('html').evaluate((html) => html.scrollWidth)
  expect({ state, width, problems }).toEqual({ state, width: 360, problems: [] })
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('the editor is accessible in every state, and fits a phone', async () => {
    await using at = await open({ colorScheme, viewport: { width: 360, height: 740 } })
    const { page, workflows } = at
    await expectGood(page, 'new', await accessibilityProblems(page, paths.workflowNew()))
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await condition(page, 2).getByLabel('Indicator', { exact: true }).selectOption('inclined')
    await page.getByLabel('Day of the first point').waitFor()
    await page.getByRole('button', { name: 'Create workflow' }).click()
    await page.getByText('to correct').waitFor()
    await expectGood(page, 'invalid', await problemsNow(page))

    await page.goto(paths.workflowEdit(ID))
    await expectGood(page, 'edit', await problemsNow(page))
    await workflows.replace(ID, aLevel({ name: 'Theirs' }), NOW)
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('somebody changed this workflow').waitFor()
    await expectGood(page, 'conflict', await problemsNow(page))

    await page.goto(paths.workflowDelete(ID))
    await expectGood(page, 'delete', await problemsNow(page))
    await page.getByRole('button', { name: 'Delete workflow' }).click()
    await page.getByText('Deleted. Its orders').waitFor()
    await expectGood(page, 'deleted', await problemsNow(page))
    expect(ownComplaints(at.complaints)).toEqual([])
  })
})

test('what went wrong is told in an accessible way, with what was typed', async () => {
  await using at = await open({ colorScheme: 'dark', viewport: { width: 360, height: 740 } })
  const { page, workflows, store } = at
  const save = () => page.getByRole('button', { name: 'Save changes' }).click()
  await accessibilityProblems(page, paths.workflowEdit(ID))
  await page.getByLabel('Name').fill('Typed')
  store.failing = true
  await save()
  await page.getByText('What you typed is kept below').waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('Typed')
  await expectGood(page, 'unavailable', await problemsNow(page))

  store.failing = false
  await workflows.remove(ID)
  await save()
  await page.getByText('there is no such workflow any more').waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('Typed')
  await expectGood(page, 'gone', await problemsNow(page))

  store.broken = true
  await page.goto(paths.workflowEdit(ID))
  await page.getByText('No run evaluates it until it is mended').waitFor()
  await expectGood(page, 'broken', await problemsNow(page))
})
