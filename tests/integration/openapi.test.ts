import { validate } from '@readme/openapi-parser'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.tsx'
import { newId } from '../../src/compose.ts'
import { paths } from '../../src/paths.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import type { Document } from '../support/contract.ts'
import { recordingLogger } from '../support/logger.ts'

interface Described extends Document {
  components: { schemas: Record<string, unknown> }
}

const openApp = async (folder: string) => {
  const installation = await openInstallation(folder)
  const clock = { now: () => new Date('2026-11-20T09:30:00.000Z') }
  const app = createApp({ ...installation, clock, newId, logger: recordingLogger() })
  const document = (await (await app.request(paths.api.document)).json()) as Described
  return { ...installation, app, document }
}

/** The operations of the document as hono knows them: `GET /api/workflow/orders/:order_id`. */
const documented = ({ paths: all }: Document): string[] =>
  Object.entries(all).flatMap(([template, methods]) =>
    Object.keys(methods).map(
      (method) => `${method.toUpperCase()} ${template.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  )

describe('the API document', () => {
  test('is valid OpenAPI 3.1', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    expect(product.document.openapi).toBe('3.1.0')
    const result = await validate(structuredClone(product.document) as never)
    expect(result).toMatchObject({ valid: true, warnings: [] })
  })

  test('has every route that programs may call, and no other', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const registered = product.app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(api\/|healthz|readyz)/.test(path))
      // The one page among them, which is for people.
      .filter(({ path }) => path !== paths.api.docs)
      .map(({ method, path }) => `${method} ${path}`)
    expect(documented(product.document).toSorted()).toEqual([...new Set(registered)].toSorted())
  })

  test('is what the page of the API shows, every operation and every schema of it', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const page = await product.app.request(paths.api.docs, { headers: { Accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect(page.headers.get('Content-Type')).toMatch(/^text\/html/)
    const html = await page.text()
    const { paths: all, components } = product.document
    const operations = Object.values(all).flatMap((methods) => Object.values(methods))
    const anchors = [
      ...operations.map(({ operationId }) => operationId),
      ...Object.keys(components.schemas).map((name) => `schema-${name}`),
    ]
    const isOnce = (anchor: string): boolean => html.split(`id="${anchor}"`).length === 2
    expect(anchors.filter((anchor) => !isOnce(anchor))).toEqual([])
    expect(anchors.filter((anchor) => !html.includes(`href="#${anchor}"`))).toEqual([])
    // No link within the page leads nowhere.
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, target = '']) => target)
    expect(targets.filter((target) => !html.includes(`id="${target}"`))).toEqual([])
    expect(html).toContain(`href="${paths.api.document}"`)
  })

  test('names every operation once, and says of each what it does and how it fails', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const operations = Object.values(product.document.paths).flatMap((methods) =>
      Object.values(methods),
    )
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const operation of operations) {
      expect(operation).toMatchObject({ summary: expect.any(String), tags: [expect.any(String)] })
    }
  })
})
