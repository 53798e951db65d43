import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { WORKFLOW_ID } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { aTrail, DELETED_ID, someAttention } from './trail.ts'
import { openWindow } from './visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const aTroubledTrail = () =>
  aTrail([...someAttention(WORKFLOW_ID, 12), ...someAttention(DELETED_ID, 2)])

describe.each([true, false])('a trader with JavaScript %s', (javaScriptEnabled) => {
  test('sees what needs attention, unfolds the older orders and goes to the workflow', async () => {
    await using server = await serve(aTroubledTrail())
    await using window = await openWindow(browser, server.url, { javaScriptEnabled })
    const { page } = window
    await page.goto(paths.workflows)
    const section = page.getByRole('region', { name: 'Needs attention: 14 orders' })
    expect(await section.getByRole('listitem').filter({ visible: true }).count()).toBe(5)
    await section.getByText('9 older orders').click()
    expect(await section.getByRole('listitem').filter({ visible: true }).count()).toBe(14)

    await page.getByRole('table').getByRole('link', { name: 'Needs attention' }).click()
    await page.getByRole('heading', { level: 1, name: 'Buy the dip' }).waitFor()
    const own = page.getByRole('region', { name: 'Needs attention: 12 orders' })
    expect(await own.getByRole('heading', { level: 3 }).first().textContent()).toBe(
      '▼SELL 0.5 US500.I at 1,900.25',
    )
    expect(window.complaints).toEqual([])
  })

  test('reaches what a deleted workflow left, and its history from there', async () => {
    await using server = await serve(aTroubledTrail())
    await using window = await openWindow(browser, server.url, { javaScriptEnabled })
    const { page } = window
    await page.goto(paths.workflow(DELETED_ID))
    await page.getByText('This workflow was deleted.').waitFor()
    expect(await page.getByRole('region', { name: 'Needs attention: 2 orders' }).isVisible()).toBe(
      true,
    )
    await page.getByRole('link', { name: 'Show order history' }).click()
    await page.getByText('2 orders, newest first').waitFor()
    expect(window.complaints).toEqual([])
  })
})

test('the older orders are folded again from wherever one has read to', async () => {
  await using server = await serve(aTrail(someAttention(WORKFLOW_ID, 300)))
  await using window = await openWindow(browser, server.url, {
    viewport: { width: 360, height: 740 },
  })
  const { page } = window
  await page.goto(paths.workflows)
  const summary = page.getByText('295 older orders')
  await summary.click()
  await page.getByRole('listitem').nth(150).scrollIntoViewIfNeeded()
  await summary.click()
  expect(await page.getByRole('listitem').filter({ visible: true }).count()).toBe(5)
})
