import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createDynamoClient, type DynamoClient } from '../../../src/data/client.ts'
import { openEmbedded } from '../../../src/data/embedded.ts'
import { createTables, tableNames } from '../../../src/data/tables.ts'
import { createWorkflows } from '../../../src/data/workflows.ts'
import { aDefinition, WORKFLOW_ID } from '../../support/builders.ts'
import { recordingLogger } from '../../support/logger.ts'

const NOW = new Date('2026-11-23T09:00:00.000Z')
const HOLDER = fileURLToPath(new URL('../../support/hold-database.ts', import.meta.url))

const aFolder = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ordertrail-embedded-'))
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
}

const open = async (directory: string, options: { advertise?: boolean; waitMs?: number } = {}) => {
  const logger = recordingLogger()
  const embedded = await openEmbedded({ directory, logger, ...options })
  return { ...embedded, logger, [Symbol.asyncDispose]: embedded.close }
}

/** Another process that holds the database. */
const holder = async (directory: string, ...args: string[]) => {
  const child = spawn(process.execPath, [HOLDER, directory, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { endpoint } = JSON.parse(line.toString()) as { endpoint: string }
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return {
    endpoint,
    kill,
    close: async () => {
      child.stdin.write('close\n')
      await exited
    },
    [Symbol.asyncDispose]: kill,
  }
}

const clientOf = (endpoint: string): DynamoClient =>
  createDynamoClient({
    endpoint,
    region: 'local',
    now: () => performance.now(),
    deadlineMs: 10_000,
  })

const workflowsAt = (endpoint: string) =>
  createWorkflows({ client: clientOf(endpoint), tables: tableNames('') })

const namesAt = async (endpoint: string): Promise<string[]> =>
  (await workflowsAt(endpoint).list(NOW)).workflows.map(({ name }) => name)

const keepAWorkflow = async (endpoint: string, name: string) => {
  await createTables(clientOf(endpoint), '')
  await workflowsAt(endpoint).create(WORKFLOW_ID, aDefinition({ name }), NOW)
}

describe('the embedded database', () => {
  test('has its data again when it is opened again', async () => {
    await using folder = await aFolder()
    const first = await open(folder.directory)
    await keepAWorkflow(first.endpoint, 'Kept')
    await first.close()

    await using second = await open(folder.directory)

    expect(await namesAt(second.endpoint)).toEqual(['Kept'])
  })

  test('is reached on the loopback only', async () => {
    await using folder = await aFolder()
    await using embedded = await open(folder.directory)

    expect(new URL(embedded.endpoint).hostname).toBe('127.0.0.1')
  })

  test('closes at once although clients keep their connections open', async () => {
    await using folder = await aFolder()
    const embedded = await open(folder.directory)
    const client = clientOf(embedded.endpoint)
    await createTables(client, '')

    const start = performance.now()
    await embedded.close()

    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('closes a second time without complaint', async () => {
    await using folder = await aFolder()
    await using embedded = await open(folder.directory)

    await embedded.close()

    await expect(embedded.close()).resolves.toBeUndefined()
  })

  test('survives a request that its engine trips over', async () => {
    await using folder = await aFolder()
    await using embedded = await open(folder.directory)
    await keepAWorkflow(embedded.endpoint, 'Kept')

    await fetch(embedded.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.GetItem',
        'x-amz-date': '20261123T090000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
      },
      body: 'null',
    }).catch(() => undefined)

    await expect
      .poll(() => namesAt(embedded.endpoint).catch(() => []), { timeout: 5000 })
      .toEqual(['Kept'])
    expect(embedded.logger.events).toMatchObject([{ level: 'error', event: 'embedded.failed' }])
  })

  test('survives a client that goes away before its answer', async () => {
    await using folder = await aFolder()
    await using embedded = await open(folder.directory)
    await keepAWorkflow(embedded.endpoint, 'Kept')
    const { hostname, port } = new URL(embedded.endpoint)

    for (let times = 0; times < 5; times += 1) {
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.write('POST / HTTP/1.1\r\nHost: local\r\nContent-Length: 100\r\n\r\n{"half":')
      await sleep(20)
      socket.destroy()
    }
    await sleep(100)

    expect(await namesAt(embedded.endpoint)).toEqual(['Kept'])
    expect(embedded.logger.events).toEqual([])
  })

  test('says why it cannot be opened', async () => {
    await using folder = await aFolder()
    await writeFile(join(folder.directory, 'leveldb'), 'a file where the database should be')

    await expect(open(folder.directory)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('cannot be opened') as string,
    })
  })
})

describe('a second process', () => {
  test('joins the database of a running server', async () => {
    await using folder = await aFolder()
    await using server = await open(folder.directory, { advertise: true })
    await keepAWorkflow(server.endpoint, 'Shared')

    const joined = await open(folder.directory)

    expect(joined).toMatchObject({ owner: false, endpoint: server.endpoint })
    expect(await namesAt(joined.endpoint)).toEqual(['Shared'])
    await joined.close()
    expect(await namesAt(server.endpoint)).toEqual(['Shared'])
  })

  test('waits for a short command and then has the database to itself', async () => {
    await using folder = await aFolder()
    await using command = await holder(folder.directory)
    await keepAWorkflow(command.endpoint, 'Handed over')

    const waiting = open(folder.directory)
    await sleep(500)
    await command.close()
    await using embedded = await waiting

    expect(embedded.owner).toBe(true)
    expect(await namesAt(embedded.endpoint)).toEqual(['Handed over'])
  })

  test('gives up after its patience, with a reason', async () => {
    await using folder = await aFolder()
    await using _command = await holder(folder.directory)

    await expect(open(folder.directory, { waitMs: 300 })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('in use by another process') as string,
    })
  })

  test('finds everything that a killed one had written', async () => {
    await using folder = await aFolder()
    await using server = await holder(folder.directory, 'advertise')
    await keepAWorkflow(server.endpoint, 'Written before the kill')

    await server.kill()
    expect(existsSync(join(folder.directory, 'endpoint.json'))).toBe(true)
    await using embedded = await open(folder.directory)

    expect(embedded.owner).toBe(true)
    expect(await namesAt(embedded.endpoint)).toEqual(['Written before the kill'])
  })
})

describe('the address that a server leaves for others', () => {
  test('is gone when the server has stopped', async () => {
    await using folder = await aFolder()
    const file = join(folder.directory, 'endpoint.json')
    const server = await open(folder.directory, { advertise: true })
    expect(existsSync(file)).toBe(true)

    await server.close()

    expect(existsSync(file)).toBe(false)
  })

  test('of a killed server is not believed, and is removed by the next process', async () => {
    await using folder = await aFolder()
    await using elsewhere = await aFolder()
    // Its port belongs to another installation by now.
    await using other = await open(elsewhere.directory)
    const file = join(folder.directory, 'endpoint.json')
    await writeFile(file, JSON.stringify({ endpoint: other.endpoint, pid: 1 }))

    await using embedded = await open(folder.directory)

    expect(embedded.owner).toBe(true)
    expect(embedded.endpoint).not.toBe(other.endpoint)
    expect(existsSync(file)).toBe(false)
  })

  test('that leads nowhere does not help while a command has the database', async () => {
    await using folder = await aFolder()
    await using _command = await holder(folder.directory)
    const file = join(folder.directory, 'endpoint.json')
    await writeFile(file, JSON.stringify({ endpoint: 'http://127.0.0.1:9', pid: 1 }))

    await expect(open(folder.directory, { waitMs: 300 })).rejects.toMatchObject({
      code: 'store_unavailable',
    })
  })
})
