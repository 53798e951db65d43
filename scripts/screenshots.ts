// Writes a picture of every page of a running server to screenshots/, at three widths, light and dark.
// `npm run screenshots -- http://127.0.0.1:3000`; with --readme also the pictures of the README.
import { mkdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { paths } from '../src/paths.ts'
import { launchBrowser } from '../tests/support/browser.ts'

const WIDTHS = [360, 768, 1280]
const SCHEMES = ['light', 'dark'] as const
/** A longer page is cut off: the browser cannot draw a picture of any size. */
const MAX_HEIGHT = 4000
const MAX_README_BYTES = 200 * 1024
/** The pages that the README shows, down to where they are cut off; the chart is whole. */
const README_HEIGHTS = { workflows: 800, workflow: 1110 }

const folder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** The id of the newest order, and of the workflow that placed it; or of any workflow. */
const findIds = async (page: Page, base: string) => {
  const read = async <Answer>(url: string): Promise<Answer> =>
    (await (await page.request.get(base + url)).json()) as Answer
  const { orders } = await read<{ orders: { order_id: string; workflow_id: string }[] }>(
    paths.api.ordersMatching({ per_page: '1' }),
  )
  const { workflows } = await read<{ workflows: { id: string }[] }>(paths.api.workflows)
  return {
    order_id: orders[0]?.order_id,
    workflow_id: orders[0]?.workflow_id ?? workflows[0]?.id,
  }
}

/** Every page by its name, as far as there is something to show. */
const findPages = async (page: Page, base: string): Promise<Record<string, string>> => {
  const { order_id, workflow_id } = await findIds(page, base)
  return {
    workflows: paths.workflows,
    'workflows-none-found': `${paths.workflows}?q=no+such+workflow`,
    'workflow-new': paths.workflowNew(),
    ...(workflow_id && {
      workflow: paths.workflow(workflow_id),
      'workflow-edit': paths.workflowEdit(workflow_id),
      'workflow-delete': paths.workflowDelete(workflow_id),
      'workflow-orders': paths.workflowOrders(workflow_id),
    }),
    orders: paths.orders(),
    'orders-latest': paths.orders({ latest: 'true' }),
    'orders-none-found': paths.orders({ workflow: 'no such workflow' }),
    'orders-refused': paths.orders({ from: 'yesterday' }),
    ...(order_id && { order: paths.order(order_id) }),
    api: paths.api.docs,
    'not-found': '/nowhere',
  }
}

/** Opens a page, and waits for the parts that it asks for by itself. */
const open = async (page: Page, url: string): Promise<void> => {
  await page.goto(url)
  await page.locator('.htmx-request').first().waitFor({ state: 'detached' })
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
    const whole = await page.locator('html').evaluate((html) => html.scrollHeight)
    const clip = { x: 0, y: 0, width, height: Math.min(whole, MAX_HEIGHT) }
    await page.screenshot({ path: folder(file), fullPage: true, clip })
    console.log(file)
  }
  for (const [name, path] of Object.entries(await findPages(page, base))) {
    await open(page, base + path)
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
  const page = await browser.newPage({ colorScheme: 'light' })
  const pages = await findPages(page, base)
  for (const [name, height] of Object.entries(README_HEIGHTS)) {
    const path = pages[name]
    if (path === undefined) throw new Error(`${base} has no ${name} to show`)
    const file = `docs/${name}.png`
    await page.setViewportSize({ width: 1280, height })
    await open(page, base + path)
    await page.screenshot({ path: folder(file) })
    const { size } = await stat(folder(file))
    if (size > MAX_README_BYTES) throw new Error(`${file} has ${size} bytes`)
    console.log(`${file} (${size} bytes)`)
  }
  await page.close()
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
