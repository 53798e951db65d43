import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { removeToken } from '../../src/domain/access.ts'
import { paths } from '../../src/paths.ts'
import type { AccessControl } from '../../src/routes/deps.ts'
import { launchBrowser } from '../support/browser.ts'
import { tokensFor } from '../support/access.ts'
import { NOW } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { aTrail } from './trail.ts'
import { accessibilityProblems, openWindow } from './visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** The product where Ada and Bob have tokens, and a window that knows neither. */
const open = async (options: BrowserContextOptions = {}, changes: Partial<AccessControl> = {}) => {
  const { document, texts, ids } = tokensFor(
    { Ada: { role: 'operator' }, Bob: { role: 'viewer' } },
    NOW,
  )
  let current = document
  const signedOut = new Set<string>()
  const server = await serve({
    ...aTrail(),
    access: {
      read: async () => current,
      signedOut: {
        has: async (id) => signedOut.has(id),
        add: async (id) => void signedOut.add(id),
      },
      public_url: null,
      is_private: true,
      people: new Map(),
      provider: null,
      ...changes,
    },
  })
  const window = await openWindow(browser, server.url, options)
  return {
    ...window,
    texts,
    endToken: (name: keyof typeof ids) => {
      current = removeToken(current, ids[name])
    },
    [Symbol.asyncDispose]: async () => {
      await window[Symbol.asyncDispose]()
      await server.stop()
    },
  }
}

const signIn = async (page: Page, token: string): Promise<void> => {
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

describe.each([
  ['with script', {}],
  ['without script', { javaScriptEnabled: false }],
])('%s', (_, options) => {
  test('a person signs in, reads, signs out, and leaves nothing behind', async () => {
    await using visit = await open(options)
    const { page, texts, complaints } = visit
    await page.goto('/orders?direction=SELL')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn(page, texts.Ada.slice(0, -1))
    await page.getByRole('alert').getByText('This token is not one that lets you in').waitFor()
    expect(await page.getByLabel('Token').inputValue()).toBe('')

    await signIn(page, texts.Ada)
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe('?direction=SELL')
    await page.getByRole('link', { name: 'Workflows' }).click()
    await page.getByText('Ada (operator)').waitFor()

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out.').waitFor()
    // The pages that were seen are not there any more, in no cache of the browser.
    await page.evaluate('history.back()')
    await page.waitForURL(/\/sign-in\?next=/)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.locator('table').count()).toBe(0)
    // A refused token is a failure to the console as well, and the only one.
    expect(complaints.filter((text) => !text.includes('status of 401'))).toEqual([])
  })
})

test('whose session ends while they look at a page is asked to sign in by the next poll', async () => {
  await using visit = await open()
  const { page, texts } = visit
  await page.goto(paths.workflows)
  await signIn(page, texts.Bob)
  await page.getByText('Bob (viewer)').waitFor()
  visit.endToken('Bob')
  await page.locator('#order-news').dispatchEvent('poll')
  await page.waitForURL(/\/sign-in$/)
  expect(await page.getByRole('heading').allTextContents()).toEqual(['Sign in'])
})

test('a viewer reads the list as a table that is whole', async () => {
  await using visit = await open()
  const { page, texts } = visit
  await page.goto(paths.workflows)
  await signIn(page, texts.Bob)
  const columns = await page.getByRole('columnheader').count()
  const [row] = await page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') })
    .all()
  expect(await row?.locator('td, th').count()).toBe(columns)
  expect(await accessibilityProblems(page)).toEqual([])
})

test.each(['light', 'dark'] as const)(
  'in %s signing in is accessible, on a phone and on a desk',
  async (colorScheme) => {
    const provider = {
      issuer: 'https://id.example',
      client_id: 'ordertrail',
      client_secret: () => Promise.resolve('secret'),
    }
    await using visit = await open(
      { colorScheme, viewport: { width: 360, height: 740 } },
      { provider, public_url: 'https://orders.example' },
    )
    const { page, texts } = visit
    await page.goto(paths.workflows)
    await page.getByRole('link', { name: 'Sign in at id.example' }).waitFor()
    await signIn(page, 'wrong')
    await page.getByRole('alert').waitFor()
    const look = async (): Promise<void> => {
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 740 })
        expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBe(width)
        expect(await accessibilityProblems(page)).toEqual([])
      }
    }
    await look()
    await signIn(page, texts.Ada)
    await page.getByText('Ada (operator)').waitFor()
    await look()
  },
)
