import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { watchCalls } from './calls.ts'
import { serve } from './serve.ts'
import { worlds, type At, type World } from './states.ts'
import { accessibilityProblems, openWindow } from './visitor.ts'

const HEIGHT = 800
const [PHONE, DESK] = [360, 1280]

/** Each state is looked at in both colours and at both widths; which go together, takes turns. */
const looks = (index: number) =>
  index % 2 === 0
    ? [
        { width: PHONE, colorScheme: 'light' as const },
        { width: DESK, colorScheme: 'dark' as const },
      ]
    : [
        { width: PHONE, colorScheme: 'dark' as const },
        { width: DESK, colorScheme: 'light' as const },
      ]

const VIEWS = 'src/views'
const calls = await watchCalls(VIEWS)

/** The components of all files of a folder, as `watchCalls` tells them. */
const componentsIn = async (folder: string): Promise<string[]> => {
  const files = await readdir(folder, { recursive: true })
  const found = files.sort().map(async (file) => {
    const text = file.endsWith('.tsx') ? await readFile(join(folder, file), 'utf8') : ''
    const names = text.matchAll(/^(?:export )?const ([A-Z]\w*) = \(/gm)
    return [...names].map(([, name]) => `${join(folder, file)} ${name}`)
  })
  return (await Promise.all(found)).flat()
}

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** What the states asked their servers for, as `GET /workflows`, and what there is to ask for. */
const asked = new Set<string>()
const routes = new Set<string>()

/** A visitor of a server, who keeps the status of the last answer: that of a page, or of a part. */
const visit = async (world: World) => {
  const server = await serve(world)
  for (const { method, path } of server.routes) routes.add(`${method} ${path}`)
  const window = await openWindow(browser, server.url)
  const { page } = window
  const devtools = await page.context().newCDPSession(page)
  const allowScript = (allowed: boolean) =>
    devtools.send('Emulation.setScriptExecutionDisabled', { value: !allowed })
  const seen = { status: 0 }
  page.on('request', (request) => {
    asked.add(`${request.method()} ${new URL(request.url()).pathname}`)
  })
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    const isRedirect = response.status() >= 300 && response.status() < 400
    // A poll comes when its time has come, and shows nothing while all is well.
    const isPoll = pathname.endsWith('/news') && response.ok()
    if (!isRedirect && !isPoll && !pathname.startsWith(paths.assets)) {
      seen.status = response.status()
    }
  })
  page.on('requestfailed', (request) => {
    // Another page was asked for before the answer came.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') seen.status = 0
  })
  const at: At = {
    ...world,
    page,
    open: async (path) => {
      await page.goto(path)
      // Parts of the page that it asks for by itself belong to it.
      await page.locator('.htmx-request').first().waitFor({ state: 'detached' })
    },
    hold: (url) => page.route(url, () => undefined),
    cutOff: (url) => page.route(url, (route) => route.abort()),
  }
  const leave = async () => {
    await window[Symbol.asyncDispose]()
    await server.stop()
    await world[Symbol.asyncDispose]?.()
  }
  return { ...window, at, seen, allowScript, [Symbol.asyncDispose]: leave }
}

describe.each(worlds)('with $name', ({ begin, states, isScripted = true }) => {
  let visitor: Awaited<ReturnType<typeof visit>>
  beforeAll(async () => {
    visitor = await visit(await begin())
    return visitor[Symbol.asyncDispose]
  })

  const named = states.map((state, index) => [state.name, state, index] as const)
  test.each(named)('%s: it says so, fits, and is accessible', async (_name, state, index) => {
    const { at, page, seen, complaints, allowScript } = visitor
    const { status = 200 } = state
    at.state.failing = false
    await page.unrouteAll()
    complaints.length = 0
    await page.setViewportSize({ width: PHONE, height: HEIGHT })
    await allowScript(isScripted)
    await state.reach(at)
    await page.getByText(state.text).filter({ visible: true }).first().waitFor()
    expect(seen.status).toBe(status)
    // It takes script to look at a page, which stays as it came without.
    await allowScript(true)
    for (const { width, colorScheme } of looks(index)) {
      await page.setViewportSize({ width, height: HEIGHT })
      await page.emulateMedia({ colorScheme })
      const scrollWidth = await page.locator('html').evaluate((html) => html.scrollWidth)
      const problems = await accessibilityProblems(page)
      expect({ colorScheme, scrollWidth, problems }).toEqual({
        colorScheme,
        scrollWidth: width,
        problems: [],
      })
    }
    // That an answer was no success, or that there was none, is the browser's own complaint.
    const expected = status === 0 ? /net::ERR_FAILED|Failed to fetch/ : /status of [45]\d\d/
    expect(complaints.filter((text) => status === 200 || !expected.test(text))).toEqual([])
  })
})

describe('no state is missing:', () => {
  test('every page was asked for, and every form was sent', () => {
    // No middleware, and nothing for programs.
    const pages = [...routes].filter(
      (route) =>
        !/^ALL |^OPTIONS |\*/.test(route) &&
        (!route.includes(' /api/') || route.endsWith(paths.api.docs)) &&
        !route.endsWith(paths.health) &&
        !route.endsWith(paths.ready),
    )
    expect(pages.length).toBeGreaterThan(0)
    const never = pages.filter((route) => {
      const [method, pathname = ''] = route.split(' ')
      const pattern = new URLPattern({ pathname })
      return ![...asked].some(
        (request) =>
          request.startsWith(`${method} `) &&
          pattern.test({ pathname: request.slice(request.indexOf('/')) }),
      )
    })
    expect(never).toEqual([])
  })

  test('every component was shown', async () => {
    const components = await componentsIn(VIEWS)
    expect(components.length).toBeGreaterThan(0)
    const called = await calls()
    expect(components.filter((component) => !called.has(component))).toEqual([])
  })
})
