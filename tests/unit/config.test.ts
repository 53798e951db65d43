import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'

test('nothing set is the embedded default on loopback', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    data_dir: resolve('.ordertrail'),
    retention_seconds: 604_800,
    store: { kind: 'embedded', directory: resolve('.ordertrail/dynamodb') },
    market: { kind: 'replay' },
    tick_seconds: 5,
  })
})

test('an endpoint takes the place of the embedded database', () => {
  expect(readConfig({ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' }).store).toEqual({
    kind: 'endpoint',
    endpoint: 'http://127.0.0.1:8000',
  })
})

test('AWS itself must be asked for', () => {
  expect(readConfig({ DYNAMODB: 'aws' }).store).toEqual({ kind: 'aws' })
})

test('an empty variable counts as not set', () => {
  expect(readConfig({ PORT: '', AWS_ENDPOINT_URL_DYNAMODB: '' })).toMatchObject({
    port: 3000,
    store: { kind: 'embedded' },
  })
})

test('every bad variable is named with its value and what was expected', () => {
  expect(() => readConfig({ PORT: '99999', MARKET: 'live', RETENTION_SECONDS: '1e3' })).toThrow(
    'configuration: PORT: expected a whole number from 0 to 65535, got "99999"; ' +
      'RETENTION_SECONDS: expected a whole number from 1 to 315360000, got "1e3"; ' +
      'MARKET: expected replay, csv or http, got "live"',
  )
})

test('the csv market needs its folder', () => {
  expect(() => readConfig({ MARKET: 'csv' })).toThrow(/MARKET_DIR/)
  expect(readConfig({ MARKET: 'csv', MARKET_DIR: '/prices' })).toMatchObject({
    market: { kind: 'csv', directory: resolve('/prices') },
    tick_seconds: 60,
  })
})

test.each([
  [{}, true],
  [{ HOST: '::1' }, true],
  [{ HOST: 'localhost' }, true],
  [{ HOST: '0.0.0.0' }, false],
  [{ HOST: '::' }, false],
  [{ HOST: '192.168.1.20' }, false],
  [{ HOST: '127.0.0.1', AWS_LAMBDA_FUNCTION_NAME: 'http' }, false],
  // There is a proxy in front.
  [{ PUBLIC_URL: 'https://orders.example' }, false],
])('only this machine can reach %o: %s', (environment, is_private) => {
  expect(readConfig(environment).access.is_private).toBe(is_private)
})

test('people may sign in at a provider, when all is there that it takes', () => {
  const given = {
    PUBLIC_URL: 'https://orders.example',
    OIDC_ISSUER: 'https://id.example',
    OIDC_CLIENT_ID: 'ordertrail',
    OIDC_CLIENT_SECRET_PARAMETER: '/ordertrail/oidc',
    OIDC_VIEWERS: 'Bob@example.com, ada@example.com',
    OIDC_OPERATORS: 'ada@example.com',
  }
  const { access } = readConfig(given)
  expect(access.provider).toEqual({
    issuer: 'https://id.example',
    client_id: 'ordertrail',
    client_secret: { parameter: '/ordertrail/oidc' },
  })
  expect(Object.fromEntries(access.people)).toEqual({
    'bob@example.com': 'viewer',
    'ada@example.com': 'operator',
  })
  for (const name of ['PUBLIC_URL', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET_PARAMETER']) {
    expect(() => readConfig({ ...given, [name]: '' })).toThrow(name.replace('_PARAMETER', ''))
  }
  expect(() => readConfig({ ...given, OIDC_CLIENT_SECRET: 'both' })).toThrow('OIDC_CLIENT_SECRET')
  expect(() => readConfig({ ...given, OIDC_VIEWERS: 'bob' })).toThrow('OIDC_VIEWERS')
  expect(() => readConfig({ ...given, OIDC_ISSUER: 'http://id.example' })).toThrow('OIDC_ISSUER')
})

test('who may come in is kept in the data folder, or in a parameter', () => {
  expect(readConfig({}).access).toMatchObject({
    parameter: null,
    file: resolve('.ordertrail/access.json'),
    public_url: null,
  })
  const given = { ACCESS_PARAMETER: '/ordertrail/access', PUBLIC_URL: 'https://orders.example' }
  expect(readConfig(given).access).toMatchObject({
    parameter: '/ordertrail/access',
    public_url: 'https://orders.example',
  })
  expect(() => readConfig({ PUBLIC_URL: 'https://orders.example/app' })).toThrow(
    'PUBLIC_URL: expected an origin such as https://app.example, without a path',
  )
})

test('the broker over HTTP needs its address, and counts as one that does not dedupe', () => {
  expect(readConfig({}).broker).toEqual({ kind: 'paper' })
  expect(() => readConfig({ BROKER: 'http' })).toThrow(/BROKER_URL: expected the address/)
  expect(() => readConfig({ BROKER: 'http', BROKER_URL: 'ftp://broker' })).toThrow(
    'BROKER_URL: expected an http or https URL, got "ftp://broker"',
  )
  expect(readConfig({ BROKER: 'http', BROKER_URL: 'http://127.0.0.1:7000/' }).broker).toEqual({
    kind: 'http',
    url: 'http://127.0.0.1:7000',
    dedupes: false,
    settle_seconds: 600,
    token: null,
  })
})

test.each(['https://a.example/v1?key=1', 'https://a.example/#v1', 'https://me:pass@a.example/v1'])(
  'no path can be put behind %s, or it cannot be fetched',
  (url) => {
    const message = 'expected a URL without user, query and fragment, got'
    expect(() => readConfig({ BROKER: 'http', BROKER_URL: url })).toThrow(`BROKER_URL: ${message}`)
    expect(() => readConfig({ MARKET: 'http', MARKET_URL: url })).toThrow(`MARKET_URL: ${message}`)
  },
)

test('where no disk lasts, a queue takes the place of the journal', () => {
  expect(readConfig({}).spool_queue_url).toBeNull()
  const url = 'https://sqs.eu-central-1.amazonaws.com/123456789012/spool'
  expect(readConfig({ SPOOL_QUEUE_URL: url }).spool_queue_url).toBe(url)
})

test('the API answers 50 requests a second of one address, and pages of no other origin', () => {
  expect(readConfig({})).toMatchObject({ requests_per_second: 50, cors_origins: [] })
  expect(readConfig({ API_REQUESTS_PER_SECOND: '0' }).requests_per_second).toBe(0)
  expect(
    readConfig({ CORS_ORIGINS: 'https://app.example, http://127.0.0.1:5173' }).cors_origins,
  ).toEqual(['https://app.example', 'http://127.0.0.1:5173'])
})

test.each([
  '*',
  'null',
  'app.example',
  'https://app.example/',
  'https://app.example/path',
  'https://*.example',
  'https://user@app.example',
  'HTTPS://APP.EXAMPLE',
  'https://app.example:443',
  'ftp://app.example',
  'https://app.example;https://other.example',
  'https://app.example,*',
])('CORS_ORIGINS=%s is refused: it is no list of exact origins', (value) => {
  expect(() => readConfig({ CORS_ORIGINS: value })).toThrow(
    /CORS_ORIGINS\.\d: expected an origin such as https:\/\/app\.example, without a path, got "/,
  )
})
