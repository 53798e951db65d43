import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { NO_TOKENS } from '../../src/domain/access.ts'
import { paths } from '../../src/paths.ts'
import { ordertrail, startServer } from '../support/command.ts'
import { aFolder } from '../support/installation.ts'
import { startParameterStore } from '../support/ssm.ts'

/** The text of a token that was made. */
const textIn = (stdout: string): string => /^ot_\S+$/m.exec(stdout)?.[0] ?? ''

/** A market that knows nothing, so that no time goes into orders that nobody looks at. */
const withoutPrices = (folder: string) => ({
  DATA_DIR: folder,
  MARKET: 'csv',
  MARKET_DIR: folder,
})

describe('without any token', () => {
  const [lan] = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address?.family === 'IPv4' && !address.internal)
  test.each(['0.0.0.0', '::', lan?.address ?? '192.0.2.1'])(
    'a server at %s, which others can reach, does not start',
    async (HOST) => {
      await using folder = await aFolder()
      const environment = { DATA_DIR: folder.path, HOST, PORT: '0' }
      const { code, stderr, stdout } = await ordertrail(['serve'], environment)
      expect({ code, stdout }).toEqual({ code: 78, stdout: '' })
      expect(stderr).toBe(
        `ordertrail: HOST: others can reach ${HOST}, and there is no token; make one with \`ordertrail token create --name NAME --role operator\`, or leave HOST at 127.0.0.1\n`,
      )
    },
  )
})

test('a server behind a proxy does not start without a token, either', async () => {
  await using folder = await aFolder()
  const environment = { DATA_DIR: folder.path, PUBLIC_URL: 'https://orders.example', PORT: '0' }
  const { code, stderr } = await ordertrail(['serve'], environment)
  expect(code).toBe(78)
  expect(stderr).toMatch(
    /^ordertrail: PUBLIC_URL: others can reach https:\/\/orders\.example, and /,
  )
})

test('commands that change the tokens at the same time lose nothing of each other', async () => {
  await using folder = await aFolder()
  const run = (...args: string[]) =>
    ordertrail(['token', ...args], { ...withoutPrices(folder.path) })
  const old = textIn((await run('create', '--name', 'Old', '--role', 'operator')).stdout)
  const all = await Promise.all([
    run('delete', old.slice(3, 11)),
    ...['A', 'B', 'C'].map((name) => run('create', '--name', name, '--role', 'viewer')),
  ])
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  const { tokens } = JSON.parse((await run('list', '--json')).stdout) as {
    tokens: { name: string }[]
  }
  expect(tokens.map(({ name }) => name).toSorted()).toEqual(['A', 'B', 'C'])
})

