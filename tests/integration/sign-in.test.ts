import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { createAccessFile } from '../../src/data/access-file.ts'
import { openEmbedded } from '../../src/data/embedded.ts'
import { removeToken } from '../../src/domain/access.ts'
import { paths } from '../../src/paths.ts'
import { assets } from '../../src/views/asset-url.ts'
import { cookieOf, saveAccess, tokensFor } from '../support/access.ts'
import { createApp } from '../support/app.ts'
import { aDefinition } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-20T09:30:00.000Z')
const HOUR_MS = 3_600_000

const { document, texts, ids } = tokensFor(
  { Ada: { role: 'operator' }, Bob: { role: 'viewer' } },
  NOW,
)

const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' }
const PAGE = { Accept: 'text/html,*/*;q=0.8' }
const bearer = (text: string) => ({ Authorization: `Bearer ${text}` })

/** The product in a folder where Ada and Bob have tokens. */
const open = async (folder: string, environment: Record<string, string> = {}) => {
  await saveAccess(folder, document)
  return openUnprepared(folder, environment)
}

const openUnprepared = async (folder: string, environment: Record<string, string> = {}) => {
  const product = await openInstallation(folder, environment)
  const logger = recordingLogger()
  let now = NOW
  /** Another instance of the product over the same tables. */
  const instance = (changes: Partial<typeof product> = {}) => {
    const app = createApp({ ...product, ...changes, clock: { now: () => now }, newId, logger })
    const get = async (path: string, headers: Record<string, string> = {}) =>
      app.request(path, { headers })
    const post = async (
      path: string,
      headers: Record<string, string>,
      form: Record<string, string> = {},
    ) =>
      app.request(path, {
        method: 'POST',
        headers: { ...SAME_ORIGIN, ...headers },
        body: new URLSearchParams(form),
      })
    return {
      app,
      get,
      post,
      signIn: (token: string, next = '/orders') => post(paths.signIn(), {}, { token, next }),
    }
  }
  return {
    ...product,
    logger,
    instance,
    ...instance(),
    wait: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
  }
}

/** A DynamoDB for several instances. */
const anEngine = async (directory: string) => {
  const engine = await openEmbedded({ directory, logger: recordingLogger() })
  return { ...engine, [Symbol.asyncDispose]: engine.close }
}

/** The cookie of an answer, as a browser sends it back. */
const cookieIn = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((text) => text.split(';')[0] ?? '')
    .find((text) => text.startsWith('__Host-')) ?? ''

