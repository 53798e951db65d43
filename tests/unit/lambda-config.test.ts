import { expect, test } from 'vitest'
import { readEngineFunctionConfig, readHttpFunctionConfig } from '../../src/lambda-config.ts'

const SHARED = { DYNAMODB: 'aws', MARKET: 'http', MARKET_URL: 'https://prices.example/' }
const HTTP = { ...SHARED, ENGINE_FUNCTION: 'arn:aws:lambda:eu-west-1:000000000000:function:engine' }
const ENGINE = {
  ...SHARED,
  BROKER: 'http',
  BROKER_URL: 'https://broker.example',
  SPOOL_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/outbox',
}

const problemOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    return String(error)
  }
  return ''
}

test('the functions take what lasts without them', () => {
  expect(readHttpFunctionConfig(HTTP).market.url).toBe('https://prices.example')
  expect(readEngineFunctionConfig(ENGINE).broker.url).toBe('https://broker.example')
})

test('the function that serves the app names all that is missing', () => {
  const problem = problemOf(() => readHttpFunctionConfig({}))
  for (const variable of ['DYNAMODB', 'MARKET', 'ENGINE_FUNCTION']) {
    expect(problem).toContain(`${variable}: expected`)
  }
})

test.each([
  ['an embedded database', { DYNAMODB: 'embedded' }, 'DYNAMODB: expected aws'],
  ['a replayed market', { MARKET: 'replay' }, 'MARKET: expected http'],
  ['a market of its own files', { MARKET: 'csv', MARKET_DIR: '/tmp' }, 'MARKET: expected http'],
  ['a paper broker', { BROKER: 'paper' }, 'BROKER: expected http'],
  [
    'a token in its settings',
    { BROKER_TOKEN: 'secret' },
    'BROKER_TOKEN: expected BROKER_TOKEN_PARAMETER',
  ],
  ['a journal', { SPOOL_QUEUE_URL: undefined }, 'SPOOL_QUEUE_URL: expected the queue'],
])('the engine does not rely on %s', (_what, changes, problem) => {
  expect(problemOf(() => readEngineFunctionConfig({ ...ENGINE, ...changes }))).toContain(problem)
})

test.each([
  ['prices', { MARKET_URL: 'http://prices.example' }, 'MARKET_URL: expected https'],
  [
    'the token of the broker',
    { BROKER_URL: 'http://broker.example', BROKER_TOKEN_PARAMETER: '/broker' },
    'BROKER_URL: expected https',
  ],
])('%s never go over a wire that others can touch', (_what, changes, problem) => {
  expect(problemOf(() => readEngineFunctionConfig({ ...ENGINE, ...changes }))).toContain(problem)
})

test('the token comes from one place', () => {
  const both = { BROKER_TOKEN: 'a', BROKER_TOKEN_PARAMETER: '/broker' }
  expect(problemOf(() => readEngineFunctionConfig({ ...ENGINE, ...both }))).toContain(
    'BROKER_TOKEN_PARAMETER: expected this or BROKER_TOKEN, got both',
  )
})

test('runs come at times that a day is a multiple of', () => {
  expect(problemOf(() => readHttpFunctionConfig({ ...HTTP, RUN_EVERY_MINUTES: '7' }))).toContain(
    'RUN_EVERY_MINUTES: expected minutes of which a day is a multiple',
  )
})
