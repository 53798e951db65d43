import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { createDynamoClient } from '../../../src/data/client.ts'
import { createIntents } from '../../../src/data/intents.ts'
import { createWorkflows } from '../../../src/data/workflows.ts'
import { tableNames } from '../../../src/data/tables.ts'
import { anIntendedOrder } from '../../support/builders.ts'
import { recordingLogger } from '../../support/logger.ts'

const listening = async (server: Server) => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

const closedPort = async (): Promise<string> => {
  const server = createServer()
  const endpoint = await listening(server)
  server.close()
  await once(server, 'close')
  return endpoint
}

/** Accepts connections and never answers. */
const blackHole = async () => {
  const sockets = new Set<{ destroy: () => void }>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    sockets.add(socket)
  })
  const endpoint = await listening(server)
  return {
    endpoint,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Answers every request like this. */
const answering = async (status: number, body: object) => {
  let answered = 0
  const server = createHttpServer((request, response) => {
    answered += 1
    request.resume()
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify(body))
  })
  const endpoint = await listening(server)
  return {
    endpoint,
    answered: () => answered,
    [Symbol.dispose]: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const clientOf = (endpoint: string, options: { now?: () => number; deadlineMs?: number } = {}) =>
  createDynamoClient({ endpoint, region: 'local', now: () => performance.now(), ...options })

const aRead = () => new GetCommand({ TableName: 'workflows', Key: { id: 'x' } })

const unavailable = { name: 'DomainError', code: 'store_unavailable' }

/** How long a failure takes, in ms. */
const timeToFail = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await expect(work()).rejects.toMatchObject(unavailable)
  return performance.now() - start
}

describe('while DynamoDB is down', () => {
  test('a request to a closed port fails at once', async () => {
    const client = clientOf(await closedPort(), { now: () => 0 })
    const times = [
      // The first request of a process loads the SDK's parts.
      await timeToFail(() => client.send(aRead())),
      await timeToFail(() => client.send(aRead())),
    ]

    expect(Math.min(...times)).toBeLessThan(200)
    await expect(client.send(aRead())).rejects.toThrow('DynamoDB cannot be reached (ECONNREFUSED)')
  })

  test('a request that is never answered fails at its deadline', async () => {
    using hole = await blackHole()
    const client = clientOf(hole.endpoint, { deadlineMs: 400 })

    const took = await timeToFail(() => client.send(aRead()))

    expect(took).toBeGreaterThan(350)
    expect(took).toBeLessThan(900)
    await expect(client.send(aRead(), { deadlineMs: 50 })).rejects.toThrow(
      'DynamoDB did not answer within 50 ms',
    )
  })

  test('without a deadline of its own it waits a second and a half, and a claim 800 ms', async () => {
    using hole = await blackHole()
    const client = clientOf(hole.endpoint)
    const tables = tableNames('')
    const intents = createIntents({ client, tables, logger: recordingLogger() })

    const [read, claim] = await Promise.all([
      timeToFail(() => client.send(aRead())),
      timeToFail(() => intents.claim(anIntendedOrder(), 'ours', new Date(0))),
    ])

    expect(read).toBeGreaterThan(1400)
    expect(read).toBeLessThan(2500)
    expect(claim).toBeGreaterThan(750)
    expect(claim).toBeLessThan(1400)
  })

  test('the list of workflows fails and is never empty', async () => {
    const client = clientOf(await closedPort())

    await expect(
      createWorkflows({ client, tables: tableNames('') }).list(new Date(0)),
    ).rejects.toMatchObject(unavailable)
  })

  test.each([
    { what: 'an internal error', status: 500, type: 'InternalServerError' },
    { what: 'throttling', status: 400, type: 'ThrottlingException' },
    { what: 'too high throughput', status: 400, type: 'ProvisionedThroughputExceededException' },
    { what: 'refused credentials', status: 400, type: 'UnrecognizedClientException' },
  ])('$what counts as not available', async ({ status, type }) => {
    const body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }
    using server = await answering(status, body)

    await expect(clientOf(server.endpoint).send(aRead())).rejects.toMatchObject({
      ...unavailable,
      message: `DynamoDB could not do it (${type})`,
    })
    expect(server.answered()).toBeLessThanOrEqual(2)
  })
})

describe('after three failures in a row', () => {
  test('nothing waits for ten seconds, then one try decides', async () => {
    using hole = await blackHole()
    let time = 0
    const client = clientOf(hole.endpoint, { now: () => time, deadlineMs: 300 })
    for (let failures = 0; failures < 3; failures += 1) {
      expect(await timeToFail(() => client.send(aRead()))).toBeGreaterThan(250)
    }

    expect(await timeToFail(() => client.send(aRead()))).toBeLessThan(150)
    time = 9_999
    expect(await timeToFail(() => client.send(aRead()))).toBeLessThan(150)
    time = 10_000
    expect(await timeToFail(() => client.send(aRead()))).toBeGreaterThan(250)
    expect(await timeToFail(() => client.send(aRead()))).toBeLessThan(150)
  })

  test('an answer in between starts the count again', async () => {
    const refusal = { __type: 'x#ConditionalCheckFailedException', message: 'no' }
    using server = await answering(400, refusal)
    const client = clientOf(server.endpoint, { now: () => 0 })
    const fail = () => timeToFail(() => client.send(aRead(), { deadlineMs: 0 }))

    await fail()
    await fail()
    await expect(client.send(aRead())).rejects.toThrow('no')
    await fail()
    await fail()

    // Two and two are not three in a row, so this one still reaches the server.
    await expect(client.send(aRead())).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    })
  })
})