describe('signing in', () => {
  test('exchanges a token for the session of a browser, and leads on', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const form = await (await product.get(paths.signIn({ next: '/orders' }))).text()
    expect(form).toContain('type="password"')
    expect(form).toContain('<input type="hidden" name="next" value="/orders"/>')
    // Nothing of what is behind it is offered.
    expect(form).not.toContain('aria-label="Main"')

    const response = await product.signIn(texts.Ada)
    expect(response.status).toBe(303)
    expect(response.headers.get('Location')).toBe('/orders')
    const [cookie, ...others] = response.headers.getSetCookie()
    expect(others).toEqual([])
    expect(cookie?.replace(/=[^;]+/, '=…')).toBe(
      '__Host-ordertrail=…; Max-Age=7200; Path=/; HttpOnly; Secure; SameSite=Lax',
    )
    const page = await product.get(paths.workflows, { Cookie: cookieIn(response) })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Ada (operator)')
  })

  test('takes a token that was pasted with space around it', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    expect((await product.signIn(` ${texts.Ada}\n`)).status).toBe(303)
  })

  test('with anything else says no more than that, and the log says why', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const stranger = tokensFor({ Eve: { role: 'operator' } }, NOW)
    const wrong = [
      'let me in',
      stranger.texts.Eve,
      texts.Ada.slice(0, 12) + stranger.texts.Eve.slice(12),
    ]
    const pages = new Set<string>()
    for (const token of wrong) {
      const response = await product.signIn(token)
      expect(response.status).toBe(401)
      expect(response.headers.getSetCookie()).toEqual([])
      pages.add(await response.text())
    }
    const [page = '', ...others] = pages
    expect(others).toEqual([])
    expect(page).toContain('This token is not one that lets you in')
    const failures = product.logger.events.filter(({ event }) => event === 'sign_in.failed')
    expect(failures.map(({ reason, token_id }) => ({ reason, token_id }))).toEqual([
      { reason: 'malformed', token_id: undefined },
      { reason: 'unknown_token', token_id: stranger.ids.Eve },
      { reason: 'wrong_secret', token_id: ids.Ada },
    ])
  })

  test('may fail ten times a minute from one address, which keeps nobody out who is right', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const attempt = async (remoteAddress: string, token: string) => {
      const body = new URLSearchParams({ token })
      const connection = { incoming: { socket: { remoteAddress } } }
      return product.app.request(
        paths.signIn(),
        { method: 'POST', headers: { ...SAME_ORIGIN, 'X-Forwarded-For': newId() }, body },
        connection,
      )
    }
    const answers = []
    for (let count = 0; count < 10; count += 1) answers.push(await attempt('203.0.113.7', 'wrong'))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    const late = await attempt('203.0.113.7', 'wrong')
    expect(late.status).toBe(429)
    expect(late.headers.get('Retry-After')).toBe('6')
    // They may share the address of a proxy.
    expect((await attempt('203.0.113.7', texts.Ada)).status).toBe(303)
    expect((await attempt('203.0.113.8', 'wrong')).status).toBe(401)
    product.wait(6000)
    expect((await attempt('203.0.113.7', 'wrong')).status).toBe(401)
  })

  test('begins another session each time, and ends the one before', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const first = cookieIn(await product.signIn(texts.Ada))
    const again = await product.post(paths.signIn(), { Cookie: first }, { token: texts.Ada })
    const second = cookieIn(again)
    expect(second).not.toBe(first)
    expect((await product.get(paths.api.workflows, { Cookie: second })).status).toBe(200)
    expect((await product.get(paths.api.workflows, { Cookie: first })).status).toBe(401)
  })

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'leads nowhere but to a page of ours: not to %s',
    async (next) => {
      await using folder = await aFolder()
      await using product = await open(folder.path)
      const response = await product.signIn(texts.Ada, next)
      expect(response.status).toBe(400)
      expect(response.headers.has('Location')).toBe(false)
      expect((await product.get(paths.signIn({ next }))).status).toBe(400)
    },
  )

  test('is not asked for over plain HTTP by another machine, which no browser would keep', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const ask = (origin: string, init?: RequestInit) =>
      product.app.request(origin + paths.signIn(), init)
    const init = {
      method: 'POST',
      headers: SAME_ORIGIN,
      body: new URLSearchParams({ token: texts.Ada }),
    }
    for (const response of [await ask('http://192.0.2.1'), await ask('http://192.0.2.1', init)]) {
      expect(response.status).toBe(403)
      expect(response.headers.getSetCookie()).toEqual([])
      const page = await response.text()
      expect(page).toContain('set PUBLIC_URL to its address')
      expect(page).not.toContain('<form')
    }
    expect((await ask('https://192.0.2.1', init)).status).toBe(303)
    const public_url = 'https://orders.example'
    const { app } = product.instance({ access: { ...product.access, public_url } })
    expect((await app.request(`http://orders.example${paths.signIn()}`)).status).toBe(200)
  })

  test('is not asked for where nobody needs a token', async () => {
    await using folder = await aFolder()
    await using product = await openUnprepared(folder.path)
    const response = await product.get(paths.signIn({ next: '/orders' }))
    expect(response.status).toBe(303)
    expect(response.headers.get('Location')).toBe('/orders')
  })
})

