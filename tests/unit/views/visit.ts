import { createMeter } from '../../../src/data/meter.ts'
import type { AppDeps } from '../../../src/routes/deps.ts'
import { anOrder, NOW } from './samples.ts'
import { createApp } from '../../support/app.ts'
import { idleEngine } from '../../support/idle-engine.ts'

/** The product over a store, asked as a browser asks it. */
export const visit = async (
  store: Pick<AppDeps, 'trail' | 'workflows' | 'intents'> & Partial<AppDeps>,
  path: string,
  headers: Record<string, string> = {},
  init: RequestInit = {},
) => {
  const app = createApp({
    meter: createMeter(() => performance.now()),
    ...idleEngine,
    ...store,
    clock: { now: () => NOW },
    retention_seconds: 604_800,
    newId: () => 'request-1',
    ready: () => Promise.resolve(),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  const response = await app.request(`http://localhost${path}`, { ...init, headers })
  const html = await response.text()
  return { status: response.status, headers: response.headers, html, text: textOf(html) }
}

/** What a reader sees of a page. */
const textOf = (html: string): string =>
  html
    .replaceAll(/<(?=(?:p|td|th|dt|dd|h\d|li|div|tr)[ >])/g, ' <')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')

/** `count` orders of the workflow, one an hour, the newest an hour old; the price tells them apart. */
export const someOrders = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    anOrder({
      slot: `2014-02-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`,
      placed_at: new Date(NOW.getTime() - (index + 1) * 3_600_000).toISOString(),
      price: 1800 + index,
    }),
  )
