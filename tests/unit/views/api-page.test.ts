import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { docsPage } from '../../../src/routes/api/docs.tsx'
import type { ApiDocument } from '../../../src/views/components/api/document.ts'
import { renderer } from '../../../src/views/renderer.tsx'
import { fakeStore } from './fake-store.ts'
import { visit } from './visit.ts'

const HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'

const tree = { $ref: '#/components/schemas/Tree' }

/** A small document with a bit of everything. */
const aDocument = (): ApiDocument => ({
  openapi: '3.1.0',
  info: { title: 'garden', version: '1.2.3', description: 'Trees and `shrubs`.' },
  tags: [{ name: 'Trees', description: 'What grows' }],
  components: {
    schemas: {
      Tree: {
        type: 'object',
        properties: {
          name: { type: 'string', description: HOSTILE },
          children: { type: 'array', items: tree },
          parent: { anyOf: [tree, { type: 'null' }] },
        },
        required: ['name'],
        example: { name: 'oak', children: [] },
      },
      Forest: { type: 'array', items: tree, minItems: 1 },
    },
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } },
    responses: {
      Missing: { description: 'There is none', content: { 'text/plain': {} } },
    },
  },
  paths: {
    '/trees/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      get: {
        operationId: 'getTree',
        tags: ['Trees'],
        summary: 'One tree',
        responses: {
          200: {
            description: 'The tree',
            headers: { ETag: { schema: { type: 'string', example: '"7"' } } },
            content: { 'application/json': { schema: tree } },
          },
          404: { $ref: '#/components/responses/Missing' },
        },
      },
      put: {
        operationId: 'replaceTree',
        tags: ['Trees'],
        summary: HOSTILE,
        deprecated: true,
        requestBody: { required: true, content: { 'application/json': { schema: tree } } },
        responses: { 204: { description: 'Done' } },
      },
    },
    '/weather': { get: { operationId: 'getWeather', responses: { 200: { description: 'It' } } } },
  },
})

const open = async (document: ApiDocument, url = `http://localhost:3000${paths.api.docs}`) => {
  const app = new Hono().use(renderer({ paper: false })).route(
    '/',
    docsPage(() => document),
  )
  return (await app.request(url)).text()
}

/** One article of the page, as its reader sees it. */
const article = (html: string, id: string): string =>
  (html.split(`<article class="panel documented" id="${id}"`)[1] ?? '')
    .replace(/^[^>]*>/, '')
    .split('</article>')[0]
    ?.replaceAll(/<(?=(?:p|td|th|dt|dd|h\d|li|div|summary|pre)[ >])/g, ' <')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ') ?? ''

describe('the page of the API', () => {
  test('has every operation, under its tag, with all that can be sent and come back', async () => {
    const html = await open(aDocument())
    const text = article(html, 'getTree')
    expect(text).toContain('One tree')
    expect(text).toContain('GET /trees/{id}')
    expect(text).toContain('id in path required string')
    expect(text).toContain('200 The tree application/json Tree ETag header string, for example "7"')
    expect(text).toContain('404 There is none Missing')
    expect(article(html, 'answer-Missing')).toContain('404 Missing# There is none text/plain')
    expect(text).toContain('curl http://localhost:3000/trees/ID')
    expect(html.indexOf('id="tag-Trees"')).toBeLessThan(html.indexOf('id="getTree"'))
    expect(html.indexOf('id="tag-Other"')).toBeLessThan(html.indexOf('id="getWeather"'))
    expect(article(html, 'replaceTree')).toContain('Deprecated')
    // The body of the command is the example of the schema.
    expect(article(html, 'replaceTree')).toContain(`-d '{ "name": "oak", "children": [] }'`)
  })

  test('has every schema once, and leads to it from where it is used, itself included', async () => {
    const html = await open(aDocument())
    expect(html.match(/id="schema-Tree"/g)).toHaveLength(1)
    expect(article(html, 'schema-Tree')).toContain('name required string')
    expect(article(html, 'schema-Tree')).toContain('children list of Tree')
    expect(article(html, 'schema-Tree')).toContain('parent Tree or null')
    expect(article(html, 'schema-Forest')).toContain('list of Tree, at least 1 entry')
    expect(html.match(/href="#schema-Tree"/g)?.length).toBeGreaterThan(5)
  })

  test('shows what the document says, and does not do it', async () => {
    const html = await open(aDocument())
    expect(html).not.toContain('<script>')
    expect(html).not.toContain('<img src=x')
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain('Trees and <code>shrubs</code>.')
  })

  test('names the server that it comes from', async () => {
    const html = await open(aDocument(), `http://127.0.0.1:8080${paths.api.docs}`)
    expect(html).toContain('curl http://127.0.0.1:8080/weather')
    const elsewhere = { ...aDocument(), servers: [{ url: '/v1' }] }
    expect(await open(elsewhere)).toContain('curl http://localhost:3000/v1/weather')
  })

  test('is a page to those who ask for one, its errors included, unlike all else under /api/', async () => {
    const asPage = { Accept: 'text/html' }
    const page = await visit(fakeStore({}), paths.api.docs, asPage)
    expect(page.status).toBe(200)
    expect(page.html).not.toMatch(/<style|\sstyle=|\son\w+=|<script>|javascript:/)
    expect(page.html.match(/<h1/g)).toHaveLength(1)
    const refused = await visit(fakeStore({}), paths.api.docs, { Host: 'elsewhere.example' })
    expect(refused.status).toBe(403)
    expect(refused.headers.get('Content-Type')).toMatch(/^text\/html/)
    expect((await visit(fakeStore({}), paths.api.document, asPage)).status).toBe(406)
    const below = await visit(fakeStore({}), `${paths.api.docs}/more`)
    expect(below.headers.get('Content-Type')).toBe('application/problem+json')
  })
})