describe('whoever is not signed in', () => {
  test('is led to where they can be, and then on to the page that they wanted', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const page = await product.get('/orders?direction=SELL', PAGE)
    expect(page.status).toBe(303)
    expect(page.headers.get('Location')).toBe('/sign-in?next=%2Forders%3Fdirection%3DSELL')
    // What was to be changed is not asked for again, nor is the address of another host.
    const form = await product.post(paths.workflowNew(), PAGE)
    expect(form.headers.get('Location')).toBe('/sign-in')
    const odd = await product.app.request('http://localhost//evil.example/', { headers: PAGE })
    expect(odd.headers.get('Location')).toBe('/sign-in')
  })

  test('is told by a status where no person waits for a page', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const api = await product.get(paths.api.workflows, PAGE)
    expect(api.status).toBe(401)
    expect(api.headers.get('WWW-Authenticate')).toBe('Bearer')
    expect(api.headers.get('Content-Type')).toBe('application/problem+json')
    expect((await product.get(paths.workflows, { Accept: '*/*' })).status).toBe(401)

    const part = await product.get('/orders/news?after=x', { ...PAGE, 'HX-Request': 'true' })
    expect(part.status).toBe(401)
    expect(part.headers.get('HX-Redirect')).toBe('/sign-in')
  })

  test('gets the files of the sign-in page by their exact names, and no other', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const { url } = assets['app.css']
    expect((await product.get(url)).status).toBe(200)
    for (const path of [`${url}/`, `/${url}`, `${url}%00`, '/assets/x.css', '/assets/']) {
      expect((await product.app.request(`http://localhost${path}`)).status).toBe(401)
    }
  })
})

describe('a session', () => {
  test('goes on while it is used, also where nothing new is to be told', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    let cookie = cookieIn(await product.signIn(texts.Ada))
    let tag = ''
    for (let hours = 0; hours < 10; hours += 1) {
      product.wait(HOUR_MS)
      const headers = { Cookie: cookie, 'If-None-Match': tag }
      const response = await product.get(paths.api.indicatorTypes, headers)
      expect(response.status).toBe(hours === 0 ? 200 : 304)
      tag = response.headers.get('ETag') ?? ''
      cookie = cookieIn(response)
      expect(cookie).not.toBe('')
    }
    // After twelve hours it is over, whatever was done with it.
    product.wait(2 * HOUR_MS)
    expect((await product.get(paths.api.indicatorTypes, { Cookie: cookie })).status).toBe(401)
  })

  test('ends on every instance by signing out, and the browser forgets what it has seen', async () => {
    await using folder = await aFolder()
    await using engine = await anEngine(folder.path)
    const tables = { AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint }
    await using product = await open(folder.path, tables)
    await product.makeTables()
    const Cookie = cookieIn(await product.signIn(texts.Bob))
    product.wait(HOUR_MS)
    // As it was handed out, and as it was renewed.
    const renewed = cookieIn(await product.get(paths.workflows, { Cookie }))
    const response = await product.post(paths.signOut, { Cookie })
    expect(response.status).toBe(303)
    expect(response.headers.get('Location')).toBe('/sign-in')
    expect(response.headers.get('Clear-Site-Data')).toBe('"cache"')
    expect(response.headers.getSetCookie()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^__Host-ordertrail=; Max-Age=0; Path=\/;/)]),
    )
    const other = await openInstallation(folder.path, tables)
    for (const instance of [product, product.instance({ access: other.access })]) {
      for (const cookie of [Cookie, renewed]) {
        const again = await instance.get(paths.api.workflows, { Cookie: cookie })
        expect(again.status).toBe(401)
      }
    }
    await other.close()
    expect(product.logger.events.at(-1)).toMatchObject({
      event: 'access.refused',
      reason: 'signed_out',
      token_id: ids.Bob,
    })
  })

  test('does not end by a link, as another page could have that followed', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const Cookie = cookieIn(await product.signIn(texts.Bob))
    expect((await product.get(paths.signOut, { Cookie })).status).toBe(405)
    expect((await product.get(paths.workflows, { Cookie })).status).toBe(200)
  })

  test('lets nobody in while it cannot be found out whether it was signed out', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path, {
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    })
    const Cookie = cookieOf(document, ids.Ada, NOW)
    expect((await product.get(paths.api.indicatorTypes, { Cookie })).status).toBe(503)
    // A token needs no look at the store.
    expect((await product.get(paths.api.indicatorTypes, bearer(texts.Ada))).status).toBe(200)
  })
})

