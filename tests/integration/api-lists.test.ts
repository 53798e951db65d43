import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { aDefinition, anOrder, ordersByDay } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')

interface Page {
  orders: { order_id: string; placed_at: string; workflow_name?: string }[]
  total: number | null
  next_cursor: string | null
  previous_cursor: string | null
}

const openApp = async (folder: string) => {
  const product = await openInstallation(folder)
  const app = createApp({ ...product, clock: { now: () => NOW }, newId, logger: recordingLogger() })
  const send = async (path: string, init: RequestInit = {}) => app.request(path, init)
  const page = async (path: string): Promise<Page> => {
    const response = await send(path)
    expect(response.status).toBe(200)
    return (await response.json()) as Page
  }
  /** Records an order that was placed so many minutes ago. */
  const trade = (
    workflow_id: string,
    minutes: number,
    changes: Parameters<typeof anOrder>[0] = {},
  ) =>
    product.trail.recordWorkflowOrder(
      anOrder({
        order_id: newId(),
        workflow_id,
        workflow_name: `workflow ${workflow_id}`,
        placed_at: new Date(NOW.getTime() - minutes * 60_000).toISOString(),
        ...changes,
      }),
    )
  return { ...product, send, page, trade }
}

const idsOf = ({ orders }: Pick<Page, 'orders'>): string[] => orders.map(({ order_id }) => order_id)
const withCursor = (path: string, cursor: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`

describe('all orders', () => {
  test('are walked to the end, each exactly once, while others are being placed', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const workflows = [newId(), newId(), newId()]
    const placed: string[] = []
    for (let index = 0; index < 23; index += 1) {
      const { order_id } = await api.trade(String(workflows[index % 3]), 60 + index * 300)
      placed.push(order_id)
    }
    const path = `${paths.api.orders}?per_page=4`
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Page = await api.page(cursor === null ? path : withCursor(path, cursor))
      seen.push(...idsOf(page))
      cursor = page.next_cursor
      await api.trade(String(workflows[0]), 1)
    } while (cursor !== null)
    expect(seen).toEqual(placed)
  })

  test('lead back from a page to the one before, and say so in Link', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const id = newId()
    for (let index = 0; index < 5; index += 1) await api.trade(id, 10 + index)
    const path = `${paths.api.orders}?per_page=2&direction=SELL`
    const first = await api.page(path)
    expect(first.previous_cursor).toBeNull()
    const response = await api.send(withCursor(path, String(first.next_cursor)))
    const second = (await response.json()) as Page
    const links = response.headers.get('Link') ?? ''
    const urlOf = (rel: string) => new RegExp(`<([^>]+)>; rel="${rel}"`).exec(links)?.[1] ?? ''
    expect(idsOf(await api.page(urlOf('prev')))).toEqual(idsOf(first))
    expect(idsOf(await api.page(urlOf('next')))).toHaveLength(1)
    expect(urlOf('next')).toContain('direction=SELL')
    expect(idsOf(second)).toHaveLength(2)
  })

  test('are filtered by side, type, instrument, workflows, time and ids', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const [one, other] = [newId(), newId()]
    const sell = await api.trade(one, 10)
    const buy = await api.trade(one, 20, { direction: 'BUY', order_type: 'LIMIT' })
    const apple = await api.trade(other, 30, {
      asset: { code: 'AAPL:xnas', index: 'AAPL:xnas', asset_type: 'Stock' },
    })
    const listed = async (query: string) => idsOf(await api.page(`${paths.api.orders}?${query}`))
    expect(await listed('direction=BUY')).toEqual([buy.order_id])
    expect(await listed('order_type=OPEN_STOP')).toEqual([sell.order_id, apple.order_id])
    expect(await listed('instrument=AAPL%3Axnas')).toEqual([apple.order_id])
    expect(await listed(`workflow_id=${one}`)).toEqual([sell.order_id, buy.order_id])
    expect(await listed(`workflow_id=${one}&workflow_id=${other}`)).toHaveLength(3)
    expect(await listed(`ids=${apple.order_id}&ids=${buy.order_id}`)).toEqual([
      buy.order_id,
      apple.order_id,
    ])
    // From is included, to is not.
    expect(await listed(`from=${buy.placed_at}&to=${sell.placed_at}`)).toEqual([buy.order_id])
    expect(await listed('sort=placed_at')).toEqual([apple.order_id, buy.order_id, sell.order_id])
    // The same instant in another zone.
    expect(await listed('from=2026-11-20T10%3A15%3A00%2B01%3A00')).toEqual([sell.order_id])
  })

  test('are the newest of each workflow with latest=true, deleted workflows included', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const newest: string[] = []
    for (let index = 0; index < 5; index += 1) {
      const id = newId()
      await api.trade(id, 1000 + index)
      newest.push((await api.trade(id, 10 + index)).order_id)
    }
    const path = `${paths.api.orders}?latest=true&per_page=2`
    const first = await api.page(path)
    const second = await api.page(withCursor(path, String(first.next_cursor)))
    const third = await api.page(withCursor(path, String(second.next_cursor)))
    expect([first, second, third].flatMap(idsOf)).toEqual(newest)
    expect(third.next_cursor).toBeNull()
    const back = await api.page(withCursor(path, String(third.previous_cursor)))
    expect(idsOf(back)).toEqual(idsOf(second))
    expect(first).toMatchObject({ incomplete_before: null })
  })

  test('refuse a cursor of another filter, another list, or nobody', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const id = newId()
    for (let index = 0; index < 3; index += 1) await api.trade(id, 10 + index)
    const { next_cursor } = await api.page(`${paths.api.orders}?per_page=1`)
    const cursor = String(next_cursor)
    for (const path of [
      withCursor(`${paths.api.orders}?direction=BUY`, cursor),
      withCursor(`${paths.api.orders}?sort=placed_at`, cursor),
      withCursor(paths.api.workflowOrders(id), cursor),
      withCursor(paths.api.orders, `${cursor.slice(0, -1)}A`),
      withCursor(paths.api.orders, ''),
      withCursor(paths.api.orders, 'x'.repeat(3000)),
    ]) {
      const response = await api.send(path)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ errors: [{ field: 'cursor' }] })
    }
  })

  test.each([
    'direction=UP',
    'order_type=MARKET',
    'from=yesterday',
    'from=2026-11-20T10:15:00',
    'ids=7',
    'per_page=0',
    'latest=1',
    'instrument=',
    'page=1',
    'direction=BUY&direction=SELL',
  ])('refuse %s', async (query) => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const response = await api.send(`${paths.api.orders}?${query}`)
    expect(response.status).toBe(400)
    const field = query.split('=')[0]
    expect(await response.json()).toMatchObject({
      errors: [{ field: expect.stringMatching(String(field)) }],
    })
  })
})

describe("a workflow's history", () => {
  test('goes from a numbered page on by cursor, and back', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const id = newId()
    for (let index = 0; index < 7; index += 1) await api.trade(id, 10 + index)
    const path = `${paths.api.workflowOrders(id)}?per_page=3`
    const first = await api.page(path)
    const numbered = await api.page(`${path}&page=2`)
    const second = await api.page(withCursor(path, String(first.next_cursor)))
    expect(idsOf(second)).toEqual(idsOf(numbered))
    expect(numbered.total).toBe(7)
    expect(second).toMatchObject({ total: null, page: null, per_page: 3 })
    const third = await api.page(withCursor(path, String(numbered.next_cursor)))
    expect(idsOf(third)).toHaveLength(1)
    expect(third.next_cursor).toBeNull()
    expect(idsOf(await api.page(withCursor(path, String(numbered.previous_cursor))))).toEqual(
      idsOf(first),
    )
  })

  test('is filtered, and an unknown workflow is still unknown then', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const id = newId()
    await api.trade(id, 10)
    expect(idsOf(await api.page(`${paths.api.workflowOrders(id)}?direction=BUY`))).toEqual([])
    const unknown = `${paths.api.workflowOrders(newId())}?direction=BUY`
    expect((await api.send(unknown)).status).toBe(404)
    const both = await api.send(`${paths.api.workflowOrders(id)}?direction=BUY&page=1`)
    expect(both.status).toBe(400)
    expect(await both.json()).toMatchObject({ errors: [{ field: 'page' }] })
  })

  test('is summed up', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.workflows.create(newId(), aDefinition(), NOW)
    const summary = async () => (await api.send(paths.api.workflowOrdersSummary(id))).json()
    expect(await summary()).toEqual({ workflow_id: id, count: 0, last_order: null })
    await api.trade(id, 20)
    const { order_id, placed_at } = await api.trade(id, 10, { price: 97.5 })
    expect(await summary()).toMatchObject({
      count: 2,
      last_order: { order_id, placed_at, price: 97.5, direction: 'SELL' },
    })
    expect((await api.send(paths.api.workflowOrdersSummary(newId()))).status).toBe(404)
  })
})

describe('the workflow list', () => {
  test('is searched, filtered, sorted and paged', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    for (const [name, changes] of [
      ['Alpha', { enable: true }],
      ['Beta', { enable: false }],
      ['Gamma', { enable: true, index: 'FTSE.I' }],
    ] as const) {
      const { id } = await api.workflows.create(newId(), aDefinition({ name, ...changes }), NOW)
      if (name === 'Beta') await api.workflows.saveLastOrder(await api.trade(id, 60))
    }
    const names = async (query: string) => {
      const response = await api.send(`${paths.api.workflows}?${query}`)
      const body = (await response.json()) as { workflows: { name: string }[]; total: number }
      return [body.workflows.map(({ name }) => name), body.total]
    }
    expect(await names('')).toEqual([['Alpha', 'Beta', 'Gamma'], 3])
    expect(await names('sort=-name&per_page=2')).toEqual([['Gamma', 'Beta'], 3])
    expect(await names('sort=-name&per_page=2&page=2')).toEqual([['Alpha'], 3])
    expect(await names('enabled=false')).toEqual([['Beta'], 1])
    expect(await names('q=amm')).toEqual([['Gamma'], 1])
    expect(await names('index=ftse')).toEqual([['Gamma'], 1])
    expect(await names('indicator=combo')).toEqual([[], 0])
    expect(await names('traded=true')).toEqual([['Beta'], 1])
    expect(await names('traded=false')).toEqual([['Alpha', 'Gamma'], 2])
    expect((await api.send(`${paths.api.workflows}?sort=price`)).status).toBe(400)
  })

  test('has the orders of each workflow by day, and so has a workflow', async () => {
    await using folder = await aFolder()
    await using api = await openApp(folder.path)
    const { id } = await api.workflows.create(newId(), aDefinition(), NOW)
    for (const minutes of [5, 10, 24 * 60]) {
      const slot = new Date(NOW.getTime() - minutes * 60_000).toISOString()
      await api.workflows.saveLastOrder(await api.trade(id, minutes, { slot }))
    }
    const orders_by_day = ordersByDay(NOW, { '2026-11-19': 1, '2026-11-20': 2 })
    const listed = await api.send(paths.api.workflows)
    expect(await listed.json()).toMatchObject({ workflows: [{ orders_by_day }] })
    const read = await (await api.send(paths.api.workflow(id))).json()
    expect(read).toMatchObject({ orders_by_day })
    // Who read it can send it back as it is.
    const sent = await api.send(paths.api.workflow(id), {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(read),
    })
    expect(await sent.json()).toMatchObject({ revision: 2, orders_by_day })
  })
})
