import { describe, expect, test } from 'vitest'
import type { Schedule } from '../../../src/domain/ports.ts'
import type { Workflow } from '../../../src/domain/workflow.ts'
import { paths } from '../../../src/paths.ts'
import { ordersByDay } from '../../support/builders.ts'
import { fakeStore } from './fake-store.ts'
import { aLastRun, anOrder, aWorkflow, NOW, WORKFLOW_ID } from './samples.ts'
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
      '<time class="relative" datetime="2026-11-21T09:30:00.000Z" title="2026-11-21 09:30:00 UTC">2 days ago</time>',
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
      /A US500.I .* Disabled Live .* B US500.I .* Ended Live until 2026-11-22 .* C US500.I .* Enabled Dry run .* No orders yet/,
    )
  })

  test('says what to do when there is nothing yet, and has nothing to filter', async () => {
    const { html, text } = await visit(fakeStore({}), paths.workflows)
    expect(text).toContain('No workflows yet')
    expect(text).toContain('ordertrail workflows import FILE')
    expect(html).not.toContain('type="search"')
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

describe('the orders of the last seven days', () => {
  const sparkline = async (counts: Record<string, number>) => {
    const workflows = [aWorkflow({ orders_by_day: ordersByDay(NOW, counts) })]
    const { html } = await visit(fakeStore({ workflows }), paths.workflows)
    const [svg = ''] = /<svg class="sparkline".*?<\/svg>/.exec(html) ?? []
    return { title: /<title>(.*)<\/title>/.exec(svg)?.[1], svg }
  }

  test('are told by day and drawn as bars, today last', async () => {
    const { title, svg } = await sparkline({ '2026-11-18': 1, '2026-11-20': 6, '2026-11-23': 2 })
    expect(title).toBe(
      '9 orders in 7 days: 1 on Wed 18 Nov, 6 on Fri 20 Nov, 2 on Mon 23 Nov (UTC)',
    )
    // The highest bar has the full height, and any other its share.
    expect(svg).toContain('d="M16 20v-4h5v4zM32 20v-20h5v20zM56 20v-7h5v7z"')
  })

  test('are no peak when there is only one', async () => {
    const { title, svg } = await sparkline({ '2026-11-16': 1 })
    expect(title).toBe('1 order in 7 days: 1 on Mon 16 Nov (UTC)')
    expect(svg).toContain('d="M0 20v-7h5v7z"')
  })

  test('are none, and say so', async () => {
    const { title, svg } = await sparkline({})
    expect(title).toBe('No orders in 7 days')
    expect(svg.match(/<path/g)).toHaveLength(1)
  })
})

const every = (seconds: number): Schedule => ({
  nextRun: (after) => new Date(after.getTime() + seconds * 1000),
})

describe('the runs of a workflow', () => {
  const runs = async (changes: Partial<Workflow>, schedule: Schedule) => {
    const workflows = [aWorkflow({ updated_at: '2026-11-01T00:00:00.000Z', ...changes })]
    const { html } = await visit({ ...fakeStore({ workflows }), schedule }, paths.workflows)
    const [, cell = ''] = /<td[^>]* class="runs">(.*?)<\/td>/.exec(html) ?? []
    return cell.replaceAll(/<[^>]*>/g, '').trim()
  }
  const last_run = aLastRun({ at: '2026-11-23T11:30:00.000Z' })

  test('are the last one with what came of it, and the next one', async () => {
    expect(await runs({ last_run }, every(3600))).toBe(
      'No signal 30 minutes ago Next in 30 minutes',
    )
    expect(await runs({ last_run }, every(1830))).toBe(
      'No signal 30 minutes ago Next within a minute',
    )
    expect(await runs({ last_run }, every(1790))).toBe(
      'No signal 30 minutes ago Next within a minute',
    )
  })

  test('are overdue when the next one did not come', async () => {
    expect(await runs({ last_run }, every(60))).toBe(
      'No signal 30 minutes ago Overdue by 29 minutes',
    )
    const never = { last_run: null, updated_at: '2026-11-23T09:00:00.000Z' }
    expect(await runs(never, every(60))).toBe('No run yet Overdue by 2 hours')
  })

  test('are never overdue where nothing runs by itself, or nothing is to be run', async () => {
    expect(await runs({ last_run }, { nextRun: () => null })).toBe('No signal 30 minutes ago')
    expect(await runs({ last_run, enable: false }, every(60))).toBe('No signal 30 minutes ago')
    expect(await runs({ last_run: null, end_date: '2026-11-22' }, every(60))).toBe('No run yet')
  })
})

describe('the list at a glance', () => {
  const at = (minutesAgo: number) => new Date(NOW.getTime() - minutesAgo * 60_000).toISOString()
  const ran = (name: string, outcome: 'no_signal' | 'failed', minutesAgo: number, more = {}) =>
    aWorkflow({
      id: crypto.randomUUID(),
      name,
      updated_at: at(600),
      last_run: aLastRun({ outcome, at: at(minutesAgo) }),
      ...more,
    })
  const glance = async (workflows: Workflow[]) => {
    const store = { ...fakeStore({ workflows }), schedule: every(30 * 60) }
    const { html } = await visit(store, `${paths.workflows}?enabled=false`)
    const [, inside = ''] = /<div class="glance">(.*?)<\/div>/.exec(html) ?? []
    return inside.replaceAll('</p>', ' ').replaceAll(/<[^>]*>/g, '')
  }

  test('names the workflow that ordered last, whatever the list shows', async () => {
    const last_order = (minutesAgo: number) => anOrder({ placed_at: at(minutesAgo) })
    const text = await glance([
      ran('A', 'no_signal', 1, { last_order: last_order(90) }),
      ran('B', 'no_signal', 1, { last_order: last_order(12) }),
    ])
    expect(text).toContain('Last order 12 minutes ago: ▲BUY 0.5 US500.I at 1,854.07, B')
    expect(text).toContain('All runs are on time, and none has failed.')
  })

  test('says how many runs are overdue or have failed, and names two', async () => {
    const text = await glance([
      ran('A', 'no_signal', 90),
      ran('B', 'failed', 90),
      ran('C', 'failed', 90),
      ran('D', 'failed', 90, { enable: false }),
    ])
    expect(text).toContain('Overdue 3 workflows: A, B and 1 more')
    expect(text).toContain('Last run failed 2 workflows: B, C')
    expect(text).not.toContain('on time')
  })
})

describe('the list by its URL', () => {
  const named = (name: string, changes: Parameters<typeof aWorkflow>[0] = {}) =>
    aWorkflow({ id: crypto.randomUUID(), name, ...changes })
  const many = Array.from({ length: 120 }, (_, index) =>
    named(`No ${index + 1}`, { enable: index % 4 !== 0, cfd: index < 3 ? 'GER40.I' : 'US500.I' }),
  )
  const rowsOf = (html: string): string[] =>
    [...html.matchAll(/<th scope="row".*?<a [^>]*>(.*?)<\/a>/g)].map(([, name = '']) => name)
  const at = async (query: string, headers: Record<string, string> = {}) => {
    const broken = [{ id: 'b0', name: 'No such thing', problem: 'name: expected a name' }]
    const store = fakeStore({ workflows: many, broken })
    return visit(store, `${paths.workflows}${query}`, headers)
  }

  test('has 50 on a page, and links to the others that keep the rest of the URL', async () => {
    const { html, text } = await at('?sort=-name&dry_run=false&page=2')
    expect(rowsOf(html)).toHaveLength(50)
    expect(rowsOf(html)[0]).toBe('No 70')
    expect(text).toContain('120 of 121 workflows, 51 to 100, by name, in reverse')
    expect(text).toContain('Page 2 of 3')
    expect(html).toContain('href="/workflows?dry_run=false&amp;sort=-name&amp;page=3"')
    expect(html).toContain('href="/workflows?dry_run=false&amp;sort=-name"')
    expect(html).toContain('action="/workflows/enable?dry_run=false&amp;sort=-name&amp;page=2"')
  })

  test('shows in its form what it was asked for', async () => {
    const { html } = await at('?q=ger&enabled=false&indicator=ma50&sort=-updated_at')
    expect(rowsOf(html)).toEqual(['No 1'])
    expect(html).toContain('id="q" name="q" value="ger"')
    expect(html).toContain('<option value="false" selected="">Disabled</option>')
    expect(html).toContain('<option value="ma50" selected="">')
    expect(html).toContain('<option value="-updated_at" selected="">')
  })

  test('is found again under its address without what a form left empty', async () => {
    const { status, headers } = await at('?q=&enabled=true&dry_run=&indicator=&traded=&sort=name')
    expect([status, headers.get('Location')]).toEqual([302, '/workflows?enabled=true'])
    const all = await at('?q=&sort=name')
    expect([all.status, all.headers.get('Location')]).toEqual([302, '/workflows'])
  })

  test('goes to its last page when it has become shorter', async () => {
    const { status, headers } = await at('?enabled=true&page=9')
    expect([status, headers.get('Location')]).toEqual([302, '/workflows?enabled=true&page=2'])
    const none = await at('?q=zzz&page=9')
    expect([none.status, none.headers.get('Location')]).toEqual([302, '/workflows?q=zzz'])
  })

  test('filtered to nothing says so, and how to see all again', async () => {
    const { html, text } = await at('?q=zzz')
    expect(text).toContain('0 of 121 workflows Clear the filter')
    expect(text).toContain('No workflow fits')
    expect(text).not.toContain('No workflows yet')
    expect(html).toContain('value="zzz"')
  })

  test('is without the page around it when htmx asks for it', async () => {
    const page = await at('?q=ger')
    const part = await at('?q=ger', { 'HX-Request-Type': 'partial' })
    expect(part.html).toMatch(/^<div class="toolbar">/)
    expect(page.html).toContain(part.html)
    expect(part.headers.get('Vary')).toContain('HX-Request-Type')
    expect(part.html).not.toContain('type="search"')
  })

  test('has all of the page chosen on demand, but what is broken', async () => {
    const none = await at('?q=such')
    expect(none.html).not.toContain('type="checkbox"')
    const page = await at('?page=3&select=all')
    expect(rowsOf(page.html)).toHaveLength(21)
    expect(page.html.match(/type="checkbox" name="id"/g)).toHaveLength(20)
    expect(page.html.match(/type="checkbox"[^>]* checked=""/g)).toHaveLength(20)
    expect(page.text).toContain('All on this page are selected.')
    expect(page.html).toContain('href="/workflows?page=3"')
  })

  test.each(['sort=price', 'enabled=maybe', 'page=0', 'page=x', 'q=a&q=b', 'select=some'])(
    'refuses ?%s',
    async (query) => {
      const { status, text } = await at(`?${query}`)
      expect(status).toBe(400)
      expect(text).toMatch(/expected/i)
    },
  )

  test('takes hostile text for text', async () => {
    const q = `"><script>alert(1)</script>`
    const { html } = await at(`?q=${encodeURIComponent(q)}`)
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
    expect(html).not.toContain('<script>')
  })
})