test('a trader makes tokens, opens the server to others, and ends a token', async () => {
  await using folder = await aFolder()
  const environment = { ...withoutPrices(folder.path), LOG_LEVEL: 'info' }
  const run = (...args: string[]) => ordertrail(['token', ...args], environment)

  const made = await run('create', '--name', 'Ada', '--role', 'operator', '--expires-in-days', '30')
  const token = textIn(made.stdout)
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('shown this once') })
  // The log names the token, and does not hold it.
  const id = token.slice(3, 11)
  expect(JSON.parse(made.stderr)).toMatchObject({ event: 'token.created', token_id: id })
  expect(made.stderr).not.toContain(token.slice(12))
  const other = JSON.parse(
    (await run('create', '--name', 'Bob', '--role', 'viewer', '--json')).stdout,
  ) as { id: string; token: string; expires_at: string | null }
  expect(other).toMatchObject({ name: 'Bob', role: 'viewer', expires_at: null })

  const { stdout } = await run('list')
  expect(stdout).toMatch(new RegExp(`^${id}  Ada   operator  20.*Z  20.*Z$`, 'm'))
  expect(stdout).toMatch(new RegExp(`^${other.id}  Bob   viewer    20.*Z  never$`, 'm'))
  expect(stdout).not.toContain(token.slice(12))

  await using server = await startServer({ ...environment, HOST: '0.0.0.0', TICK_SECONDS: '3600' })
  const url = server.url.replace('0.0.0.0', '127.0.0.1')
  const statusOf = async (path: string, text?: string): Promise<number> => {
    const headers = text === undefined ? {} : { Authorization: `Bearer ${text}` }
    return (await fetch(url + path, { headers, redirect: 'manual' })).status
  }
  const list = paths.api.workflows
  expect(await statusOf(list)).toBe(401)
  expect(await statusOf(paths.workflows)).toBe(401)
  expect(await statusOf(paths.health)).toBe(200)
  expect(await statusOf(paths.signIn())).toBe(200)
  expect(await statusOf(list, token)).toBe(200)
  expect(await statusOf(list, other.token)).toBe(200)

  // The command line reaches it as the one who has the token.
  const remote = (ORDERTRAIL_TOKEN: string) =>
    ordertrail(['workflows', 'list', '--url', url], { ORDERTRAIL_TOKEN })
  expect((await remote(token)).code).toBe(0)
  expect((await remote(token.replace(/.{4}$/, 'AAAA'))).stderr).toContain('expected a valid token')
  // In its own process it is the user of this machine.
  expect((await ordertrail(['workflows', 'list'], environment)).code).toBe(0)

  expect((await run('rotate-session-key')).code).toBe(0)
  expect((await run('delete', other.id)).stdout).toContain(`deleted ${other.id}`)
  // Nothing that lets anybody in is in what the server has said.
  expect(server.stdout() + server.stderr()).not.toContain(token.slice(12))
})

test.each([
  ['the role is one of two', ['create', '--name', 'Ada', '--role', 'admin'], /viewer, operator/],
  [
    'it expires in whole days',
    ['create', '--name', 'Ada', '--role', 'viewer', '--expires-in-days', '0'],
    /1 to 3650/,
  ],
])('%s', async (_what, args, expected) => {
  await using folder = await aFolder()
  const { code, stderr } = await ordertrail(['token', ...args], { DATA_DIR: folder.path })
  expect(code).toBe(2)
  expect(stderr).toMatch(expected)
})

test('the tokens of a deployment are in a parameter, which every command uses alike', async () => {
  await using folder = await aFolder()
  await using store = await startParameterStore()
  const environment = {
    ...withoutPrices(folder.path),
    ACCESS_PARAMETER: '/ordertrail/test/access',
    AWS_ENDPOINT_URL_SSM: store.url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  }
  const run = (...args: string[]) => ordertrail(['token', ...args], environment)
  // As the deployment has made it, with a key of its own.
  store.put('/ordertrail/test/access', JSON.stringify(NO_TOKENS), 'a-key-of-ours')
  const made = await run('create', '--name', 'Ada', '--role', 'operator')
  expect(made.code).toBe(0)
  expect(store.keyOf('/ordertrail/test/access')).toBe('a-key-of-ours')
  const stored = store.get('/ordertrail/test/access') ?? ''
  expect(JSON.parse(stored)).toMatchObject({ tokens: [{ name: 'Ada', role: 'operator' }] })
  expect(stored).not.toContain(textIn(made.stdout).slice(12))

  await using server = await startServer({ ...environment, HOST: '0.0.0.0', TICK_SECONDS: '3600' })
  const url = server.url.replace('0.0.0.0', '127.0.0.1') + paths.api.indicatorTypes
  const headers = { Authorization: `Bearer ${textIn(made.stdout)}` }
  const reads = store.reads.length
  for (let count = 0; count < 5; count += 1) {
    expect((await fetch(url, { headers })).status).toBe(200)
  }
  // What was read is good for a minute.
  expect(store.reads.length - reads).toBeLessThanOrEqual(1)

  store.setDown(true)
  const { code, stderr } = await run('list')
  expect(code).toBe(4)
  expect(stderr).toMatch(
    /^ordertrail: the access document in the parameter \/ordertrail\/test\/access: .+\n$/,
  )
})
