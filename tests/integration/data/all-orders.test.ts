import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createMeter } from '../../../src/data/meter.ts'
import { createIntents } from '../../../src/data/intents.ts'
import { createTrail } from '../../../src/data/orders.ts'
import { createWorkflows } from '../../../src/data/workflows.ts'
import type { Order } from '../../../src/domain/order.ts'
import { paths } from '../../../src/paths.ts'
import { createApp } from '../../support/app.ts'
import { aDefinition, aPlacedOrder, RETENTION } from '../../support/builders.ts'
import { idleEngine } from '../../support/idle-engine.ts'
import { recordingLogger } from '../../support/logger.ts'
import { emptyTables } from '../../support/tables.ts'

const MINUTE_MS = 60_000

/** The product over empty tables; `clock.now` can be moved. */
const openApp = async () => {
  const { client, tables, requests } = await emptyTables()
  const logger = recordingLogger()
  const workflows = createWorkflows({ client, tables })
  const trail = createTrail({ client, tables, retention_seconds: RETENTION, logger })
  const clock = { at: new Date('2026-11-23T12:00:00.000Z') }
  const app = createApp({
    meter: createMeter(() => performance.now()),
    ...idleEngine,
    workflows,
    trail,
    intents: createIntents({ client, tables, logger, claimDeadlineMs: 30_000 }),
    retention_seconds: RETENTION,
    clock: { now: () => clock.at },
    newId: randomUUID,
    ready: () => Promise.resolve(),
    logger,
  })
  const get = async (path: string, headers: Record<string, string> = {}) => {
    requests.length = 0
    const response = await app.request(path, { headers })
    const body = await response.text()
    return { status: response.status, headers: response.headers, body, cost: [...requests] }
  }
  /** Records an order that was placed so many minutes ago. */
  const trade = (minutes: number, changes: Partial<Order> = {}) =>
    trail.recordWorkflowOrder(
      aPlacedOrder({
        order_id: randomUUID(),
        placed_at: new Date(clock.at.getTime() - minutes * MINUTE_MS).toISOString(),
        ...changes,
      }),
    )
  const addWorkflow = async (name: string): Promise<string> => {
    const id = randomUUID()
    await workflows.create(id, { ...aDefinition(), name }, clock.at)
    return id
  }
  return { clock, get, trade, addWorkflow }
}

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

/** The ids of the orders that a page lists, in their order. */
const listed = (html: string): string[] =>
  [...html.matchAll(/href="\/orders\/([0-9a-f-]{36})"/g)].map(([, id]) => id ?? '')

/** Where the link of this relation leads, as a browser reads it. */
const linkOf = (html: string, rel: string): string | undefined =>
  new RegExp(`rel="${rel}" href="([^"]+)"`).exec(html)?.[1]?.replaceAll('&amp;', '&')

const walk = async (
  { get, trade }: Awaited<ReturnType<typeof openApp>>,
  headers: Record<string, string>,
): Promise<string[][]> => {
  const pages: string[][] = []
  for (let url: string | undefined = paths.orders(); url !== undefined;) {
    const { body } = await get(url, pages.length > 0 ? headers : {})
    pages.push(listed(body))
    url = linkOf(body, 'next')
    await trade(-1)
  }
  return pages
}

