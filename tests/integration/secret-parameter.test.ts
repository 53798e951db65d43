import { expect, test, vi } from 'vitest'
import { createSecretParameter } from '../../src/data/secret-parameter.ts'
import { startParameterStore } from '../support/ssm.ts'

test('a secret is read once in five minutes, and a failure to read it is not kept', async () => {
  await using store = await startParameterStore()
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', store.url)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  let ms = 0
  const read = createSecretParameter({ name: '/broker', region: 'eu-west-1', now: () => ms })

  await expect(read()).rejects.toThrow('the secret in the parameter /broker cannot be read')
  store.put('/broker', 'first')
  expect(await Promise.all([read(), read()])).toEqual(['first', 'first'])
  expect(store.reads).toHaveLength(2)

  store.put('/broker', 'second')
  ms = 299_999
  expect(await read()).toBe('first')
  ms = 300_000
  expect(await read()).toBe('second')
})
