import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { DomainError } from '../../src/domain/errors.ts'
import type { Workflows } from '../../src/domain/ports.ts'
import { definitionOf, type Workflow } from '../../src/domain/workflow.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { aDefinition, anOrder, anUnfittingDefinition } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')
const UNKNOWN = '11111111-2222-4333-8444-555555555555'

/** What the form of `aDefinition` sends. */
const FIELDS = {
  name: 'Sell under 100',
  cfd: 'GER40.I',
  index: 'DAX.I',
  end_date: '',
  'conditions.0.indicator.name': 'polarite',
  'conditions.0.indicator.unit_time': 'h1',
  'conditions.0.indicator.value': '100',
  'conditions.0.close.direction': 'below',
  'conditions.0.close.unit_time': 'h1',
  'conditions.0.close.spread': '5',
  'conditions.0.element': '',
  'trigger.order_direction': 'sell',
  'trigger.quantity': '2',
  'trigger.unit_time': 'h1',
  'trigger.offset': '1',
  dry_run: 'false',
  enable: 'true',
}

type Fields = Partial<Record<keyof typeof FIELDS, string>> & Record<string, string>

let folder: Awaited<ReturnType<typeof aFolder>>
let product: Awaited<ReturnType<typeof openInstallation>>
beforeAll(async () => {
  folder = await aFolder()
  product = await openInstallation(folder.path)
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** The product's pages; `changes` stand in for parts of the store. */
const openApp = (changes: Partial<Workflows> = {}) => {
  const workflows = { ...product.workflows, ...changes }
  const app = createApp({
    ...product,
    workflows,
    clock: { now: () => NOW },
    newId,
    logger: recordingLogger(),
  })
  const ask = async (path: string, options: RequestInit = {}) => {
    const response = await app.request(`http://localhost${path}`, options)
    const html = await response.text()
    return { status: response.status, headers: response.headers, html }
  }
  const send = (path: string, fields: Fields, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  return { ask, send }
}

const aStored = (changes: Record<string, unknown> = {}): Promise<Workflow> =>
  product.workflows.create(newId(), aDefinition(changes), NOW)

const anUnfitting = (): Promise<Workflow> =>
  product.workflows.create(newId(), anUnfittingDefinition(), NOW)

const find = (id: string) => product.workflows.find(id, NOW)
const hidden = (html: string, name: string): string =>
  new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
const idIn = (location: string | null): string => location?.split('/').at(-1) ?? ''

describe('creating a workflow', () => {
  test('leads to its page, which tells once what it will do', async () => {
    const { ask, send } = openApp()
    const form = await ask(paths.workflowNew())
    expect(form.status).toBe(200)
    const sent = await send(paths.workflowNew(), { ...FIELDS, id: hidden(form.html, 'id') })
    expect(sent.status).toBe(303)
    const location = sent.headers.get('Location') ?? ''
    const found = await find(idIn(location))
    expect(found && definitionOf(found)).toEqual(aDefinition())

    const cookie = sent.headers.get('Set-Cookie') ?? ''
    expect(cookie).toMatch(
      /^flash=created_live\.0; Max-Age=60; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const headers = { Cookie: cookie.split(';')[0] ?? '' }
    const told = 'Created, and live: its orders are sent to the broker.'
    // A part of a page leaves the message to the page.
    const part = { ...headers, 'HX-Request-Type': 'partial' }
    const history = await ask(paths.workflowOrders(idIn(location)), { headers: part })
    expect(history.html).not.toContain(told)
    expect(history.headers.get('Set-Cookie')).toBeNull()
    const page = await ask(location, { headers })
    expect(page.html).toContain(told)
    expect(page.headers.get('Set-Cookie')).toMatch(/^flash=; Max-Age=0; Path=\//)
    expect(page.headers.get('Cache-Control')).toBe('private, no-store')
    expect((await ask(location)).html).not.toContain(told)
  })

  test.each(['created_live', 'nonsense.1', 'constructor.1', 'enabled_many.1%3Cb%3E', '.'])(
    'tells nothing that a cookie makes up: %s',
    async (value) => {
      const { ask } = openApp()
      const { status, html } = await ask(paths.workflowNew(), {
        headers: { Cookie: `flash=${value}` },
      })
      expect(status).toBe(200)
      expect(html).not.toContain('notice-done')
    },
  )

  test('is refused with a message beside each wrong field, and keeps what was typed', async () => {
    const { send } = openApp()
    const id = newId()
    const fields = {
      ...FIELDS,
      id,
      name: ' ',
      'trigger.quantity': '1,5',
      'conditions.0.indicator.value': '<b>"100"',
    }
    const { status, html } = await send(paths.workflowNew(), fields)
    expect(status).toBe(422)
    expect(html).toContain('<title>Error: New workflow')
    expect(html).toContain('3 things to correct')
    expect(html).toContain('href="#conditions.0.indicator.value"')
    expect(html).toMatch(/id="name-error"><span[^>]*>Error: <\/span>Expected a name</)
    expect(html).toMatch(
      /value="1,5"[^>]*aria-describedby="trigger.quantity-hint trigger.quantity-error"/,
    )
    expect(html).toContain('value="&lt;b&gt;&quot;100&quot;"')
    expect(html).toContain('value="GER40.I"')
    expect(hidden(html, 'id')).toBe(id)
    expect(await find(id)).toBeNull()
  })

  test('makes one workflow of a form that is sent twice', async () => {
    const { send } = openApp()
    const fields = { ...FIELDS, id: newId() }
    const [first, again] = [
      await send(paths.workflowNew(), fields),
      await send(paths.workflowNew(), fields),
    ]
    expect([first.status, again.status]).toEqual([303, 303])
    expect(again.headers.get('Location')).toBe(first.headers.get('Location'))
    expect((await find(fields.id))?.revision).toBe(1)
  })

  test('asks before it makes a second one of a form that was changed after it was sent', async () => {
    const { send } = openApp()
    const fields = { ...FIELDS, id: newId() }
    await send(paths.workflowNew(), fields)
    const changed = { ...fields, name: 'Another one' }
    const { status, html } = await send(paths.workflowNew(), changed)
    expect(status).toBe(409)
    expect(html).toContain(`<a href="${paths.workflow(fields.id)}">Sell under 100</a>`)
    expect((await find(fields.id))?.name).toBe('Sell under 100')
    const second = await send(paths.workflowNew(), { ...changed, id: hidden(html, 'id') })
    expect(second.status).toBe(303)
    expect(second.headers.get('Location')).not.toBe(paths.workflow(fields.id))
  })

  test('starts from another workflow as a dry run', async () => {
    const { ask } = openApp()
    const { id } = await aStored()
    const { status, html } = await ask(paths.workflowNew({ from: id }))
    expect(status).toBe(200)
    expect(html).toContain('value="Copy of Sell under 100"')
    expect(html).toMatch(/name="dry_run" value="true" checked/)
    expect(html).toContain('value="100" id="conditions.0.indicator.value"')
    expect((await ask(paths.workflowNew({ from: UNKNOWN }))).status).toBe(404)
    expect((await ask(paths.workflowNew({ from: 'nonsense' }))).status).toBe(400)
  })

  test('is not what the address of a workflow is for', async () => {
    const { ask } = openApp()
    expect((await ask(paths.workflow('nonsense'))).status).toBe(400)
    expect((await ask(paths.workflow(UNKNOWN))).status).toBe(404)
  })
})

describe('the other buttons of the form', () => {
  test('keep all that was typed, and save nothing', async () => {
    const { send } = openApp()
    const id = newId()
    const fields = { ...FIELDS, id, 'trigger.quantity': 'many' }
    const added = await send(paths.workflowNew(), { ...fields, add: 'condition' })
    expect(added.status).toBe(200)
    expect(added.html).toContain('Condition 2')
    expect(added.html).toContain('value="many"')
    expect(added.html).toMatch(/<select id="conditions.1.indicator.name"[^>]*autofocus/)

    const two = {
      ...fields,
      'conditions.1.indicator.name': 'zone',
      'conditions.1.indicator.zone_value': '7',
    }
    const removed = await send(paths.workflowNew(), { ...two, remove: '0' })
    expect(removed.html).toContain('value="7"')
    expect(removed.html).not.toContain('Condition 2')
    for (const remove of ['', '9', '__proto__']) {
      expect((await send(paths.workflowNew(), { ...two, remove })).html).toContain('Condition 2')
    }
    const changed = await send(paths.workflowNew(), {
      ...fields,
      'conditions.0.indicator.name': 'zone',
      change: '0',
    })
    expect(changed.html).toContain('Other end of the zone')
    expect(await find(id)).toBeNull()
  })

  test('get the part that changes when htmx asks, without a request to the store', async () => {
    const { send } = openApp()
    const { id } = await aStored()
    const partial = { 'HX-Request-Type': 'partial' }
    for (const step of ['add', 'remove', 'change', 'words']) {
      const fields = { ...FIELDS, revision: '1', [step]: '0' }
      const { status, headers, html } = await send(paths.workflowEdit(id), fields, partial)
      expect(status).toBe(200)
      expect(html).not.toContain('<html')
      expect(headers.get('Vary')).toContain('HX-Request-Type')
      expect(headers.get('Server-Timing')).toContain('desc="0 requests"')
    }
    const words = await send(paths.workflowEdit(id), { ...FIELDS, words: '' }, partial)
    expect(words.html).toContain('Sell 2 GER40.I 1 point below the low of the hourly candle.')
  })

  test('cannot be made to write into anything but the fields', async () => {
    const { send } = openApp()
    const fields = {
      ...FIELDS,
      id: newId(),
      __proto__polluted: 'x',
      ['__proto__']: 'x',
      'conditions.__proto__.element': 'low',
      'conditions.0.__proto__.polluted': 'x',
      'constructor.prototype.polluted': 'x',
      location: 'higher',
      unknown: 'x',
    }
    expect((await send(paths.workflowNew(), fields)).status).toBe(303)
    const found = await find(fields.id)
    expect(found && definitionOf(found)).toEqual(aDefinition())
  })
})

describe('editing a workflow', () => {
  test('saves it as the next revision', async () => {
    const { ask, send } = openApp()
    const { id } = await aStored()
    const { html } = await ask(paths.workflowEdit(id))
    expect(hidden(html, 'revision')).toBe('1')
    const fields = { ...FIELDS, revision: '1', name: 'Renamed' }
    const { status, headers } = await send(paths.workflowEdit(id), fields)
    expect(status).toBe(303)
    expect(headers.get('Location')).toBe(paths.workflow(id))
    expect(await find(id)).toMatchObject({ name: 'Renamed', revision: 2 })
    // The same form again says what is stored already.
    expect((await send(paths.workflowEdit(id), fields)).status).toBe(303)
    expect((await find(id))?.revision).toBe(2)
  })

  test('that somebody else edited is a 409 with both versions, and goes on from the new one', async () => {
    const { send } = openApp()
    const { id } = await aStored()
    await product.workflows.replace(id, aDefinition({ name: 'Theirs', dry_run: true }), NOW)
    const fields = { ...FIELDS, revision: '1', 'trigger.quantity': '7' }
    const { status, html } = await send(paths.workflowEdit(id), fields)
    expect(status).toBe(409)
    expect(html).toContain('Revision 2 is stored now.')
    expect(html).toMatch(
      /Name <span class="pill pill-warn">Different<\/span><\/th><td[^>]*>Sell under 100<\/td><td[^>]*>Theirs</,
    )
    expect(html).toMatch(/Quantity <span[^>]*>Different<\/span><\/th><td[^>]*>7<\/td><td[^>]*>2</)
    expect(html).toMatch(/Offset<\/th><td[^>]*>1<\/td><td[^>]*>1</)
    expect(html.match(/>Different</g)).toHaveLength(3)
    expect(html).toMatch(/<input type="text" inputmode="decimal" value="7"/)
    expect((await find(id))?.name).toBe('Theirs')

    const mine = { ...fields, revision: hidden(html, 'revision') }
    expect((await send(paths.workflowEdit(id), mine)).status).toBe(303)
    expect(await find(id)).toMatchObject({ name: 'Sell under 100', revision: 3 })
  })

  test.each(['', '0', '1.0', 'x', '99999999999999999999', '__proto__'])(
    'without the right revision is a 409, too: "%s"',
    async (revision) => {
      const { send } = openApp()
      const { id } = await aStored()
      const { status } = await send(paths.workflowEdit(id), { ...FIELDS, revision, name: 'New' })
      expect(status).toBe(409)
      expect((await find(id))?.revision).toBe(1)
    },
  )

  test('that is gone is a 404, from where what was typed can be saved as a new one', async () => {
    const { ask, send } = openApp()
    expect((await ask(paths.workflowEdit(UNKNOWN))).status).toBe(404)
    const fields = { ...FIELDS, revision: '1', name: 'Typed' }
    const { status, html } = await send(paths.workflowEdit(UNKNOWN), fields)
    expect(status).toBe(404)
    expect(html).toContain('value="Typed"')
    expect(html).toContain(`action="${paths.workflowNew()}"`)
    expect(hidden(html, 'id')).not.toBe('')
  })

  test('whose trigger can never fire says so, and moves it', async () => {
    const { ask, send } = openApp()
    const { id } = await anUnfitting()
    const { status, html } = await ask(paths.workflowEdit(id))
    expect(status).toBe(200)
    expect(html).toContain('It never orders')
    expect((await send(paths.workflowEdit(id), { ...FIELDS, revision: '1' })).status).toBe(303)
    expect((await find(id))?.trigger.location).toBe('lower')
  })

  test('while the store fails keeps what was typed on the page that tells so', async () => {
    const unavailable = () => Promise.reject(new DomainError('store_unavailable', 'no answer'))
    const { send } = openApp({ find: unavailable, list: unavailable, create: unavailable })
    const fields = { ...FIELDS, id: UNKNOWN, revision: '1', name: 'Typed' }
    for (const path of [paths.workflowNew(), paths.workflowEdit(UNKNOWN)]) {
      const { status, headers, html } = await send(path, fields)
      expect(status).toBe(503)
      expect(headers.get('Retry-After')).toBe('5')
      expect(html).toContain('The order store did not answer')
      expect(html).toContain('value="Typed"')
      expect(html).toContain(`action="${path}"`)
      // A link would ask for an empty form.
      expect(html).not.toMatch(/<a [^>]*href="">Try again/)
    }
  })
})

describe('switching a workflow', () => {
  const enable = (value: string) => ({ enable: value })

  test('off and on leads back to its page', async () => {
    const { send } = openApp()
    const { id } = await aStored()
    const off = await send(paths.workflowEnable(id), enable('false'))
    expect([off.status, off.headers.get('Location')]).toEqual([303, paths.workflow(id)])
    expect((await find(id))?.enable).toBe(false)
    const on = await send(paths.workflowEnable(id), enable('true'))
    expect(on.headers.get('Set-Cookie')).toContain('flash=enabled.')
    expect((await find(id))?.enable).toBe(true)
  })

  test('is refused for one that is not there, and for a word that says neither', async () => {
    const { send } = openApp()
    const { id } = await aStored()
    expect((await send(paths.workflowEnable(UNKNOWN), enable('true'))).status).toBe(404)
    for (const value of ['', 'yes']) {
      expect((await send(paths.workflowEnable(id), enable(value))).status).toBe(400)
    }
  })

  test('off is possible where the trigger can never fire; on leads to where it is mended', async () => {
    const { send } = openApp()
    const { id } = await anUnfitting()
    expect((await send(paths.workflowEnable(id), enable('false'))).status).toBe(303)
    expect(await find(id)).toMatchObject({ enable: false, trigger: { location: 'higher' } })
    const on = await send(paths.workflowEnable(id), enable('true'))
    expect([on.status, on.headers.get('Location')]).toEqual([303, paths.workflowEdit(id)])
    expect(on.headers.get('Set-Cookie')).toContain('flash=not_switched.')
    expect((await find(id))?.enable).toBe(false)
  })
})

describe('deleting a workflow', () => {
  test('is asked first, with what stays and until when', async () => {
    const { ask, send } = openApp()
    const { id } = await aStored()
    const order = anOrder({ workflow_id: id, placed_at: '2026-11-23T09:30:00.250Z' })
    await product.trail.recordWorkflowOrder(order)
    const { status, html } = await ask(paths.workflowDelete(id))
    expect(status).toBe(200)
    expect(html).toContain('Delete “Sell under 100”?')
    expect(html).toContain('1 order</a> stays readable until it expires')
    expect(html).toContain('datetime="2026-11-30T09:30:00.250Z"')
    expect(await find(id)).not.toBeNull()

    const fields = { revision: hidden(html, 'revision') }
    const deleted = await send(paths.workflowDelete(id), fields)
    expect([deleted.status, deleted.headers.get('Location')]).toEqual([303, paths.workflows])
    expect(await find(id)).toBeNull()
    expect((await ask(paths.workflowOrders(id))).status).toBe(200)
    // A second click is no failure.
    expect((await send(paths.workflowDelete(id), fields)).status).toBe(303)
  })

  test('is refused when it was changed since, and asked again', async () => {
    const { send } = openApp()
    const { id } = await aStored()
    await product.workflows.replace(id, aDefinition({ name: 'Theirs' }), NOW)
    const { status, html } = await send(paths.workflowDelete(id), { revision: '1' })
    expect(status).toBe(409)
    expect(html).toContain('Not deleted: it was changed since you asked')
    expect(hidden(html, 'revision')).toBe('2')
    expect(await find(id)).not.toBeNull()
  })

  test('is no question where there is none', async () => {
    const { ask } = openApp()
    expect((await ask(paths.workflowDelete(UNKNOWN))).status).toBe(404)
    expect((await ask(paths.workflowDelete('nonsense'))).status).toBe(400)
  })
})

describe('every form', () => {
  const targets = (id: string): [string, Fields][] => [
    [paths.workflowNew(), { ...FIELDS, id: UNKNOWN }],
    [paths.workflowEdit(id), { ...FIELDS, revision: '1', name: 'Foreign' }],
    [paths.workflowEnable(id), { enable: 'false' }],
    [paths.workflowDelete(id), { revision: '1' }],
  ]

  test.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sibling of this host', { 'Sec-Fetch-Site': 'same-site' }],
    ['an old browser on another site', { Origin: 'https://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
    ['a name that was rebound to this machine', { Host: 'evil.example' }],
  ])('is taken from our own pages only, not from %s', async (_, headers) => {
    const { send } = openApp()
    const stored = await aStored()
    for (const [path, fields] of targets(stored.id)) {
      expect((await send(path, fields, headers)).status).toBe(403)
    }
    expect(await find(stored.id)).toEqual(stored)
    expect(await find(UNKNOWN)).toBeNull()
  })

  test('is read as what a form sends, and as nothing else', async () => {
    const { ask } = openApp()
    const stored = await aStored()
    for (const [path, fields] of targets(stored.id)) {
      for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain']) {
        const options = { method: 'POST', headers: { 'Content-Type': type } }
        const body = JSON.stringify(fields)
        expect((await ask(path, { ...options, body })).status).toBe(415)
      }
      expect((await ask(path, { method: 'POST' })).status).toBe(415)
    }
    expect(await find(stored.id)).toEqual(stored)
  })

  test('that is larger than any definition is told how much may come', async () => {
    const { send } = openApp()
    const fields = { ...FIELDS, name: 'x'.repeat(65_537) }
    const { status, html } = await send(paths.workflowNew(), fields)
    expect(status).toBe(413)
    expect(html).toContain('at most 65536 bytes')
  })
})
