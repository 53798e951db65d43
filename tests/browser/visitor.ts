import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/**
 * A browser window of its own. `complaints` are the errors of its console, among them every breach of
 * the content security policy.
 */
export const openWindow = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
) => {
  const context = await browser.newContext({ baseURL: url, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

/** What axe finds wrong with a page, one line per rule. The page must not be loaded before. */
export const accessibilityProblems = async (page: Page, path: string): Promise<string[]> => {
  // An init script is the browser's own and not held to the policy of the page.
  await page.addInitScript({ content: await readFile(AXE, 'utf8') })
  await page.goto(path)
  return problemsNow(page)
}

/** The same for the page as it stands, which `accessibilityProblems` has opened. */
export const problemsNow = async (page: Page): Promise<string[]> => {
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  )
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`,
  )
}
