import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { aFolder } from '../../support/installation.ts'
import { answersIn, exchange, open, received } from '../../support/raw-http.ts'
import { createRules } from './answers.ts'
import { createFigures } from './figures.ts'
import { ncOf, wireMessages, type WireMessage } from './messages.ts'
import { startServer } from './server.ts'
import { SEED, setting } from './settings.ts'

const MESSAGES = setting('FUZZ_MESSAGES', 2000)
const BATCH = 200
const AT_ONCE = 50

test('bytes that are hardly HTTP are refused, or nobody listens to them, and the server goes on', async () => {
  await using folder = await aFolder()
  await using server = await startServer(folder.path)
  const { document, url } = server
  const { wrongWith } = createRules(document, server.secrets)
  const figures = createFigures()
  const before = await server.contents()

  // Meanwhile somebody takes all the time in the world, and must not be waited for.
  const slow = await open(url)
  const slowAnswer = received(slow)
  slow.write('PUT /api/workflow/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Le')

  const ask = async (message: WireMessage): Promise<void> => {
    const answers = await exchange(url, message.bytes, { patienceMs: 1000 })
    if (answers.length === 0) figures.count('messages', 'no answer')
    for (const answer of answers) {
      figures.count('messages', String(answer.status))
      const wrong = wrongWith(answer, message.bytes.toString('latin1'))
      if (wrong.length > 0) {
        const said = `${answer.status}, which ${wrong.join(', and ')}`
        throw new Error(`${said}\n${ncOf(message)}\n${answer.body.slice(0, 1000)}`)
      }
    }
  }
  const askAll = async (messages: readonly WireMessage[]): Promise<void> => {
    const waiting = [...messages]
    const askNext = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await ask(next)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, askNext))
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  }
  const batches = fc.array(wireMessages, { minLength: 1, maxLength: BATCH, size: 'max' })
  const numRuns = Math.ceil(MESSAGES / (BATCH / 2))
  await fc.assert(fc.asyncProperty(batches, askAll), { seed: SEED, numRuns })

  expect(await server.contents()).toEqual(before)
  expect(server.faults()).toEqual([])
  const [refusal] = answersIn(await slowAnswer)
  expect(refusal?.status).toBe(408)
  expect(refusal && wrongWith(refusal, '')).toEqual([])
  console.log(`seed ${SEED}\n${figures.table()}`)
}, 600_000)
