import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { readSnapshot } from '../../src/data/snapshot.ts'
import { DomainError } from '../../src/domain/errors.ts'
import type { Workflows } from '../../src/domain/ports.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { aDefinition } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')
const UNKNOWN = '11111111-2222-4333-8444-555555555555'

/** The product over a data folder of its own; `changes` stand in for parts of its store. */
const open = async (changes: (workflows: Workflows) => Partial<Workflows> = () => ({})) => {
  const folder = await aFolder()
  const product = await openInstallation(folder.path)
  const app = createApp({
    ...product,
    workflows: { ...product.workflows, ...changes(product.workflows) },
    clock: { now: () => NOW },
    newId,
    logger: recordingLogger(),
  })
  const create = async (definition: Record<string, unknown>): Promise<string> => {
    const { id } = await product.workflows.create(newId(), aDefinition(definition), NOW)
    return id
  }
  /** Sends the form of the list, and reads the page that it leads to. */
  const send = async (
    ids: readonly string[],
    enable: string,
    { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
  ) => {
    const answer = await app.request(`http://localhost${paths.workflowsEnable()}${query}`, {
      method: 'POST',
      headers,
      body: new URLSearchParams([
        ...ids.map((id): [string, string] => ['id', id]),
        ['enable', enable],
      ]),
    })
    const [cookie = ''] = (answer.headers.get('Set-Cookie') ?? '').split(';')
    let page = answer
    const locations: string[] = []
    for (let next = page.headers.get('Location'); next; next = page.headers.get('Location')) {
      locations.push(next)
      page = await app.request(`http://localhost${next}`, { headers: { Cookie: cookie } })
    }
    const html = await page.text()
    const [, told = null] = /<p class="notice notice-done"[^>]*>(.*?)<\/p>/.exec(html) ?? []
    return { status: answer.status, locations, told, html }
  }
  const isEnabled = async (id: string) => (await product.workflows.find(id, NOW))?.enable
  return {
    ...product,
    folder,
    create,
    send,
    isEnabled,
    [Symbol.asyncDispose]: async () => {
      await product[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

describe('workflows that are switched together', () => {
  test('are all as they should be then, each one revision on, and the list tells what was done', async () => {
    await using app = await open()
    const off = await Promise.all(
      ['A', 'B', 'C'].map((name) => app.create({ name, enable: false })),
    )
    const on = await app.create({ name: 'D' })

    const { status, locations, told } = await app.send([...off, on], 'true', {
      query: '?q=sell&sort=-last_order',
    })

    expect(status).toBe(303)
    expect(locations).toEqual(['/workflows?q=sell&sort=-last_order'])
    expect(told).toBe('3 enabled, 1 was enabled already.')
    for (const id of off) {
      expect(await app.workflows.find(id, NOW)).toMatchObject({
        enable: true,
        revision: 2,
        updated_at: NOW.toISOString(),
      })
    }
    // What was so already is left alone.
    expect(await app.workflows.find(on, NOW)).toMatchObject({ enable: true, revision: 1 })

    expect((await app.send([on, ...off], 'false')).told).toBe('4 disabled.')
    expect(await Promise.all([on, ...off].map(app.isEnabled))).toEqual(Array(4).fill(false))
  })

  test('are switched in the copy as well that runs go by while the store is away', async () => {
    await using app = await open()
    const ids = await Promise.all(Array.from({ length: 50 }, () => app.create({})))
    await app.workflows.list(NOW)

    expect((await app.send(ids, 'false')).told).toBe('50 disabled.')

    const copy = await readSnapshot(`${app.folder.path}/workflows.json`)
    expect(copy?.workflows).toHaveLength(50)
    expect(copy?.workflows.every(({ enable, revision }) => !enable && revision === 2)).toBe(true)
  })

  test('do not stop at one that is broken, can never order anything, or is gone', async () => {
    await using app = await open()
    const definition = aDefinition({ enable: false })
    const good = await app.create({ name: 'Good', enable: false })
    const { id: unfit } = await app.workflows.create(
      newId(),
      { ...definition, trigger: { ...definition.trigger, location: 'higher' } },
      NOW,
    )
    const { id: broken } = await app.workflows.create(
      newId(),
      { ...definition, conditions: [] },
      NOW,
    )

    const { told } = await app.send([broken, good, UNKNOWN, unfit], 'true')

    expect(told).toBe('1 enabled, 2 are broken and must be mended first, 1 was deleted.')
    expect(await app.isEnabled(good)).toBe(true)
    expect(await app.isEnabled(unfit)).toBe(false)
  })

  test('are told apart from those that the store did not answer for, which can be tried again', async () => {
    let answers = 1
    await using app = await open((workflows) => ({
      replace: (...change) => {
        answers -= 1
        if (answers < 0) throw new DomainError('store_unavailable', 'no answer')
        return workflows.replace(...change)
      },
    }))
    const ids = [await app.create({ name: 'A' }), await app.create({ name: 'B' })]

    expect((await app.send(ids, 'false')).told).toBe(
      '1 disabled, 1 could not be disabled, please try again.',
    )
    answers = 1
    expect((await app.send(ids, 'false')).told).toBe('1 disabled, 1 was disabled already.')
  })

  test('are none when the store does not answer at all, which is a failure', async () => {
    await using app = await open(() => ({
      find: () => Promise.reject(new DomainError('store_unavailable', 'no answer')),
    }))
    const id = await app.create({})

    const { status, html } = await app.send([id], 'false')

    expect(status).toBe(503)
    expect(html).toContain('The order store did not answer')
    expect(await app.isEnabled(id)).toBe(true)
  })

  test('lead back to the last page of a list that has become shorter', async () => {
    await using app = await open()
    const ids = await Promise.all(
      Array.from({ length: 51 }, (_, index) => app.create({ name: `No ${index + 1}` })),
    )
    const last = ids.slice(50)

    const { locations, told } = await app.send(last, 'false', { query: '?enabled=true&page=2' })

    expect(locations).toEqual(['/workflows?enabled=true&page=2', '/workflows?enabled=true'])
    expect(told).toBe('1 disabled.')
    expect(await app.isEnabled(last[0] ?? '')).toBe(false)
  })

  test('may be none at all', async () => {
    await using app = await open()
    await app.create({})
    const { status, told } = await app.send([], 'true')
    expect([status, told]).toEqual([303, 'Nothing was changed: no workflow was selected.'])
  })

  test('count once when one was sent twice', async () => {
    await using app = await open()
    const id = await app.create({})
    expect((await app.send([id, id], 'false')).told).toBe('1 disabled.')
    expect(await app.workflows.find(id, NOW)).toMatchObject({ revision: 2 })
  })
})

describe('a form that is not ours', () => {
  test.each<[string, { ids?: string[]; enable?: string; query?: string }]>([
    ['has more ids than a page', { ids: Array.from({ length: 51 }, () => UNKNOWN) }],
    ['has an id that is none', { ids: ['../x'] }],
    ['says neither on nor off', { enable: 'maybe' }],
    ['belongs to no list', { query: '?sort=price' }],
  ])('changes nothing when it %s', async (_what, { ids = [], enable = 'false', query }) => {
    await using app = await open()
    const id = await app.create({})
    const { status } = await app.send([id, ...ids], enable, query === undefined ? {} : { query })
    expect(status).toBe(400)
    expect(await app.isEnabled(id)).toBe(true)
  })

  test('changes nothing when it comes from another site', async () => {
    await using app = await open()
    const id = await app.create({})
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }
    expect((await app.send([id], 'false', { headers })).status).toBe(403)
    expect(await app.isEnabled(id)).toBe(true)
  })
})
