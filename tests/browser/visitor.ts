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

/** What axe finds wrong with the page as it stands, one line per rule. */
export const accessibilityProblems = async (page: Page): Promise<string[]> => {
  // What a debugger evaluates is not held to the policy of the page.
  if (await page.evaluate(() => !('axe' in globalThis))) {
    await page.evaluate(await readFile(AXE, 'utf8'))
  }
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  )
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`,
  )
}
