import { describe, expect, test } from 'vitest'
import { DomainError } from '../../../src/domain/errors.ts'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import {
  aCandle,
  aConditionTrace,
  aLastRun,
  anOrder,
  aTrace,
  aWorkflow,
  within,
  WORKFLOW_ID,
} from './samples.ts'
import { visit } from './visit.ts'

const url = paths.workflowChart(WORKFLOW_ID)
const partial = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

/** Of the newest candle that the replayed market begins with. */
const FRIDAY = '2014-08-01T00:00:00.000Z'

describe('the chart of a workflow', () => {
  test('draws the newest 60 candles, the level, and the orders at their candles', async () => {
    const order = anOrder({ slot: FRIDAY, price: 1938.3 })
    const elsewhere = anOrder({ slot: '2014-02-03T00:00:00.000Z' })
    const store = fakeStore({ workflows: [aWorkflow()], orders: [order, elsewhere] })
    const { html, text } = await visit(store, url, partial)
    expect(html.match(/<rect x="\d+" width="10"/g)).toHaveLength(60)
    expect(html).toMatch(/<path class="level level-0" d="M0 [\d.]+L/)
    expect(html.match(/class="mark mark-buy"/g)).toHaveLength(1)
    expect(text).toContain('US500.I, daily candles')
    expect(text).toMatch(/60 candles of US500.I from 2014-05-08 to 2014-08-01, between [\d,.]+ and/)
    expect(text).toContain('1 order on them.')
  })

  test('has all of it in figures, newest first, with links to the orders', async () => {
    const order = anOrder({ slot: FRIDAY, price: 1938.3 })
    const store = fakeStore({ workflows: [aWorkflow()], orders: [order] })
    const { html, text } = await visit(store, url, partial)
    const table = html.slice(html.indexOf('<table'), html.indexOf('</table>'))
    expect(table.match(/<tr>/g)).toHaveLength(61)
    expect(text).toMatch(
      /Daily candle Open High Low Close MA50 Order 2014-08-01( [\d,.]+){5} ▲BUY 0.5 at 1,938.3 2014-07-31/,
    )
    expect(table).toContain(`href="${paths.order(order.order_id)}"`)
  })

  test('as a page contains exactly what its fragment returns, and says what the line is', async () => {
    const store = fakeStore({ workflows: [aWorkflow()] })
    const page = await visit(store, url)
    const fragment = await visit(store, url, partial)
    expect(page.html).toContain(fragment.html)
    // The content security policy allows no style that stands in the page.
    expect(page.html).not.toMatch(/\sstyle=|<style/)
    expect(page.text).toContain('Daily close or low within 12 points above the daily MA50')
  })

  test('shades the candles on which a signal was given', async () => {
    const combo = (direction: 'above' | 'below') => ({
      indicator: { name: 'combo', unit_time: 'daily' },
      close: { direction, unit_time: 'daily' },
    })
    const levels = ['BUY', 'BUY', null, 'SELL'] as const
    const store = fakeStore({ workflows: [aWorkflow({ conditions: [combo('above')] })] })
    const chart = async () => ({
      code: 'US500.I',
      unit_time: 'daily' as const,
      candles: levels.map((_, day) => aCandle({ date: `2014-02-0${day + 3}T00:00:00.000Z` })),
      conditions: [{ levels: levels.map((level) => ({ level, bounds: null })), problem: null }],
    })
    const { html, text } = await visit({ ...store, chart }, url, partial)
    expect(html).toContain('<path class="band" d="M0 0h10v300h-10zM10 0h10v300h-10z">')
    expect(text).toMatch(/2014-02-06 [\d,. ]+ SELL 2014-02-05 [\d,. ]+ –/)
  })

  test('says what keeps a level from being drawn, and draws the rest', async () => {
    const store = fakeStore({ workflows: [aWorkflow({ index: 'SPX' })] })
    const { status, html, text } = await visit(store, url, partial)
    expect(status).toBe(200)
    expect(text).toContain('The MA50 is not shown: the replay has no SPX: it has US500.I and')
    expect(html.match(/<rect x="\d+" width="10"/g)).toHaveLength(60)
  })

  test('says when there are no candles yet', async () => {
    const chart = async () => ({
      code: 'US500.I',
      unit_time: 'daily' as const,
      candles: [],
      conditions: [{ levels: [], problem: null }],
    })
    const { text } = await visit(
      { ...fakeStore({ workflows: [aWorkflow()] }), chart },
      url,
      partial,
    )
    expect(text).toContain('The price source has no closed daily candle of US500.I.')
  })

  test('that cannot be had says why, and the page of the workflow stays as it is', async () => {
    const reason = 'there are no daily candles of US500.I'
    const chart = () => Promise.reject(new DomainError('market_unavailable', reason))
    const store = { ...fakeStore({ workflows: [aWorkflow()] }), chart }
    const { status, html, text } = await visit(store, url, partial)
    expect(status).toBe(502)
    expect(html).toMatch(/^<div class="notice notice-failed" role="alert">/)
    expect(text.toLowerCase()).toContain(reason.toLowerCase())
    expect(html).toContain(`href="${url}"`)
    expect((await visit(store, paths.workflow(WORKFLOW_ID))).status).toBe(200)
  })

  test('is asked for by the page of the workflow, which does not wait for it', async () => {
    const store = fakeStore({ workflows: [aWorkflow()] })
    const { html } = await visit(store, paths.workflow(WORKFLOW_ID))
    expect(html).toContain(`hx-get="${url}" hx-trigger="load"`)
    expect(html).toContain(`<a class="button" href="${url}">Show the chart`)
    expect(store.state.calls).not.toContain('chart')
  })

  test('of a workflow that is not there is not found', async () => {
    expect((await visit(fakeStore({}), url)).status).toBe(404)
  })
})

describe('the gauge of a condition', () => {
  const gaugeOf = async (...conditions: Parameters<typeof aTrace>) => {
    const trace = aTrace(...conditions)
    const last_run = aLastRun({ decision: { kind: 'no_signal', slot: FRIDAY, trace } })
    const store = fakeStore({ workflows: [aWorkflow({ last_run })] })
    return visit(store, paths.workflow(WORKFLOW_ID))
  }

  test('tells how far the nearest price was from where the condition holds', async () => {
    const { html, text } = await gaugeOf(
      aConditionTrace({ checks: [within('close', 1866.08, [1840.08, 1852.08])] }),
    )
    expect(text).toContain('close 1,866.08, 14.00 away')
    expect(text).toContain('fires 1,840.08 to 1,852.08')
    expect(html).toContain('<line class="missing"')
  })

  test('has nothing missing where the condition holds', async () => {
    const { html, text } = await gaugeOf(aConditionTrace())
    expect(text).toContain('close 1,845.16fires 1,840.08 to 1,852.08')
    expect(html).toContain('<svg class="gauge holds"')
    expect(html).not.toContain('class="missing"')
  })

  test('stands for each condition with a price, and not for a signal', async () => {
    const signal = aConditionTrace({
      indicator: 'combo',
      indicator_value: null,
      checks: [{ rule: 'signal', expected: 'BUY', actual: null, holds: false }],
    })
    const { html, text } = await gaugeOf(aConditionTrace(), signal, aConditionTrace())
    expect(html.match(/<svg class="gauge/g)).toHaveLength(2)
    expect(text).toContain('✗ Does not hold · there was no daily combo signal')
  })
})

describe('the drawing of an order', () => {
  const drawingsOf = async (...conditions: Parameters<typeof aTrace>) => {
    const order = anOrder({ trace: aTrace(...conditions) })
    return visit(fakeStore({ orders: [order] }), paths.order(order.order_id))
  }

  test('has the candle, the level, what was compared, and the price of the order', async () => {
    const { html, text } = await drawingsOf(aConditionTrace())
    expect(html.match(/<div class="candle-chart">/g)).toHaveLength(1)
    expect(text).toContain('The daily candle of 2014-02-03 of US500.I')
    expect(text).toContain(
      'From top to bottom: 1,854.07 buy, 1,853.07 high, 1,852.08 limit, 1,845.16 close ✓, 1,840.08 MA50, 1,834.92 low.',
    )
    for (const label of ['1,840.08 MA50', '1,845.16 close ✓', '1,854.07 buy']) {
      expect(html).toMatch(new RegExp(`<text class="[a-z]+" x="20" y="[\\d.]+">${label}</text>`))
    }
  })

  test('is one for each candle that was looked at', async () => {
    const weekly = aCandle({ unit_time: 'weekly', date: '2014-01-27T00:00:00.000Z' })
    const { html, text } = await drawingsOf(
      aConditionTrace(),
      aConditionTrace({ candle: weekly, indicator_unit_time: 'weekly' }),
    )
    expect(html.match(/<div class="candle-chart">/g)).toHaveLength(2)
    expect(text).toContain('The weekly candle of 2014-01-27 of US500.I')
    expect(html.match(/>1,854.07 buy</g)).toHaveLength(1)
  })

  test('keeps the candle in sight when a level is far away, and says where that is', async () => {
    const { text } = await drawingsOf(
      aConditionTrace({
        indicator_value: 1600,
        spread: 300,
        checks: [within('close', 1845.16, [1600, 1900])],
      }),
    )
    expect(text).toContain('↓ 1,600.00 MA50')
    expect(text).toContain('↑ 1,900.00 limit')
  })
})
