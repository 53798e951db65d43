import { describe, expect, test } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from './fake-store.ts'
import { anIntent, anOrder, aWorkflow, WORKFLOW_ID } from './samples.ts'
import { visit } from './visit.ts'

const DELETED_ID = '3f0c8c1e-6d5b-4b7e-9a55-0d7c2f1b9a30'

describe('every page', () => {
  test('holds no inline script or style, and its own files by names that change with them', async () => {
    const order = anOrder()
    const store = fakeStore({
      workflows: [aWorkflow()],
      orders: [order],
      open: [anIntent(), anIntent({ order: { workflow_id: DELETED_ID } })],
    })
    const urls = [
      paths.workflows,
      paths.workflow(WORKFLOW_ID),
      paths.workflow(DELETED_ID),
      paths.workflowOrders(WORKFLOW_ID),
      paths.orders(),
      paths.orders({ latest: 'true', from: 'yesterday' }),
      paths.order(order.order_id),
      '/nowhere',
    ]
    const files = new Set<string>()
    for (const url of urls) {
      const { html } = await visit(store, url)
      expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script>|javascript:/)
      expect(html.match(/<h1/g)).toHaveLength(1)
      expect(html).toMatch(/<title>[^<]+ · ordertrail<\/title>/)
      for (const [, file = ''] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g))
        files.add(file)
    }
    for (const file of files) {
      expect(file).toMatch(/^\/assets\/[a-z]+\.[0-9a-f]{8}\.(css|js|svg)$/)
      expect((await visit(store, file)).status).toBe(200)
    }
  })
})

describe('a static file', () => {
  test('is kept for a year and answers a known copy with nothing', async () => {
    const { html } = await visit(fakeStore({}), paths.workflows)
    const file = /\/assets\/app\.[0-9a-f]{8}\.css/.exec(html)?.[0] ?? ''
    const { status, headers } = await visit(fakeStore({}), file)
    expect(status).toBe(200)
    expect(headers.get('Content-Type')).toBe('text/css; charset=utf-8')
    expect(headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
    const etag = headers.get('ETag') ?? ''
    expect((await visit(fakeStore({}), file, { 'If-None-Match': etag })).status).toBe(304)
  })

  test.each(['app.css', 'app.00000000.css', '../app.tsx', '..%2fasset-url.ts', 'htmx.js', ''])(
    'by another name than its own is not found: %s',
    async (name) => {
      expect((await visit(fakeStore({}), `${paths.assets}/${name}`)).status).toBe(404)
    },
  )
})
