import { expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { relativeTime } from '../../src/views/format.ts'
import { launchBrowser } from '../support/browser.ts'
import { fakeStore } from '../unit/views/fake-store.ts'
import { anOrder, NOW } from '../unit/views/samples.ts'
import { serve } from './serve.ts'
import { openWindow } from './visitor.ts'

const SECOND = 1000
const DAY = 86_400 * SECOND

test('a page that stays open goes on saying how long ago an order was placed, and how long it is kept', async () => {
  const order = anOrder({ placed_at: NOW.toISOString() })
  await using server = await serve(fakeStore({ orders: [order] }))
  const browser = await launchBrowser()
  try {
    await using window = await openWindow(browser, server.url)
    const { page } = window
    await page.clock.install({ time: NOW })
    await page.goto(paths.order(order.order_id))
    const times = page.locator('time.relative')
    expect(await times.allTextContents()).toEqual(['just now', 'in 7 days'])
    const dates = await times.evaluateAll((all) =>
      all.map((time) => time.getAttribute('datetime') ?? ''),
    )

    let now = NOW.getTime()
    for (const span of [90, 600, 3600, 7300, 86_400, 5.2 * 86_400, 40_000, 8000, 1500 * 86_400]) {
      await page.clock.fastForward(span * SECOND)
      now += span * SECOND
      expect(await times.allTextContents()).toEqual(
        dates.map((at) => relativeTime(new Date(at), new Date(now))),
      )
    }
    expect(now - NOW.getTime()).toBeGreaterThan(1000 * DAY)
    expect(window.complaints).toEqual([])
  } finally {
    await browser.close()
  }
})
