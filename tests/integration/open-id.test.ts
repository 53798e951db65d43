import { expect, test } from 'vitest'
import { newId, systemClock } from '../../src/system.ts'
import { listen } from '../../src/entrypoints/listen.ts'
import type { Role } from '../../src/domain/access.ts'
import { paths } from '../../src/paths.ts'
import { saveAccess, tokensFor } from '../support/access.ts'
import { createApp } from '../support/app.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'
import { CLIENT, startOpenIdProvider } from '../support/open-id.ts'

/** The product where people may sign in at a provider, both on loopback. */
const open = async () => {
  const folder = await aFolder()
  await saveAccess(folder.path, tokensFor({ Ada: { role: 'operator' } }, new Date()).document)
  const product = await openInstallation(folder.path)
  const logger = recordingLogger()
  const people = new Map<string, Role>([
    ['ada@example.com', 'operator'],
    ['bob@example.com', 'viewer'],
    ['eve@example.org', 'operator'],
  ])
  let fetchApp: Parameters<typeof listen>[0]['fetch'] = () => new Response()
  const server = await listen(
    { fetch: (request, env) => fetchApp(request, env) },
    { host: '127.0.0.1', port: 0 },
  )
  // Another name than that of the address, as behind a proxy.
  const url = server.url.replace('127.0.0.1', 'localhost')
  const provider = await startOpenIdProvider(url + paths.signInCallback)
  const app = createApp({
    ...product,
    access: {
      ...product.access,
      public_url: url,
      people,
      provider: {
        issuer: provider.issuer,
        client_id: CLIENT.client_id,
        client_secret: () => Promise.resolve(CLIENT.client_secret),
      },
    },
    clock: systemClock,
    newId,
    logger,
  })
  fetchApp = app.fetch
  return {
    url,
    address: server.url,
    provider,
    people,
    logger,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAll()
      await provider[Symbol.asyncDispose]()
      await product.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** A browser as far as these pages need one: it follows, keeps cookies and fills in the one form. */
const aBrowser = () => {
  const jar = new Map<string, Map<string, string>>()
  const received: string[] = []
  const cookiesOf = (origin: string) => {
    const cookies = jar.get(origin) ?? new Map<string, string>()
    jar.set(origin, cookies)
    return cookies
  }
  const ask = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const { origin } = new URL(url)
    const cookies = cookiesOf(origin)
    const Cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie, Accept: 'text/html' },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const text of response.headers.getSetCookie()) {
      received.push(text)
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? []
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(text)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  /** Goes where an answer leads, through the forms of the provider, for as long as it does. */
  const visit = async (
    start: string,
    email: string,
  ): Promise<{ url: string; response: Response }> => {
    let url = start
    let response = await ask(url)
    for (let steps = 0; steps < 20; steps += 1) {
      const location = response.headers.get('Location')
      if (location !== null) {
        url = new URL(location, url).href
        response = await ask(url)
        continue
      }
      const html = await response.clone().text()
      const [, action] = /<form[^>]* action="([^"]*\/interaction\/[^"]+)"/.exec(html) ?? []
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(html) ?? []
      if (action === undefined || prompt === undefined) break
      url = new URL(action, url).href
      response = await ask(url, { prompt, login: email, password: 'any' })
    }
    return { url, response }
  }
  return { ask, visit, cookiesOf, received }
}

test('a person who is listed signs in at the provider, and is known here by our own session', async () => {
  await using product = await open()
  const { url } = product
  const browser = aBrowser()
  const page = await (await browser.ask(url + paths.signIn())).text()
  expect(page).toContain(`Sign in at ${new URL(product.provider.issuer).host}`)

  const start = url + paths.signInAtProvider({ next: '/orders?direction=SELL' })
  const { url: end, response } = await browser.visit(start, 'ada@example.com')
  expect(end).toBe(`${url}/orders?direction=SELL`)
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('ada@example.com (operator)')
  // Nothing of the provider or of the library is left in the browser.
  expect([...browser.cookiesOf(url).keys()]).toEqual(['__Host-ordertrail'])
  expect(browser.received.filter((text) => text.startsWith('oidc-auth'))).toEqual([])
  const ours = browser.received.filter((text) =>
    /^(state|nonce|code_verifier|continue)=[\w-]/.test(text),
  )
  expect(ours).toHaveLength(4)
  for (const text of ours) expect(text).toMatch(/; HttpOnly; Secure; SameSite=Lax; Max-Age=600$/)
  // It asked for no more than that, and for nothing that lasts.
  const [asked = ''] = product.provider.requests.filter((each) => each.startsWith('/auth?'))
  const query = new URL(asked, url).searchParams
  expect(query.get('scope')).toBe('openid email')
  expect(query.get('code_challenge_method')).toBe('S256')
  // It leads back to the address that people know, whatever name it was asked by.
  const other = await aBrowser().ask(product.address + paths.signInAtProvider())
  const { searchParams } = new URL(other.headers.get('Location') ?? '')
  expect(searchParams.get('redirect_uri')).toBe(`${url}/sign-in/callback`)

  // Whoever is taken from the list is out at once.
  product.people.delete('ada@example.com')
  expect((await browser.ask(`${url}/orders`)).status).toBe(303)
  expect(
    product.logger.events.map(({ event, reason, email }) => ({ event, reason, email })),
  ).toEqual([
    { event: 'sign_in.done', reason: undefined, email: 'ada@example.com' },
    { event: 'access.refused', reason: 'unknown_person', email: 'ada@example.com' },
  ])
})

test.each([
  ['is not listed', 'mallory@example.com', 'unknown_person'],
  ['has an address that the provider has not verified', 'eve@example.org', 'no_verified_address'],
])('whoever %s does not get in', async (_what, email, reason) => {
  await using product = await open()
  const browser = aBrowser()
  const { response } = await browser.visit(product.url + paths.signInAtProvider(), email)
  expect(response.status).toBe(403)
  expect(response.headers.has('Location')).toBe(false)
  expect(await response.text()).toContain('nobody has let you in here yet')
  expect([...browser.cookiesOf(product.url).keys()]).toEqual([])
  expect(product.logger.events).toMatchObject([{ event: 'sign_in.failed', reason }])
})

test('what the provider did not send, or not to this browser, does not let anybody in', async () => {
  await using product = await open()
  const { url } = product
  const browser = aBrowser()
  await browser.ask(url + paths.signInAtProvider())
  const state = browser.cookiesOf(url).get('state') ?? ''
  const iss = encodeURIComponent(product.provider.issuer)
  for (const query of [
    '',
    `?code=made-up&state=${state}&iss=${iss}`,
    `?code=made-up&state=another&iss=${iss}`,
    `?error=access_denied&state=${state}&iss=${iss}`,
  ]) {
    const response = await browser.ask(url + paths.signInCallback + query)
    expect(response.status).toBe(502)
    expect(await response.text()).toContain('That did not succeed there')
  }
  // Another browser has not begun this.
  const other = await aBrowser().ask(
    `${url}${paths.signInCallback}?code=x&state=${state}&iss=${iss}`,
  )
  expect(other.status).toBe(502)
  expect(product.logger.events.every(({ event }) => event === 'sign_in.failed')).toBe(true)
})

test('what the provider says of itself is asked for once, and nobody else waits for it', async () => {
  await using product = await open()
  const { url, provider } = product
  for (let count = 0; count < 3; count += 1) {
    expect((await aBrowser().ask(url + paths.signInAtProvider())).status).toBe(302)
  }
  expect(provider.requests).toEqual(['/.well-known/openid-configuration'])

  provider.fallSilent()
  const browser = aBrowser()
  await browser.ask(url + paths.signInAtProvider())
  const state = browser.cookiesOf(url).get('state') ?? ''
  const iss = encodeURIComponent(provider.issuer)
  const waiting = browser.ask(`${url}${paths.signInCallback}?code=x&state=${state}&iss=${iss}`)
  expect((await fetch(url + paths.health)).status).toBe(200)
  expect((await waiting).status).toBe(502)
  expect(product.logger.events.at(-1)).toMatchObject({
    event: 'sign_in.failed',
    reason: 'the provider did not answer within 5000 ms',
  })
})

test('nobody has us ask the provider more than ten times a minute', async () => {
  await using product = await open()
  const statuses = []
  for (let count = 0; count < 11; count += 1) {
    statuses.push((await aBrowser().ask(product.url + paths.signInAtProvider())).status)
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 302), 429])
})

test('without a provider there is nothing to sign in at', async () => {
  await using folder = await aFolder()
  await using product = await openInstallation(folder.path)
  const app = createApp({ ...product, clock: systemClock, newId, logger: recordingLogger() })
  for (const path of [paths.signInAtProvider(), paths.signInCallback]) {
    expect((await app.request(path)).status).toBe(404)
  }
  expect(await (await app.request(paths.signIn())).text()).not.toContain('Sign in at')
})