describe('the page of all orders', () => {
  test.each([
    ['links without script', {}],
    [
      'rows that script puts below those that are there',
      { 'HX-Request-Type': 'partial', 'HX-Target': 'tbody#order-rows' },
    ],
  ])('leads through all of them, each once, while orders come: %s', async (_way, headers) => {
    const app = await openApp()
    const placed = await times(60, (index) => app.trade(60 + index * 70))
    const pages = await walk(app, headers)
    expect(pages.map((page) => page.length)).toEqual([50, 10])
    expect(pages.flat()).toEqual(placed.map(({ order_id }) => order_id))
  })

  test('leads back to newer orders', async () => {
    const { get, trade } = await openApp()
    await times(60, (index) => trade(10 + index))
    const first = await get(paths.orders())
    const second = await get(linkOf(first.body, 'next') ?? '')
    expect(listed(second.body)).toHaveLength(10)
    const back = await get(linkOf(second.body, 'prev') ?? '')
    expect(listed(back.body)).toEqual(listed(first.body))
  })

  test('finds a workflow by a part of its name, and keeps deleted ones in the list', async () => {
    const { get, trade, addWorkflow } = await openApp()
    const [dip, peak] = [await addWorkflow('Buy the Dip'), await addWorkflow('Sell the peak')]
    const of = async (workflow_id: string, workflow_name: string, minutes: number) =>
      (await trade(minutes, { workflow_id, workflow_name })).order_id
    const bought = await of(dip, 'Buy the Dip', 1)
    const sold = await of(peak, 'Sell the peak', 2)
    const gone = randomUUID()
    const orphan = await of(gone, 'Was deleted <yesterday>', 3)

    const all = await get(paths.orders())
    expect(listed(all.body)).toEqual([bought, sold, orphan])
    expect(all.body).toContain('Was deleted &lt;yesterday&gt;</a>')
    expect(listed((await get(paths.orders({ workflow: 'the dip' }))).body)).toEqual([bought])
    expect(listed((await get(paths.orders({ workflow: 'THE' }))).body)).toEqual([bought, sold])
    expect(listed((await get(paths.orders({ workflow_id: gone }))).body)).toEqual([orphan])
    const nobody = await get(paths.orders({ workflow: 'no such name' }))
    expect(nobody.status).toBe(200)
    expect(nobody.body).toContain('No workflow is called like that')
    expect(nobody.body).not.toContain('orders.csv')
  })

  test('filters by side, instrument, type and workflow together', async () => {
    const { get, trade } = await openApp()
    const workflow_id = randomUUID()
    const asset = { code: 'US500.I', index: 'US500.I', asset_type: 'CfdOnIndex' } as const
    const wanted = { workflow_id, direction: 'BUY', order_type: 'LIMIT', asset } as const
    const { order_id } = await trade(1, wanted)
    await trade(2, { ...wanted, direction: 'SELL' })
    await trade(3, { ...wanted, order_type: 'OPEN_STOP' })
    await trade(4, { ...wanted, asset: { ...asset, code: 'GER40.I' } })
    await trade(5, { ...wanted, workflow_id: randomUUID() })
    const filter = { direction: 'BUY', order_type: 'LIMIT', instrument: 'US500.I', workflow_id }
    expect(listed((await get(paths.orders(filter))).body)).toEqual([order_id])
    const none = await get(paths.orders({ ...filter, instrument: 'US500' }))
    expect(none.body).toContain('No order fits')
    expect(none.body).toContain('<a href="/orders">Clear the filter</a>')
  })

  test('takes days as those of the viewer, the last one included to its end', async () => {
    const { get, trade } = await openApp()
    const at = async (placed_at: string) => (await trade(0, { placed_at })).order_id
    const before = await at('2026-11-20T22:59:59.999Z')
    const first = await at('2026-11-20T23:00:00.000Z')
    const last = await at('2026-11-21T22:59:59.999Z')
    const after = await at('2026-11-21T23:00:00.000Z')
    const day = { from: '2026-11-21', to: '2026-11-21' }
    const Cookie = 'time_zone=Europe%2FParis'

    const { body } = await get(paths.orders(day), { Cookie })
    expect(listed(body)).toEqual([last, first])
    expect(body).toContain('Days are those of Europe/Paris, the first and the last one included.')
    expect(listed((await get(paths.orders({ from: '2026-11-21' }), { Cookie })).body)).toEqual([
      after,
      last,
      first,
    ])
    expect(listed((await get(paths.orders({ to: '2026-11-21' }), { Cookie })).body)).toEqual([
      last,
      first,
      before,
    ])
    // Somebody else who is given the address sees the same orders.
    const shared = paths.orders({ ...day, time_zone: 'Europe/Paris' })
    expect(listed((await get(shared, { Cookie: 'time_zone=Asia%2FTokyo' })).body)).toEqual([
      last,
      first,
    ])
  })

  test('exports the very list that it shows, to its end', async () => {
    const { get, trade } = await openApp()
    const workflow_id = randomUUID()
    await times(70, (index) =>
      trade(10 + index * 60, { workflow_id, direction: index % 7 === 0 ? 'BUY' : 'SELL' }),
    )
    await trade(1)
    const filter = { workflow_id, direction: 'SELL', from: '2026-11-21', time_zone: 'Asia/Tokyo' }
    const { body } = await get(paths.orders(filter))
    const more = await get(linkOf(body, 'next') ?? paths.orders(filter))
    const shown = [...new Set([...listed(body), ...listed(more.body)])]
    const links = [...body.matchAll(/href="(\/api\/workflow\/[^"]+)"/g)].map(([, url]) =>
      (url ?? '').replaceAll('&amp;', '&'),
    )
    const [csv, ndjson, json] = await Promise.all(links.slice(0, 3).map((url) => get(url)))
    const idsIn = (text = '') =>
      [...text.matchAll(/^"?(?:\{"order_id":")?([0-9a-f-]{36})/gm)].map(([, id]) => id)
    expect(shown.length).toBeGreaterThan(30)
    expect(idsIn(csv?.body)).toEqual(shown)
    expect(idsIn(ndjson?.body)).toEqual(shown)
    const { orders } = JSON.parse(json?.body ?? '{}') as { orders: Order[] }
    expect(orders.map(({ order_id }) => order_id)).toEqual(shown)
  })

  test('shows the latest order of each workflow, and the way to all of its orders', async () => {
    const { get, trade } = await openApp()
    const [one, other] = [randomUUID(), randomUUID()]
    const newest = await trade(1, { workflow_id: one })
    await trade(2, { workflow_id: one })
    const lone = await trade(3, { workflow_id: other, direction: 'BUY' })
    const { body } = await get(paths.orders({ latest: 'true' }))
    expect(listed(body)).toEqual([newest.order_id, lone.order_id])
    expect(body).toContain('2 workflows, each with its latest order')
    expect(body).toContain(`href="/orders?workflow_id=${other}"`)
    const buys = await get(paths.orders({ latest: 'true', direction: 'BUY' }))
    expect(listed(buys.body)).toEqual([lone.order_id])
  })

  test('says that what was to follow has expired in the meantime', async () => {
    const { clock, get, trade } = await openApp()
    await times(51, (index) => trade(index))
    const next = linkOf((await get(paths.orders())).body, 'next') ?? ''
    clock.at = new Date(clock.at.getTime() + (RETENTION + 1) * 1000)
    const { status, body } = await get(next)
    expect(status).toBe(200)
    expect(body).toContain('Nothing is left here')
    expect((await get(paths.orders())).body).toContain('No orders yet')
  })

  test('asks less of the store the more it has to show', async () => {
    const { get, trade } = await openApp()
    await trade(1)
    // The days that orders are kept for.
    expect((await get(paths.orders())).cost).toEqual(Array.from({ length: 8 }, () => 'Query'))
    await times(60, (index) => trade(2 + index, { workflow_id: randomUUID() }))
    expect((await get(paths.orders())).cost).toEqual(['Query'])
    expect((await get(paths.orders({ latest: 'true' }))).cost).toHaveLength(8)
  })
})