describe('a viewer', () => {
  test('reads all pages, and sees none of the buttons that are not for them', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const id = newId()
    await product.workflows.create(id, aDefinition(), NOW)
    const seenBy = async (text: string): Promise<string> => {
      const pages = [paths.workflows, paths.workflow(id)].map(async (path) =>
        (await product.get(path, bearer(text))).text(),
      )
      return (await Promise.all(pages)).join('\n')
    }
    const mine = await seenBy(texts.Ada)
    const theirs = await seenBy(texts.Bob)
    expect(theirs).toContain('Bob (viewer)')
    for (const control of ['New workflow', 'name="enable"', 'Duplicate', 'Delete…', 'name="id"']) {
      expect(mine).toContain(control)
      expect(theirs).not.toContain(control)
    }
    expect(theirs).toContain('Sign out')
  })

  test('is refused a change with words of their own, and may choose how it looks', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const response = await product.post(paths.workflowsEnable(), bearer(texts.Bob), {
      enable: 'true',
    })
    expect(response.status).toBe(403)
    const page = await response.text()
    expect(page).toContain('A viewer may only read; this takes an operator')
    expect(page).toContain('Bob (viewer)')
    expect((await product.post(paths.theme, bearer(texts.Bob), { theme: 'dark' })).status).toBe(303)
  })
})

test('a stranger at the address of others uses up nothing of what they may ask for', async () => {
  await using folder = await aFolder()
  await using product = await open(folder.path, { API_REQUESTS_PER_SECOND: '2' })
  const ask = async (headers: Record<string, string> = {}) => {
    const connection = { incoming: { socket: { remoteAddress: '203.0.113.7' } } }
    return (await product.app.request(paths.api.workflows, { headers }, connection)).status
  }
  for (let count = 0; count < 10; count += 1) expect(await ask()).toBe(401)
  const statuses = []
  for (let count = 0; count < 5; count += 1) statuses.push(await ask(bearer(texts.Ada)))
  expect(statuses).toEqual([200, 200, 200, 200, 429])
  expect(await ask(bearer(texts.Bob))).toBe(200)
})

test('a run that was asked for is known by the name of the token', async () => {
  await using folder = await aFolder()
  await using product = await open(folder.path)
  const users: (string | null)[] = []
  const { engine } = product
  const { app } = product.instance({
    engine: {
      ...engine,
      run: (request) => {
        users.push(request.context.user)
        return engine.run(request)
      },
    },
  })
  await app.request(paths.api.runs, { method: 'POST', headers: bearer(texts.Ada) })
  expect(users).toEqual(['Ada'])
})

describe('who may come in', () => {
  test('is known of within seconds when the document changes', async () => {
    await using folder = await aFolder()
    await saveAccess(folder.path, document)
    let elapsed = 0
    const { read } = createAccessFile(join(folder.path, 'access.json'), () => elapsed)
    expect((await read()).tokens).toHaveLength(2)
    await saveAccess(folder.path, removeToken(document, ids.Bob))
    expect((await read()).tokens).toHaveLength(2)
    elapsed = 2000
    expect((await read()).tokens).toHaveLength(1)
  })

  test('is for its owner alone to read', async () => {
    await using folder = await aFolder()
    await saveAccess(folder.path, document)
    expect((await stat(join(folder.path, 'access.json'))).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['is no JSON', '{"tokens": ['],
    ['is cut short', JSON.stringify({ tokens: document.tokens })],
    [
      'has a token without a hash',
      JSON.stringify({ ...document, tokens: [{ ...document.tokens[0], hash: '' }] }),
    ],
    ['is empty', ''],
  ])('is nobody while the document %s', async (_what, text) => {
    await using folder = await aFolder()
    await writeFile(join(folder.path, 'access.json'), text)
    await using product = await openUnprepared(folder.path)
    for (const headers of [{}, bearer(texts.Ada), { Cookie: cookieOf(document, ids.Ada, NOW) }]) {
      const response = await product.get(paths.api.workflows, headers)
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ title: 'Nobody can be let in' })
    }
    expect((await product.get(paths.signIn())).status).toBe(503)
    expect((await product.get(paths.health)).status).toBe(200)
    const { problem } = product.logger.events.find(({ level }) => level === 'error') ?? {}
    expect(problem).toMatch(/access\.json is no access document: /)
    // The problem is told, and nothing of what is to be kept.
    expect(JSON.stringify(product.logger.events)).not.toContain(document.session_keys[0]?.key)
  })

  test('is nobody on Lambda before there is a token, and the answer says what to do', async () => {
    await using folder = await aFolder()
    await using product = await openUnprepared(folder.path, { AWS_LAMBDA_FUNCTION_NAME: 'http' })
    for (const path of [
      paths.workflows,
      paths.api.workflows,
      paths.signIn(),
      assets['app.css'].url,
    ]) {
      const response = await product.get(path)
      expect(response.status).toBe(503)
      expect(await response.text()).toContain('ordertrail token create')
    }
    expect((await product.get(paths.health)).status).toBe(200)
  })
})

