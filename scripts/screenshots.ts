// Writes a picture of every page of a running server to screenshots/, at two widths, light and dark.
// `npm run screenshots -- http://127.0.0.1:3000`; with --readme also the README's picture.
import { mkdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../tests/support/browser.ts'

const WIDTHS = [360, 1280]
const SCHEMES = ['light', 'dark'] as const
const MAX_README_BYTES = 200 * 1024

const folder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** Where the first link that matches leads, or null when there is none. */
const linkOf = async (page: Page, selector: string): Promise<string | null> => {
  const link = page.locator(selector).first()
  return (await link.count()) > 0 ? link.getAttribute('href') : null
}

/** One URL per kind of page, found by following the links of the list. */
const findPages = async (page: Page, base: string): Promise<Record<string, string>> => {
  await page.goto(`${base}/workflows`)
  const order = await linkOf(page, '.last-order a')
  // A workflow that has ordered shows more than one that has not.
  const rows = page.locator('tbody tr', { has: page.locator('.last-order a') })
  const workflow =
    (await rows.count()) > 0
      ? await rows.first().locator('th a').first().getAttribute('href')
      : await linkOf(page, 'tbody th a')
  return {
    workflows: '/workflows',
    ...(workflow && { workflow, 'order-history': `${workflow}/orders` }),
    ...(order && { order }),
    'not-found': '/nowhere',
  }
}

const shoot = async (
  browser: Browser,
  base: string,
  { width, scheme }: { width: number; scheme: (typeof SCHEMES)[number] },
): Promise<void> => {
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    deviceScaleFactor: width < 500 ? 2 : 1,
  })
  const picture = async (name: string): Promise<void> => {
    const file = `screenshots/${name}-${width}-${scheme}.png`
    await page.screenshot({ path: folder(file), fullPage: true })
    console.log(file)
  }
  for (const [name, path] of Object.entries(await findPages(page, base))) {
    await page.goto(base + path)
    await picture(name)
    if (name === 'workflow') {
      await page.getByRole('link', { name: 'Show order history' }).click()
      await page.locator('#order-history .order-history').waitFor()
      await picture('workflow-with-history')
    }
  }
  await page.close()
}

const shootForReadme = async (browser: Browser, base: string): Promise<void> => {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
  })
  await page.goto(`${base}/workflows`)
  const file = folder('docs/workflows.png')
  await page.screenshot({ path: file })
  await page.close()
  const { size } = await stat(file)
  if (size > MAX_README_BYTES) throw new Error(`docs/workflows.png has ${size} bytes`)
  console.log(`docs/workflows.png (${size} bytes)`)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { readme: { type: 'boolean', default: false } },
})
const base = (positionals[0] ?? 'http://127.0.0.1:3000').replace(/\/$/, '')
await mkdir(folder('screenshots'), { recursive: true })
await mkdir(folder('docs'), { recursive: true })
const browser = await launchBrowser()
try {
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) await shoot(browser, base, { width, scheme })
  }
  if (values.readme) await shootForReadme(browser, base)
} finally {
  await browser.close()
}