describe('the news', () => {
  const urlIn = (html: string): string =>
    /hx-get="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''

  test('count what came since, for one small request each, and are a 304 while nothing comes', async () => {
    const { get, trade } = await openApp()
    const workflow_id = randomUUID()
    await trade(5, { workflow_id })
    const page = await get(paths.orders())
    const url = urlIn(page.body)
    const nothing = await get(url)
    expect(nothing.body).not.toContain('Show')
    // The page holds what the news are while there are none.
    expect(page.body).toContain(nothing.body)
    expect(nothing.cost).toEqual(['Query'])
    const tag = { 'If-None-Match': nothing.headers.get('ETag') ?? '' }
    const again = await get(url, tag)
    expect(again).toMatchObject({ status: 304, body: '', cost: ['Query'] })

    await trade(1)
    const one = await get(url, tag)
    expect(one.status).toBe(200)
    expect(one.body).toContain('Show 1 new order</a>')
    await trade(0, { direction: 'BUY' })
    expect((await get(url)).body).toContain('Show 2 new orders</a>')
    // The page that is loaded again has nothing to tell.
    expect((await get(urlIn((await get(paths.orders())).body))).body).not.toContain('Show')
    await times(30, () => trade(1))
    expect((await get(url)).body).toContain('Show more than 20 new orders</a>')
  })

  test('are those of the list alone', async () => {
    const { get, trade } = await openApp()
    const workflow_id = randomUUID()
    await trade(5, { workflow_id })
    const ofOne = urlIn((await get(paths.orders({ workflow_id }))).body)
    const ofBuys = urlIn((await get(paths.orders({ direction: 'BUY' }))).body)
    await trade(1, { direction: 'SELL' })
    expect((await get(ofOne)).body).not.toContain('Show')
    expect((await get(ofBuys)).body).not.toContain('Show')
    await trade(0, { workflow_id, direction: 'BUY' })
    expect((await get(ofOne)).body).toContain('Show 1 new order</a>')
    expect((await get(ofBuys)).body).toContain('Show 1 new order</a>')
  })

  test('cost no more when nothing was placed for days, or the page was left open', async () => {
    const { clock, get, trade } = await openApp()
    await trade(3 * 24 * 60)
    let url = urlIn((await get(paths.orders())).body)
    for (let hour = 0; hour < 30; hour += 1) {
      const { body, cost } = await get(url)
      expect(cost.length).toBeLessThanOrEqual(2)
      url = urlIn(body)
      clock.at = new Date(clock.at.getTime() + 60 * MINUTE_MS)
    }
    await trade(0)
    expect((await get(url)).body).toContain('Show 1 new order</a>')
  })

  test('are not asked for where none can come: a further page, or days that are over', async () => {
    const { get, trade } = await openApp()
    await times(51, (index) => trade(index))
    const first = await get(paths.orders())
    expect(urlIn(first.body)).toContain('/orders/news')
    expect(urlIn((await get(linkOf(first.body, 'next') ?? '')).body)).not.toContain('news')
    expect(urlIn((await get(paths.orders({ to: '2026-11-22' }))).body)).not.toContain('news')
    expect(urlIn((await get(paths.orders({ to: '2026-11-23' }))).body)).toContain('news')
  })
})
