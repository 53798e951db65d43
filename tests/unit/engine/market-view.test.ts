import { expect, test } from 'vitest'
import type { Candle } from '../../../src/domain/candle.ts'
import { DomainError } from '../../../src/domain/errors.ts'
import type { CandleRequest, MarketData } from '../../../src/domain/ports.ts'
import { WorkflowDefinition, type Workflow } from '../../../src/domain/workflow.ts'
import { fetchMarket } from '../../../src/engine/market-view.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')
const CANDLE: Candle = { date: '2026-11-19T00:00:00.000Z', open: 1, high: 2, low: 1, close: 2 }

/** A price source that keeps account of what it was asked, and knows nothing of `MISSING`. */
const aMarket = () => {
  const asked: CandleRequest[] = []
  const calendars: string[] = []
  const market: MarketData = {
    candles: async (request) => {
      asked.push(request)
      if (request.code === 'MISSING') throw new DomainError('market_unavailable', 'no MISSING')
      return Array.from({ length: request.count }, () => CANDLE)
    },
    calendar: async (code) => {
      calendars.push(code)
      return { today: '2026-11-20', isOpen: () => true }
    },
    instrument: async (code) => {
      if (code === 'NAMELESS') throw new Error('the look-up is down')
      return { asset_type: 'Stock', tick_size: 0.5 }
    },
  }
  return { market, asked, calendars }
}

const aWorkflow = (id: number, indicator: Record<string, unknown>, code = 'US500.I'): Workflow => ({
  ...WorkflowDefinition.parse({
    name: `workflow ${id}`,
    index: code,
    cfd: code,
    conditions: [
      {
        indicator: { unit_time: 'daily', ...indicator },
        close: { direction: 'below', unit_time: 'daily', spread: 1 },
      },
    ],
    trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 1 },
  }),
  id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
  revision: 1,
  created_at: NOW.toISOString(),
  updated_at: NOW.toISOString(),
  last_order: null,
  orders_by_day: [],
  last_run: null,
})

test('five hundred workflows on one instrument cost one request per unit time, with the largest count', async () => {
  const { market, asked } = aMarket()
  const workflows = Array.from({ length: 500 }, (_, n) =>
    aWorkflow(n, n % 2 === 0 ? { name: 'ma50' } : { name: 'bbb', unit_time: 'weekly' }),
  )
  await fetchMarket(market, workflows, NOW)
  expect(
    asked
      .map(({ code, unit_time, count }) => ({ code, unit_time, count }))
      .toSorted((a, b) => b.count - a.count),
  ).toEqual([
    { code: 'US500.I', unit_time: 'daily', count: 55 },
    { code: 'US500.I', unit_time: 'weekly', count: 21 },
  ])
})

test('a failed fetch is told to the workflows that need it, and to no other', async () => {
  const { market } = aMarket()
  const works = aWorkflow(1, { name: 'ma7' })
  const fails = aWorkflow(2, { name: 'ma7' }, 'MISSING')
  const { view } = await fetchMarket(market, [works, fails], NOW)
  expect(view(works).candles('US500.I', 'daily')).toHaveLength(12)
  expect(() => view(fails).candles('MISSING', 'daily')).toThrow('no MISSING')
})

test('a calendar is asked for once, and only for inclined lines', async () => {
  const { market, calendars } = aMarket()
  const line = { name: 'inclined', x1: { x: '2026-01-05', y: 1 }, x2: { x: '2026-02-02', y: 2 } }
  const workflows = [aWorkflow(1, line), aWorkflow(2, line), aWorkflow(3, { name: 'ma7' })]
  const { view } = await fetchMarket(market, workflows, NOW)
  expect(calendars).toEqual(['US500.I'])
  expect(view(aWorkflow(1, line)).calendar('US500.I').today).toBe('2026-11-20')
})

test('an instrument that cannot be looked up is traded all the same, without type and tick', async () => {
  const { market } = aMarket()
  const nameless = aWorkflow(1, { name: 'ma7' }, 'NAMELESS')
  const runMarket = await fetchMarket(market, [nameless], NOW)
  expect(runMarket.instrument('NAMELESS')).toEqual({ asset_type: null, tick_size: null })
  expect(runMarket.view(nameless).tick_size).toBeNull()
})