describe('the name that a request calls us by', () => {
  test.each([
    ['any other than ours is refused on loopback', undefined, 'evil.example', 403],
    ['a loopback one is not', undefined, 'localhost:3000', 200],
  ])('without tokens: %s', async (_what, _url, Host, status) => {
    await using folder = await aFolder()
    await using product = await openUnprepared(folder.path)
    expect((await product.get(paths.workflows, { Host })).status).toBe(status)
  })

  test.each(['Forwarded', 'Via', 'X-Forwarded-For', 'X-Forwarded-Host'])(
    'without tokens: is nobody behind a proxy, which sends %s',
    async (header) => {
      await using folder = await aFolder()
      await using product = await openUnprepared(folder.path)
      const response = await product.get(paths.api.workflows, { [header]: '203.0.113.7' })
      expect(response.status).toBe(403)
      expect(await response.text()).toContain('set PUBLIC_URL to the address of the proxy')
    },
  )

  test('is any where a credential is needed, unless people know us by one', async () => {
    await using folder = await aFolder()
    await using any = await open(folder.path)
    const headers = { Host: 'evil.example', ...bearer(texts.Ada) }
    expect((await any.get(paths.workflows, headers)).status).toBe(200)
    const known = any.instance({ access: { ...any.access, public_url: 'https://orders.example' } })
    expect((await known.get(paths.workflows, headers)).status).toBe(403)
    for (const Host of ['orders.example', '127.0.0.1:3000']) {
      expect((await known.get(paths.workflows, { ...headers, Host })).status).toBe(200)
    }
    // Behind a proxy the origin of our pages is that one, whatever host the proxy asks for.
    const Cookie = cookieOf(document, ids.Ada, NOW)
    const change = (Origin: string) =>
      known.app.request(paths.theme, {
        method: 'POST',
        headers: { Host: '127.0.0.1:3000', Cookie, Origin },
        body: new URLSearchParams({ theme: 'dark' }),
      })
    expect((await change('https://orders.example')).status).toBe(303)
    expect((await change('http://127.0.0.1:3000')).status).toBe(403)
  })
})

describe('the headers that keep a browser safe', () => {
  const EXPECTED = {
    'Content-Security-Policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Frame-Options': 'DENY',
    'Permissions-Policy':
      'camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), payment=(), usb=()',
    'X-Powered-By': null,
    Server: null,
  }

  test('are on every answer, failures included', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const ada = bearer(texts.Ada)
    const page = await product.get(paths.workflows, ada)
    const answers = [
      page,
      await product.get(paths.workflows, {
        ...ada,
        'If-None-Match': page.headers.get('ETag') ?? '',
      }),
      await product.get(paths.signIn()),
      await product.signIn('wrong'),
      await product.signIn(texts.Ada),
      await product.get(assets['app.css'].url),
      await product.get(paths.workflows, PAGE),
      await product.get(paths.api.workflows),
      await product.post(paths.workflowNew(), bearer(texts.Bob)),
      await product.get('/nothing', ada),
      await product.app.request(paths.workflows, { method: 'PUT', headers: ada }),
      await product.get(paths.order('none'), ada),
      await product.get(paths.health),
    ]
    expect(answers.map(({ status }) => status)).toEqual([
      200, 304, 200, 401, 303, 200, 303, 401, 403, 404, 405, 400, 200,
    ])
    for (const { headers } of answers) {
      const found = Object.keys(EXPECTED).map((name) => [name, headers.get(name)])
      expect(Object.fromEntries(found)).toEqual(EXPECTED)
      expect(headers.get('Cache-Control')).toMatch(
        /^private, no-(cache|store)$|^public, .*immutable$/,
      )
      expect(headers.has('Strict-Transport-Security')).toBe(false)
    }
  })

  test('have a browser come by https alone, where it came so or people know us so', async () => {
    await using folder = await aFolder()
    await using product = await open(folder.path)
    const year = 'max-age=31536000; includeSubDomains'
    const secure = await product.app.request(`https://orders.example${paths.signIn()}`)
    expect(secure.headers.get('Strict-Transport-Security')).toBe(year)
    const public_url = 'https://orders.example'
    const known = product.instance({ access: { ...product.access, public_url } })
    const response = await known.get(paths.api.workflows)
    expect(response.status).toBe(401)
    expect(response.headers.get('Strict-Transport-Security')).toBe(year)
  })
})

