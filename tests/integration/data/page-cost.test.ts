import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createMeter } from '../../../src/data/meter.ts'
import { createIntents } from '../../../src/data/intents.ts'
import { createTrail } from '../../../src/data/orders.ts'
import { createWorkflows } from '../../../src/data/workflows.ts'
import { paths } from '../../../src/paths.ts'
import { createApp } from '../../support/app.ts'
import { aDefinition, anIntendedOrder, aPlacedOrder, RETENTION } from '../../support/builders.ts'
import { recordingLogger } from '../../support/logger.ts'
import { emptyTables } from '../../support/tables.ts'
import { idleEngine } from '../../support/idle-engine.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')

/** The product over empty tables; `cost` asks for a page and returns what it asked of DynamoDB. */
const openApp = async () => {
  const { client, tables, requests } = await emptyTables()
  const logger = recordingLogger()
  const workflows = createWorkflows({ client, tables })
  const trail = createTrail({ client, tables, retention_seconds: RETENTION, logger })
  const intents = createIntents({ client, tables, logger, claimDeadlineMs: 30_000 })
  const app = createApp({
    meter: createMeter(() => performance.now()),
    ...idleEngine,
    // What a chart costs the price source is not what is counted here.
    chart: ({ cfd: code, trigger }) =>
      Promise.resolve({ code, unit_time: trigger.unit_time, candles: [], conditions: [] }),
    workflows,
    trail,
    intents,
    retention_seconds: RETENTION,
    clock: { now: () => NOW },
    newId: randomUUID,
    ready: () => Promise.resolve(),
    logger,
  })
  const cost = async (path: string) => {
    requests.length = 0
    const response = await app.request(path)
    const body = await response.text()
    expect(response.status).toBe(200)
    return { body, requests: requests.toSorted() }
  }
  const trade = async (workflow_id: string, minute: number) => {
    const placed_at = new Date(NOW.getTime() - minute * 60_000).toISOString()
    const order = aPlacedOrder({ order_id: randomUUID(), workflow_id, placed_at })
    await workflows.saveLastOrder(await trail.recordWorkflowOrder(order))
  }
  /** Claims an order and leaves it. */
  const leave = (workflow_id: string, minute: number) => {
    const at = new Date(NOW.getTime() - minute * 60_000)
    return intents.claim(anIntendedOrder({ order_id: randomUUID(), workflow_id }), 'ours', at)
  }
  return { workflows, cost, trade, leave }
}

test('the list of workflows costs three requests, for 10 workflows as for 300, with the orders of each and what needs attention', async () => {
  const { workflows, cost, trade, leave } = await openApp()
  const add = async (count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const { id } = await workflows.create(randomUUID(), aDefinition(), NOW)
        await trade(id, index)
        await leave(id, index + 2)
      }),
    )

  await add(10)
  expect((await cost(paths.workflows)).requests).toEqual(['Query', 'Query', 'Scan'])
  await add(290)
  const page = await cost(paths.workflows)
  expect(page.requests).toEqual(['Query', 'Query', 'Scan'])
  expect(page.body.match(/<title>1 order in 7 days: /g)).toHaveLength(50)
  const filtered = `${paths.workflows}?q=sell&traded=true&sort=-last_order&page=6`
  expect((await cost(filtered)).requests).toEqual(['Query', 'Query', 'Scan'])
  expect(page.body).toContain('Needs attention: 300 orders')
  expect((await cost(paths.api.workflows)).requests).toEqual(['Scan'])
  expect((await cost(paths.api.attention)).requests).toEqual(['Query', 'Query'])
})

test('no other page or endpoint asks more when there is more to show', async () => {
  const { workflows, cost, trade, leave } = await openApp()
  const { id } = await workflows.create(randomUUID(), aDefinition(), NOW)
  const urls = [
    paths.workflow(id),
    paths.workflowChart(id),
    paths.workflowOrders(id),
    paths.api.workflowOrders(id),
  ]
  const costs = async () => {
    const counts: number[] = []
    for (const url of urls) counts.push((await cost(url)).requests.length)
    return counts
  }

  await trade(id, 0)
  await leave(id, 2)
  const few = await costs()
  await Promise.all(
    Array.from({ length: 99 }, async (_, minute) => {
      await trade(id, minute + 1)
      await leave(id, minute + 3)
    }),
  )
  const many = await costs()

  // With more orders than a page shows, one more request counts them.
  expect(few).toEqual([4, 2, 2, 1])
  expect(many).toEqual([4, 2, 3, 2])
})
