import { createApp } from '../../../src/app.tsx'
import { createMeter } from '../../../src/data/meter.ts'
import type { fakeStore } from './fake-store.ts'
import { anOrder, NOW } from './samples.ts'
import { idleEngine } from '../../support/idle-engine.ts'

/** The product over a store, asked as a browser asks it. */
export const visit = async (
  store: Pick<ReturnType<typeof fakeStore>, 'trail' | 'workflows' | 'intents'>,
  path: string,
  headers: Record<string, string> = {},
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
  const response = await app.request(`http://localhost${path}`, { headers })
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
