import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { serve } from './serve.ts'
import { aTrail } from './trail.ts'
import { openWindow } from './visitor.ts'

/** The id of an order that the document gives as an example. */
const EXAMPLE_ID = '0466ca56-df62-577b-8215-4bd4e967fb26'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const PHONE = { width: 360, height: 740 }
const DESK = { width: 1280, height: 800 }

describe.each([true, false])('a programmer with JavaScript %s', (javaScriptEnabled) => {
  test('finds an operation by the contents on a phone, and its schema from there', async () => {
    await using server = await serve(aTrail())
    const options = { javaScriptEnabled, viewport: PHONE }
    await using window = await openWindow(browser, server.url, options)
    const { page } = window
    await page.goto(paths.workflows)
    await page.getByRole('link', { name: 'API' }).click()
    await page.getByRole('heading', { level: 1, name: 'API' }).waitFor()

    const contents = page.getByRole('navigation', { name: 'Contents' })
    expect(await contents.getByRole('link').first().isVisible()).toBe(false)
    await contents.getByText('Contents').click()
    await contents.getByRole('link', { name: 'GET getOrder' }).click()
    expect(new URL(page.url()).hash).toBe('#getOrder')
    const operation = page.locator('article#getOrder')
    await operation.getByText(`curl ${server.url}${paths.api.order(EXAMPLE_ID)}`).waitFor()

    await operation.getByRole('link', { name: 'Order', exact: true }).click()
    expect(new URL(page.url()).hash).toBe('#schema-Order')
    await page.getByRole('heading', { level: 3, name: 'Order', exact: true }).waitFor()
    expect(window.complaints).toEqual([])
  })
})

test('on a desk the contents stand beside the text, and nothing has to be unfolded', async () => {
  await using server = await serve(aTrail())
  await using window = await openWindow(browser, server.url, { viewport: DESK })
  await window.page.goto(`${paths.api.docs}#getOrder`)
  const link = window.page
    .getByRole('navigation', { name: 'Contents' })
    .getByRole('link', { name: 'GET getOrder' })
  expect(await link.isVisible()).toBe(true)
})

test('a command that is wider than a phone scrolls inside itself, by keyboard too', async () => {
  await using server = await serve(aTrail())
  await using window = await openWindow(browser, server.url, { viewport: PHONE })
  const { page } = window
  await page.goto(paths.api.docs)
  const command = page.getByRole('group', { name: 'curl for createWorkflow' })
  await command.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => command.evaluate((block) => block.scrollLeft)).toBeGreaterThan(0)
})
