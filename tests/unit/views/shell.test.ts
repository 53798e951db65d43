import { describe, expect, test } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import { anOrder, aWorkflow, WORKFLOW_ID } from './samples.ts'
import { visit } from './visit.ts'

const order = anOrder()
const aStore = () => fakeStore({ workflows: [aWorkflow()], orders: [order] })

describe('the times of a page', () => {
  test('are in the zone that the browser has told, with UTC beside them', async () => {
    const { html, text } = await visit(aStore(), paths.order(order.order_id), {
      Cookie: 'time_zone=America%2FNew_York',
    })
    expect(html).toContain(
      '<time class="exact" datetime="2026-11-21T09:30:00.000Z" title="2026-11-21 09:30:00 UTC">2026-11-21 04:30:00 UTC-5</time>',
    )
    expect(text).toContain('Times are in America/New_York')
    expect(html).not.toContain('blocking')
  })

  test.each(['', 'time_zone=', 'time_zone=Mars%2FOlympus', 'time_zone=%00', 'time_zone=%E0%A4%A'])(
    'are in UTC while it has not, and are put right before anybody sees them: %s',
    async (Cookie) => {
      const { html, text } = await visit(aStore(), paths.order(order.order_id), { Cookie })
      expect(html).toContain('>2026-11-21 09:30:00 UTC</time>')
      expect(text).toContain('Times are in UTC')
      expect(html).toMatch(/<script src="\/assets\/app\.[0-9a-f]+\.js" defer="" blocking="render">/)
    },
  )

  test('are in that zone in a part of a page, too', async () => {
    const { html } = await visit(aStore(), paths.workflowOrders(WORKFLOW_ID), {
      Cookie: 'time_zone=Asia%2FTokyo',
      'HX-Request-Type': 'partial',
    })
    expect(html).toContain('>2026-11-21 18:30:00 UTC+9</time>')
    expect(html).not.toContain('<html')
  })
})

describe('the theme', () => {
  const choose = (form: Record<string, string>) =>
    visit(aStore(), paths.theme, {}, { method: 'POST', body: new URLSearchParams(form) })

  test('follows the system until another one is chosen', async () => {
    const { html } = await visit(aStore(), paths.workflows)
    expect(html).toContain('<html lang="en" data-theme="system"')
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>')
    const dark = await visit(aStore(), paths.workflows, { Cookie: 'theme=dark' })
    expect(dark.html).toContain('data-theme="dark"')
    expect(dark.html).toContain('<meta name="color-scheme" content="dark"/>')
    expect(dark.html).toContain('<input type="radio" name="theme" value="dark" checked=""/>')
    const unknown = await visit(aStore(), paths.workflows, { Cookie: 'theme=pink' })
    expect(unknown.html).toContain('data-theme="system"')
  })

  test('is kept for a year, and the form leads back to the page that it stood in', async () => {
    const { html } = await visit(aStore(), `${paths.orders()}?direction=SELL`)
    expect(html).toContain('<input type="hidden" name="next" value="/orders?direction=SELL"/>')
    const { status, headers } = await choose({ theme: 'dark', next: '/orders?direction=SELL' })
    expect(status).toBe(303)
    expect(headers.get('Location')).toBe('/orders?direction=SELL')
    expect(headers.get('Set-Cookie')).toBe('theme=dark; Max-Age=31536000; Path=/; SameSite=Lax')
  })

  test.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
  ])('leads nowhere but to our own pages: %s', async (next) => {
    expect((await choose({ theme: 'dark', next })).status).toBe(400)
  })

  test('is one of three', async () => {
    expect((await choose({ theme: 'pink' })).status).toBe(400)
    expect((await choose({})).status).toBe(400)
  })
})

test('the main navigation says which page is open, and in which section it is', async () => {
  const currentIn = async (path: string): Promise<string | undefined> => {
    const { html } = await visit(aStore(), path)
    return /<a [^>]*aria-current[^>]*>[^<]*/.exec(html.replace(/<main.*/s, ''))?.[0]
  }
  expect(await currentIn(paths.workflows)).toBe(
    '<a href="/workflows" aria-current="page">Workflows',
  )
  expect(await currentIn(paths.workflow(WORKFLOW_ID))).toBe(
    '<a href="/workflows" aria-current="true">Workflows',
  )
  expect(await currentIn(paths.order(order.order_id))).toBe(
    '<a href="/orders" aria-current="true">Orders',
  )
  expect(await currentIn('/nowhere')).toBeUndefined()
})

test('every page says when orders go to a paper broker, and only then', async () => {
  const words = 'Orders go to a paper broker, which sends nothing anywhere.'
  for (const path of [paths.workflows, paths.order(order.order_id), '/nowhere']) {
    expect((await visit({ ...aStore(), paper: true }, path)).text).toContain(words)
    expect((await visit(aStore(), path)).text).not.toContain('paper broker')
  }
})
