import { describe, expect, test } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import { anOrder, aWorkflow, WORKFLOW_ID } from './samples.ts'
import { visit } from './visit.ts'

describe('the list of workflows', () => {
  test('costs one request to each of two tables, however many workflows there are', async () => {
    const workflows = Array.from({ length: 50 }, (_, index) => aWorkflow({ name: `No ${index}` }))
    const store = fakeStore({ workflows })
    expect((await visit(store, paths.workflows)).status).toBe(200)
    expect(store.state.calls.toSorted()).toEqual(['list', 'needingAttention'])
  })

  test('tells what each one waits for and what it ordered last', async () => {
    const last_order = anOrder({ placed_at: '2026-11-21T09:30:00.000Z', price: 1845.16 })
    const { html, text } = await visit(
      fakeStore({ workflows: [aWorkflow({ last_order })] }),
      paths.workflows,
    )
    expect(text).toContain('Buy the dip at the 50-day average, S&P 500')
    expect(text).toContain('Daily close or low within 12 points above the daily MA50')
    expect(text).toContain('Enabled')
    expect(text).toContain('Live')
    expect(text).toContain('▲BUY 0.5 at 1,845.16')
    expect(html).toContain(
      '<time datetime="2026-11-21T09:30:00.000Z" title="2026-11-21 09:30:00 UTC">2 days ago</time>',
    )
    expect(html).toContain(`href="${paths.workflow(WORKFLOW_ID)}"`)
  })

  test('is sorted by name, with broken workflows and their problem among the others', async () => {
    const { text } = await visit(
      fakeStore({
        workflows: [aWorkflow({ name: 'zone 10' }), aWorkflow({ name: 'Zone 9' })],
        broken: [
          { id: 'b', name: 'DAX pivot', problem: 'conditions: expected at least one condition' },
        ],
      }),
      paths.workflows,
    )
    const order = ['DAX pivot', 'conditions: expected at least one', 'Broken', 'Zone 9', 'zone 10']
    const positions = order.map((words) => text.indexOf(words))
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(positions).not.toContain(-1)
    expect(text).toContain('3 workflows: 2 enabled, 1 broken')
  })

  test('tells disabled, ended and dry-run workflows apart', async () => {
    const { text } = await visit(
      fakeStore({
        workflows: [
          aWorkflow({ name: 'A', enable: false }),
          aWorkflow({ name: 'B', end_date: '2026-11-22' }),
          aWorkflow({ name: 'C', dry_run: true }),
        ],
      }),
      paths.workflows,
    )
    expect(text).toMatch(
      /A US500.I .* Disabled Live .* B US500.I .* Ended Live .* C .* Enabled Dry run No orders yet/,
    )
  })

  test('says what to do when there is nothing yet', async () => {
    const { text } = await visit(fakeStore({}), paths.workflows)
    expect(text).toContain('No workflows yet')
    expect(text).toContain('ordertrail workflows import FILE')
  })

  test('shows hostile names as text', async () => {
    const name = `<script>alert("1")</script>' onmouseover='x`
    const { html } = await visit(
      fakeStore({
        workflows: [aWorkflow({ name, cfd: '"><img src=x>' })],
        broken: [{ id: '<b>', name: '<i>', problem: `<u>'"` }],
      }),
      paths.workflows,
    )
    expect(html).toContain(
      '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onmouseover=&#39;x',
    )
    expect(html).not.toMatch(/<script>|<img src=x|<b>|<i>|<u>/)
  })
})
