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
      'MARKET: expected replay or csv, got "live"',
  )
})

test('the csv market needs its folder', () => {
  expect(() => readConfig({ MARKET: 'csv' })).toThrow(/MARKET_DIR/)
  expect(readConfig({ MARKET: 'csv', MARKET_DIR: '/prices' })).toMatchObject({
    market: { kind: 'csv', directory: resolve('/prices') },
    tick_seconds: 60,
  })
})

test('an address that others can reach is refused, as there is no sign-in', () => {
  expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow(/HOST: expected 127\.0\.0\.1/)
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
  })
})

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
