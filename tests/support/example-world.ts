import { newId } from '../../src/system.ts'
import type { Candle } from '../../src/domain/candle.ts'
import { orderIdOf, type IntendedOrder } from '../../src/domain/order.ts'
import { WorkflowDefinition } from '../../src/domain/workflow.ts'
import type { AppDeps } from '../../src/routes/deps.ts'
import { createApp } from './app.ts'
import { openInstallation, writeCandles } from './installation.ts'
import { recordingLogger } from './logger.ts'

/** The workflow that the examples of the API document are about. */
export const WORKFLOW_ID = '6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11'
/** Its newest order. */
export const ORDER_ID = '0466ca56-df62-577b-8215-4bd4e967fb26'
const ZONE_ID = '8c2d7e10-52b4-4f0b-9a61-0f3d5c7e9b22'
const INCLINED_ID = 'd4a90b35-1c6e-4d27-8b5f-6e1a2c3d4f33'
const REQUEST_ID = '0b5c8a0e-6f4e-4c62-9d0a-5b8f3e0c2a71'
const NEW_ID = 'f3b1c2d4-7a5e-4c89-9f01-2b6d8e4a7c55'

export const NOW = new Date('2026-11-20T09:30:00.000Z')

const sellTheBreak = WorkflowDefinition.parse({
  name: 'Sell the break of 2000',
  index: 'US500.I',
  cfd: 'US500.I',
  dry_run: false,
  conditions: [
    {
      indicator: { name: 'polarite', unit_time: 'daily', value: 2000 },
      close: { direction: 'below', unit_time: 'daily', spread: 5 },
    },
  ],
  trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 0.1 },
})

const buyFromTheZone = WorkflowDefinition.parse({
  name: 'Buy from the zone above 1980',
  index: 'US500.I',
  cfd: 'US500.I',
  dry_run: false,
  conditions: [
    {
      indicator: { name: 'zone', unit_time: 'daily', value: 1980, zone_value: 1990 },
      close: { direction: 'above', unit_time: 'daily' },
    },
  ],
  trigger: { unit_time: 'daily', location: 'higher', order_direction: 'buy', quantity: 0.2 },
})

const followTheTrend = WorkflowDefinition.parse({
  name: 'Sell under the line of autumn',
  index: 'US500.I',
  cfd: 'US500.I',
  enable: false,
  end_date: '2026-12-31',
  conditions: [
    {
      indicator: {
        name: 'inclined',
        unit_time: 'daily',
        x1: { x: '2026-10-05', y: 1941.5 },
        x2: { x: '2026-11-16', y: 1994.25 },
      },
      close: { direction: 'below', unit_time: 'daily', spread: 4 },
    },
  ],
  trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 0.1 },
})

/** From Friday to Thursday: the level of 2000 is tried from above, and gives way. */
const DAYS: readonly Candle[] = [
  ['2026-11-13', 2004.2, 2011.8, 2001.5, 2009.4],
  ['2026-11-16', 2008.9, 2010.3, 1996.1, 1998.2],
  ['2026-11-17', 1998, 2003.6, 1985.4, 1987.9],
  ['2026-11-18', 1988.3, 2001.2, 1984.7, 1996.5],
  ['2026-11-19', 1996.8, 2002.4, 1991.3, 1999.1],
].map(([day, open, high, low, close]) => ({
  date: `${day}T00:00:00.000Z`,
  open: Number(open),
  high: Number(high),
  low: Number(low),
  close: Number(close),
}))

/** The order of the zone on its last signal, by a run that ended before anybody knew of it. */
const lost = async ({ trail }: Pick<AppDeps, 'trail'>): Promise<IntendedOrder> => {
  const last = await trail.getOrder(orderIdOf(ZONE_ID, String(DAYS[2]?.date)), NOW)
  if (!last) throw new Error('the zone has placed no order yet')
  const { placed_at: _, broker_order_id: __, ttl: ___, ...order } = last
  const slot = String(DAYS[3]?.date)
  const order_id = orderIdOf(ZONE_ID, slot)
  return { ...order, slot, order_id, client_order_id: order_id, price: 2002.2 }
}

/**
 * The product in a folder, in which everything exists that the examples of the API document name:
 * workflows and their orders of some days, one order that needs attention, and always the same ids
 * and times.
 */
export const openExampleWorld = async (folder: string) => {
  await writeCandles(folder, 'US500.I_daily', DAYS)
  const product = await openInstallation(folder)
  const created = (day: string) => new Date(`2026-11-${day}T12:00:00.000Z`)
  await product.workflows.create(WORKFLOW_ID, sellTheBreak, created('12'))
  await product.workflows.create(ZONE_ID, buyFromTheZone, created('12'))
  await product.workflows.create(INCLINED_ID, followTheTrend, created('16'))
  const run = (day: string, workflow_id?: string) =>
    product.engine.run({
      now: new Date(`2026-11-${day}T08:00:00.000Z`),
      context: { trigger_source: 'server', request_id: REQUEST_ID, user: null },
      workflow_id,
    })
  for (const day of ['16', '17', '18']) await run(day)
  await run('19', WORKFLOW_ID)
  await product.intents.claim(await lost(product), newId(), new Date('2026-11-19T08:00:00.000Z'))
  /** Asks the app, made with other parts where some are given. */
  const requestWith = (changes: Partial<AppDeps>) => {
    let ids: string[] = []
    const app = createApp({
      ...product,
      clock: { now: () => NOW },
      newId: () => ids.shift() ?? newId(),
      logger: recordingLogger(),
      ...changes,
    })
    return async (path: string, init?: RequestInit, env?: object): Promise<Response> => {
      ids = [REQUEST_ID, NEW_ID]
      return app.request(path, init, env)
    }
  }
  return { ...product, requestWith, request: requestWith({}) }
}
