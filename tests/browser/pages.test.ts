import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { WORKFLOW_ID } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { aTrail, DELETED_ID, IDLE_ID } from './trail.ts'
import { accessibilityProblems, openWindow, problemsNow } from './visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const pages = (newest: string): Record<string, string> => ({
  'the list': paths.workflows,
  'a workflow': paths.workflow(WORKFLOW_ID),
  'a workflow without orders': paths.workflow(IDLE_ID),
  'a history': paths.workflowOrders(WORKFLOW_ID),
  'an empty history': paths.workflowOrders(IDLE_ID),
  'the history of a deleted workflow': paths.workflowOrders(DELETED_ID),
  'all orders': paths.orders(),
  'an order': paths.order(newest),
  'a missing page': '/nowhere',
})
const names = Object.keys(pages(''))
const pathOf = (name: string, newest: string): string => pages(newest)[name] ?? ''

describe.each([true, false])('a trader with JavaScript %s', (javaScriptEnabled) => {
  test('goes from the list to a workflow, its history, an order, and back to the workflow', async () => {
    await using server = await serve(aTrail())
    await using window = await openWindow(browser, server.url, { javaScriptEnabled })
    const { page } = window
    await page.goto(paths.workflows)
    await page.getByRole('link', { name: 'Buy the dip at the 50-day average' }).click()
    await page.getByRole('heading', { level: 1, name: 'Buy the dip' }).waitFor()
    await page.getByRole('link', { name: 'Show order history' }).click()
    await page.locator('caption', { hasText: '47 orders, newest first' }).waitFor()
    // With script the history comes into the page, without it the history is a page.
    const inPlace = paths.workflow(WORKFLOW_ID)
    const asPage = paths.workflowOrders(WORKFLOW_ID)
    expect(new URL(page.url()).pathname).toBe(javaScriptEnabled ? inPlace : asPage)

    await page.getByRole('link', { name: 'Older' }).click()
    await page.locator('caption', { hasText: 'showing 21 to 40' }).waitFor()
    // By script they come below the newer ones, and there is nothing to go back to.
    if (!javaScriptEnabled) await page.getByRole('link', { name: 'Newer' }).click()
    await page.locator('caption', { hasText: 'showing 1 to 20' }).waitFor()

    await page
      .getByRole('link', { name: /^Details of the sell order of 2026-11-23 11:00:00 UTC/ })
      .click()
    await page.getByRole('heading', { level: 1, name: 'Sell 0.5 US500.I at 1,845.16' }).waitFor()
    await page.getByText('Close 1,845.16 was within 12 points above the daily MA50').waitFor()
    await page
      .getByRole('navigation', { name: 'You are here' })
      .getByRole('link', { name: 'Buy the dip' })
      .click()
    await page.getByRole('heading', { name: 'Last run' }).waitFor()
    expect(window.complaints).toEqual([])
  })
})

describe('every page', () => {
  test.each(names)('%s breaks no content security policy and logs no error', async (name) => {
    const trail = aTrail()
    await using server = await serve(trail)
    await using window = await openWindow(browser, server.url)
    await window.page.goto(pathOf(name, trail.newest))
    await window.page.waitForLoadState('networkidle')
    // That a page answered 404 is the browser's own complaint.
    expect(window.complaints.filter((text) => !text.includes('status of 404'))).toEqual([])
  })

  test.each(names)('%s fits a phone of 360 pixels', async (name) => {
    const trail = aTrail()
    await using server = await serve(trail)
    await using window = await openWindow(browser, server.url, {
      viewport: { width: 360, height: 740 },
    })
    await window.page.goto(pathOf(name, trail.newest))
    expect(await window.page.locator('html').evaluate((html) => html.scrollWidth)).toBe(360)
  })

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    test.each(names)('%s is accessible, on a phone and on a desk', async (name) => {
      const trail = aTrail()
      await using server = await serve(trail)
      for (const width of [360, 1280]) {
        const viewport = { width, height: 800 }
        await using window = await openWindow(browser, server.url, { colorScheme, viewport })
        expect(await accessibilityProblems(window.page, pathOf(name, trail.newest))).toEqual([])
      }
    })

    test('a workflow with its history, or with its failure, is accessible', async () => {
      const trail = aTrail()
      await using server = await serve(trail)
      await using window = await openWindow(browser, server.url, { colorScheme })
      const { page } = window
      await accessibilityProblems(page, paths.workflow(WORKFLOW_ID))
      await page.getByRole('link', { name: 'Show order history' }).click()
      await page.getByRole('link', { name: 'Older' }).waitFor()
      expect(await problemsNow(page)).toEqual([])
      trail.state.failing = true
      await page.getByRole('link', { name: 'Older' }).click()
      await page.getByRole('alert').waitFor()
      expect(await problemsNow(page)).toEqual([])
    })
  })
})
