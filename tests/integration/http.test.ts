import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.tsx'
import { newId } from '../../src/compose.ts'
import { paths } from '../../src/paths.ts'
import { aDefinition } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')

const openApp = async (folder: string, workflows = 3) => {
  const product = await openInstallation(folder)
  const app = createApp({
    ...product,
    clock: { now: () => NOW },
    newId,
    logger: recordingLogger(),
  })
  for (let index = 0; index < workflows; index += 1) {
    await product.workflows.create(newId(), aDefinition({ name: `workflow ${index}` }), NOW)
  }
  return { ...product, app }
}

describe('a method that is not possible', () => {
  test('is 405, and Allow says what is', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const response = await product.app.request(paths.api.workflows, { method: 'DELETE' })
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS, POST')
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 405, instance: paths.api.workflows })

    const page = await product.app.request(paths.workflows, { method: 'PUT' })
    expect(page.status).toBe(405)
    expect(page.headers.get('Content-Type')).toMatch(/text\/html/)
  })

  test('is not what OPTIONS is: it asks what is possible', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const path = paths.api.workflow(newId())
    const response = await product.app.request(path, { method: 'OPTIONS' })
    expect(response.status).toBe(204)
    expect(response.headers.get('Allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH, PUT')
    // Another site gets no permission with it.
    expect(response.headers.has('Access-Control-Allow-Origin')).toBe(false)
    expect((await product.app.request('/nowhere', { method: 'OPTIONS' })).status).toBe(404)
  })
})

describe('Accept', () => {
  test.each(['text/html', 'application/xml', 'application/json;q=0', 'image/*'])(
    'of %s is 406 in the API',
    async (Accept) => {
      await using folder = await aFolder()
      await using product = await openApp(folder.path)
      const response = await product.app.request(paths.api.workflows, { headers: { Accept } })
      expect(response.status).toBe(406)
      expect(await response.json()).toMatchObject({ status: 406, detail: expect.any(String) })
    },
  )

  test.each([undefined, '', '*/*', 'text/html, */*;q=0.1', 'Application/JSON', 'application/*'])(
    'of %s gets JSON',
    async (accept) => {
      await using folder = await aFolder()
      await using product = await openApp(folder.path)
      const headers = accept === undefined ? {} : { Accept: accept }
      const response = await product.app.request(paths.api.workflows, { headers })
      expect(response.status).toBe(200)
    },
  )
})

describe('an answer that has not changed', () => {
  test.each([
    ['a list', paths.api.workflows],
    ['a page', paths.workflows],
    ['the document', paths.api.document],
  ])('is 304 without a body: %s', async (_, path) => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const first = await product.app.request(path)
    const tag = first.headers.get('ETag') ?? ''
    expect(tag).toMatch(/^"[0-9a-f]+"$/)
    expect(first.headers.get('Cache-Control')).toBe('private, no-cache')

    const again = await product.app.request(path, { headers: { 'If-None-Match': tag } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    expect(again.headers.get('ETag')).toBe(tag)

    await product.workflows.create(newId(), aDefinition({ name: 'new' }), NOW)
    const changed = await product.app.request(path, { headers: { 'If-None-Match': tag } })
    expect(changed.status).toBe(path === paths.api.document ? 304 : 200)
  })

  test('has another tag where it is compressed, and the same content', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const plain = await product.app.request(paths.api.workflows)
    const headers = { 'Accept-Encoding': 'gzip' }
    const zipped = await product.app.request(paths.api.workflows, { headers })
    expect(zipped.headers.get('Content-Encoding')).toBe('gzip')
    expect(zipped.headers.get('Vary')).toContain('Accept-Encoding')
    expect(zipped.headers.get('ETag')).not.toBe(plain.headers.get('ETag'))
    expect(gunzipSync(await zipped.arrayBuffer()).toString()).toBe(await plain.text())
    const tag = zipped.headers.get('ETag') ?? ''
    const again = await product.app.request(paths.api.workflows, {
      headers: { ...headers, 'If-None-Match': tag },
    })
    expect(again.status).toBe(304)
  })
})

test('HEAD answers like GET, without the body', async () => {
  await using folder = await aFolder()
  await using product = await openApp(folder.path)
  const get = await product.app.request(paths.api.workflows)
  const head = await product.app.request(paths.api.workflows, { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(await head.text()).toBe('')
  for (const name of ['ETag', 'Content-Type', 'Cache-Control']) {
    expect(head.headers.get(name)).toBe(get.headers.get(name))
  }
})

test('Server-Timing tells how many requests an answer took at DynamoDB, and how long', async () => {
  await using folder = await aFolder()
  await using product = await openApp(folder.path)
  const timingOf = async (path: string) =>
    (await product.app.request(path)).headers.get('Server-Timing')
  expect(await timingOf(paths.api.workflows)).toMatch(/^dynamodb;dur=\d+\.\d;desc="1 requests"$/)
  expect(await timingOf(paths.workflows)).toMatch(/desc="3 requests"/)
  expect(await timingOf(paths.health)).toBe('dynamodb;dur=0.0;desc="0 requests"')
})