test('the log tells who changed something, what it was and what came of it', async () => {
  await using folder = await aFolder()
  await using product = await open(folder.path)
  const { id } = await product.workflows.create(newId(), aDefinition(), NOW)
  const patch = async (token: string, body: object) =>
    product.app.request(paths.api.workflow(id), {
      method: 'PATCH',
      headers: { ...bearer(token), 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  const done = await patch(texts.Ada, { enable: false })
  expect(done.status).toBe(200)
  expect((await patch(texts.Ada, { name: '' })).status).toBe(422)
  expect((await patch(texts.Bob, { enable: true })).status).toBe(403)
  expect((await product.get(paths.workflows, bearer(texts.Ada))).status).toBe(200)

  const what = { method: 'PATCH', path: paths.api.workflow(id) }
  expect(product.logger.events).toMatchObject([
    {
      event: 'request.done',
      ...what,
      user: 'Ada',
      status: 200,
      request_id: done.headers.get('X-Request-Id'),
    },
    { event: 'request.done', ...what, user: 'Ada', status: 422 },
    { event: 'access.refused', ...what, token_id: ids.Bob, reason: 'viewer' },
  ])
})

test('no log line of a whole visit holds anything that lets somebody in', async () => {
  await using folder = await aFolder()
  await using product = await open(folder.path)
  const wrong = texts.Ada.replace(/.{4}$/, 'AAAA')
  expect((await product.signIn(wrong)).status).toBe(401)
  const Cookie = cookieIn(await product.signIn(texts.Ada, '/orders'))
  expect((await product.get(paths.workflows, { Cookie })).status).toBe(200)
  const created = await product.app.request(paths.api.workflows, {
    method: 'POST',
    headers: { Cookie, ...SAME_ORIGIN, 'Content-Type': 'application/json' },
    body: JSON.stringify(aDefinition()),
  })
  expect(created.status).toBe(201)
  for (const request of [
    product.get(`/orders?token=${texts.Ada}`, PAGE),
    product.get(paths.api.workflows, bearer(wrong)),
    product.get(paths.api.workflows, { ...bearer(wrong), Cookie }),
    product.post(paths.workflowsEnable(), bearer(texts.Bob)),
    product.post(paths.theme, { Cookie, 'Sec-Fetch-Site': 'cross-site' }, { theme: 'dark' }),
  ]) {
    expect([303, 401, 403]).toContain((await request).status)
  }
  expect((await product.post(paths.signOut, { Cookie })).status).toBe(303)
  expect((await product.get(paths.workflows, { Cookie })).status).toBe(401)

  const events = [...product.logger.events, ...product.events]
  expect(events.map(({ event, reason }) => (reason === undefined ? event : reason))).toEqual([
    'wrong_secret',
    'request.done',
    'sign_in.done',
    'request.done',
    'request.done',
    'no_credential',
    'wrong_secret',
    'wrong_secret',
    'viewer',
    'foreign_page',
    'session.ended',
    'request.done',
    'signed_out',
  ])
  const lines = JSON.stringify(events)
  const secrets = [
    ...[texts.Ada, texts.Bob, wrong].map((text) => text.slice(12)),
    ...(Cookie.split('=')[1] ?? '').split('.').slice(1),
    ...document.session_keys.map(({ key }) => key),
    ...document.tokens.flatMap(({ salt, hash }) => [salt, hash]),
  ]
  expect(secrets.filter((secret) => lines.includes(secret))).toEqual([])
  expect(lines).toContain(ids.Ada)
})
