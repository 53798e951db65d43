import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { paths } from '../../../src/paths.ts'
import { fakeStore } from '../views/fake-store.ts'
import { visit } from '../views/visit.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const never = () => new Promise<never>(() => undefined)

test('a store that never answers holds nobody up for longer than 20 seconds', async () => {
  const { workflows, ...store } = fakeStore({})
  const asked = [paths.workflows, paths.api.workflows].map((path) =>
    visit({ ...store, workflows: { ...workflows, list: never } }, path),
  )
  await vi.advanceTimersByTimeAsync(20_000)
  for (const { status, headers, text } of await Promise.all(asked)) {
    expect(status).toBe(503)
    expect(headers.get('Retry-After')).toBe('5')
    expect(text).toMatch(/no answer within 20 seconds/i)
  }
})

test('a run takes the time that it needs', async () => {
  const engine = {
    run: () => new Promise<never>((_, reject) => setTimeout(reject, 60_000, new Error('too many'))),
    runOne: never,
    reconcile: never,
  }
  const asked = visit({ ...fakeStore({}), engine }, paths.api.runs, {}, { method: 'POST' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect((await asked).status).toBe(500)
})
