import { deepEqual, equal } from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { messageOf } from '../../../src/domain/errors.ts'
import { aFolder } from '../../support/installation.ts'
import type { Answer } from '../../support/raw-http.ts'
import { createRules } from './answers.ts'
import { createSender } from './client.ts'
import { operationsOf } from './document.ts'
import { createFigures } from './figures.ts'
import { curlOf, requestsOf, type FuzzRequest } from './requests.ts'
import { startServer } from './server.ts'
import { SEED, setting } from './settings.ts'

const REQUESTS = setting('FUZZ_REQUESTS', 20_000)
const BATCH = 160
const BATCHES_IN_ROUND = 10
const AT_ONCE = 8
const SAFE = ['GET', 'HEAD', 'OPTIONS']

const isSafe = ({ method }: FuzzRequest): boolean => SAFE.includes(method)
const isBroken = ({ broken }: FuzzRequest): boolean => broken.length > 0

test('whatever is asked, nothing fails, nothing leaks, and what is refused changes nothing', async () => {
  await using folder = await aFolder()
  await using server = await startServer(folder.path)
  const { document, known, url } = server
  using sender = createSender(url)
  const { wrongFor, reached } = createRules(document, server.secrets)
  const figures = createFigures()

  const ask = async (request: FuzzRequest): Promise<Answer> => {
    const answer = await sender.send(request).catch((error: unknown) => {
      throw new Error(`no answer: ${messageOf(error)}\n${curlOf(request)}`, { cause: error })
    })
    figures.count(reached(request) ?? 'no operation', String(answer.status))
    const wrong = wrongFor(request, answer)
    if (wrong.length === 0) return answer
    const said = `${answer.status}, which ${wrong.join(', and ')}`
    throw new Error(`${said}\n${curlOf(request)}\n${answer.body.slice(0, 1000)}`)
  }

  /** Requests that may change nothing, several at a time. */
  const askToRead = async (requests: readonly FuzzRequest[]): Promise<void> => {
    const writes = server.writes()
    const waiting = [...requests]
    const askNext = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await ask(next)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, askNext))
    expect(server.writes() - writes, 'writes of requests that only read').toBe(0)
  }

  /** Requests that may change something unless they are refused. Returns how many were not. */
  const askToChange = async (requests: readonly FuzzRequest[]): Promise<number> => {
    let accepted = 0
    for (const request of requests) {
      const [writes, orders] = [server.writes(), server.orders()]
      const { status } = await ask(request)
      const changed = `${server.writes() - writes} items and ${server.orders() - orders} orders`
      if (status < 400) accepted += 1
      else
        equal(changed, '0 items and 0 orders', `${status} changed ${changed}: ${curlOf(request)}`)
    }
    return accepted
  }

  const askInBatch = async (requests: readonly FuzzRequest[]): Promise<void> => {
    const before = await server.contents()
    const changing = requests.filter((request) => !isSafe(request))
    await askToRead(requests.filter(isSafe))
    // First those that are likely to be refused, so that often nothing may have changed by now.
    const accepted = await askToChange(changing.filter(isBroken))
    if (accepted === 0) deepEqual(await server.contents(), before)
    await askToChange(changing.filter((request) => !isBroken(request)))
  }

  const batches = fc.array(requestsOf(document, known), {
    minLength: 1,
    maxLength: BATCH,
    size: 'max',
  })
  const property = fc.asyncProperty(batches, askInBatch).beforeEach(server.restore)
  for (let round = 0; figures.total() < REQUESTS; round += 1) {
    await fc.assert(property, { seed: SEED + round, numRuns: BATCHES_IN_ROUND })
    await server.advance()
  }
  expect(server.faults()).toEqual([])
  console.log(`seed ${SEED}\n${figures.table()}`)
  for (const { operationId } of operationsOf(document)) {
    expect({ operationId, ...figures.kindsOf(operationId) }).toEqual({
      operationId,
      accepted: true,
      refused: true,
    })
  }
}, 600_000)
