import { validate } from '@readme/openapi-parser'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { paths } from '../../src/paths.ts'
import examples from '../../src/routes/api/examples.json' with { type: 'json' }
import { createApp } from '../support/app.ts'
import {
  createContract,
  resolved,
  type Document,
  type MediaType,
  type Operation,
} from '../support/contract.ts'
import { answerExamples, answersToShow, provokeProblems } from '../support/examples.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const openApp = async (folder: string) => {
  const installation = await openInstallation(folder)
  const clock = { now: () => new Date('2026-11-20T09:30:00.000Z') }
  const app = createApp({ ...installation, clock, newId, logger: recordingLogger() })
  const document = (await (await app.request(paths.api.document)).json()) as Document
  return { ...installation, app, document }
}

/** The operations of the document as hono knows them: `GET /api/workflow/orders/:order_id`. */
const documented = ({ paths: all }: Document): string[] =>
  Object.entries(all).flatMap(([template, methods]) =>
    Object.keys(methods).map(
      (method) => `${method.toUpperCase()} ${template.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  )

const operationsOf = ({ paths: all }: Document): Operation[] =>
  Object.values(all).flatMap((methods) => Object.values(methods))

describe('the API document', () => {
  test('is valid OpenAPI 3.1', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    expect(product.document.openapi).toBe('3.1.0')
    const result = await validate(structuredClone(product.document) as never)
    expect(result).toMatchObject({ valid: true, warnings: [] })
  })

  test('lints clean, under the strictest of the common rules', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const problems = await lintFromString({
      source: JSON.stringify(product.document),
      absoluteRef: 'openapi.json',
      config: await createConfig({ extends: ['recommended-strict'] }),
    })
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
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
    const anchors = [
      ...operationsOf(product.document).map(({ operationId }) => operationId),
      ...Object.keys(product.document.components.schemas).map((name) => `schema-${name}`),
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
    const operations = operationsOf(product.document)
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const operation of operations) {
      expect(operation).toMatchObject({ summary: expect.any(String), tags: [expect.any(String)] })
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['403', '406', '500']),
      )
    }
  })

  test('says of every parameter, header and named schema what it means', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const { document } = product
    const { headers, schemas } = document.components
    const parameters = operationsOf(document).flatMap((operation) =>
      (operation.parameters ?? []).map((parameter) => resolved(document, parameter)),
    )
    const described = [...parameters, ...Object.values(headers), ...Object.values(schemas)]
    expect(described.filter((part) => !('description' in part))).toEqual([])
  })
})

describe('the examples of the API document', () => {
  /** The bodies that the document shows, each with what it is an example of. */
  const shownIn = (document: Document): [string, MediaType][] =>
    operationsOf(document).flatMap(({ operationId, requestBody, responses }) => {
      const bodies = Object.entries({ request: requestBody, ...responses })
      return bodies.flatMap(([of, body]) =>
        Object.entries((body && resolved(document, body).content) ?? {}).map(
          ([type, media]): [string, MediaType] => [`${operationId} ${of} ${type}`, media],
        ),
      )
    })

  test('are there for every parameter and every body, and fit their schemas', async () => {
    await using folder = await aFolder()
    await using product = await openApp(folder.path)
    const { document } = product
    const { checkValue } = createContract(document)
    for (const { operationId, parameters = [] } of operationsOf(document)) {
      for (const parameter of parameters) {
        const { name, schema, example } = resolved(document, parameter)
        checkValue(schema, example, `the example of ${name} of ${operationId}`)
      }
    }
    const withoutExample = shownIn(document).flatMap(([what, { schema, example }]) => {
      if (example === undefined) return [what]
      checkValue(schema, example, `the example of ${what}`)
      return []
    })
    expect(withoutExample).toEqual([])
  })

  test('are requests that succeed, and the very answers to them', async () => {
    const answers = await answerExamples()
    const failed = answers.filter(({ status }) => ![200, 201, 204].includes(status))
    expect(failed).toEqual([])
    // `npm run api-examples` writes them anew.
    expect(answersToShow(answers)).toEqual(examples.operations)
  })

  test('are the failures that there really are', async () => {
    expect(await provokeProblems()).toEqual(examples.problems)
  })
})
