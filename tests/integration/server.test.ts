import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPaperBroker } from '../../src/brokers/paper.ts'
import type { BrokerOrder } from '../../src/domain/order.ts'
import { eventually, startServer } from '../support/command.ts'
import { aFolder } from '../support/installation.ts'

interface WorkflowItem {
  id: string
  name: string
  dry_run: boolean
  enable: boolean
  last_order: { placed_at: string } | null
}

const getJson = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T

const listWorkflows = (url: string): Promise<{ workflows: WorkflowItem[] }> =>
  getJson(`${url}/api/workflow/workflows`)

interface OrderPage {
  orders: { order_id: string; placed_at: string }[]
  next_cursor: string | null
}

/** Every order in the trail, by walking all pages. */
const allOrders = async (url: string): Promise<OrderPage['orders']> => {
  const orders: OrderPage['orders'] = []
  for (let query = ''; ;) {
    const page = await getJson<OrderPage>(`${url}/api/workflow/orders?per_page=100${query}`)
    orders.push(...page.orders)
    if (page.next_cursor === null) return orders
    query = `&cursor=${encodeURIComponent(page.next_cursor)}`
  }
}

const brokersBook = async (folder: string): Promise<BrokerOrder[]> => {
  const broker = createPaperBroker({ file: join(folder, 'paper-broker.sqlite') })
  const orders = await broker.list()
  broker.close()
  return orders
}

/** The first trading days are run, and the first run of the schedule too, so all is at rest. */
const settled = (server: { stderr: () => string }) =>
  eventually(
    async () => server.stderr().split('"replay.rehearsed"')[1]?.includes('"run.finished"'),
    { within_ms: 40_000, what: 'the first trading days are run' },
  )

describe('a first start', () => {
  test('shows at least 8 workflows, most with a real order, within 15 s; more orders come by themselves', async () => {
    await using folder = await aFolder()
    await using server = await startServer({ DATA_DIR: folder.path, TICK_SECONDS: '1' })
    const workflows = await eventually(
      async () => {
        const listed = (await listWorkflows(server.url)).workflows
        const traded = listed.filter(({ last_order }) => last_order)
        return listed.length >= 8 && traded.length > listed.length / 2 && listed
      },
      { within_ms: 15_000, what: '8 workflows, most of them with an order' },
    )
    const page = await (await fetch(`${server.url}/workflows`)).text()
    for (const { name } of workflows) expect(page).toContain(name.replaceAll('&', '&amp;'))

    await settled(server)
    const before = new Set((await allOrders(server.url)).map(({ order_id }) => order_id))
    const started = Date.now()
    await eventually(
      async () => (await allOrders(server.url)).some(({ order_id }) => !before.has(order_id)),
      { within_ms: 15_000, what: 'a new order' },
    )
    // A tick is 5 s by default, and 1 s here.
    expect((Date.now() - started) * 5).toBeLessThan(60_000)
  })

  test('can be ended by Ctrl-C, and the trail is there at the next start', async () => {
    await using folder = await aFolder()
    const environment = { DATA_DIR: folder.path, TICK_SECONDS: '3600' }
    await using server = await startServer(environment)
    await settled(server)
    const before = await allOrders(server.url)
    const asked = Date.now()
    expect(await server.stop()).toBe(0)
    expect(Date.now() - asked).toBeLessThan(5000)
    expect(server.stderr()).not.toContain('"level":"error"')

    await using again = await startServer(environment)
    const after = (await allOrders(again.url)).map(({ order_id }) => order_id)
    expect(after).toEqual(expect.arrayContaining(before.map(({ order_id }) => order_id)))
    expect(again.stdout()).not.toContain('first start')
  })
})

test('killed in the middle of runs, again and again, it loses no order and doubles none', async () => {
  await using folder = await aFolder()
  const environment = { DATA_DIR: folder.path, TICK_SECONDS: '1' }
  for (const life_ms of [40, 150, 700, 400, 1100, 250, 900]) {
    await using server = await startServer(environment)
    await new Promise((resolve) => setTimeout(resolve, life_ms))
    await server.kill()
  }
  await using server = await startServer({ ...environment, TICK_SECONDS: '3600' })
  await settled(server)
  // Most of the rehearsal's orders: a start that is killed while it loads the examples is no excuse.
  const trail = await allOrders(server.url)
  const book = await brokersBook(folder.path)
  expect(book.length).toBeGreaterThan(20)
  const byId = (a: { order_id: string }, b: { order_id: string }) =>
    a.order_id.localeCompare(b.order_id)
  expect(trail.map(({ order_id, placed_at }) => ({ order_id, placed_at })).toSorted(byId)).toEqual(
    book
      .map(({ client_order_id, placed_at }) => ({ order_id: client_order_id, placed_at }))
      .toSorted(byId),
  )
})

test('a second server on the same folder is refused, as both would move the market on', async () => {
  await using folder = await aFolder()
  await using _server = await startServer({ DATA_DIR: folder.path, TICK_SECONDS: '3600' })
  await expect(startServer({ DATA_DIR: folder.path })).rejects.toThrow(
    /ordertrail: another server runs on .* set DATA_DIR/,
  )
})

test('a port that is taken is an error in one line', async () => {
  await using folder = await aFolder()
  await using other = await aFolder()
  await using server = await startServer({ DATA_DIR: folder.path, TICK_SECONDS: '3600' })
  const { port } = new URL(server.url)
  await expect(startServer({ DATA_DIR: other.path, PORT: port })).rejects.toThrow(
    new RegExp(`ordertrail: port ${port} .*in use.*PORT`),
  )
})
