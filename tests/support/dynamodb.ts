import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import dynalite from 'dynalite'

export interface Engine {
  endpoint: string
  close: () => Promise<void>
}

const EMULATOR = fileURLToPath(
  new URL('../../node_modules/amplify-dynamodb-simulator/emulator', import.meta.url),
)

/** A DynamoDB in this process and in memory. */
export const startDynalite = async (): Promise<Engine> => {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  server.on('request', (request) => {
    // dynalite throws when a client goes away before its answer.
    request.removeAllListeners('error')
    request.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

export const hasJava = (): boolean => spawnSync('java', ['-version']).status === 0

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const isUp = async (endpoint: string): Promise<boolean> => {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(1000) })
    return true
  } catch {
    return false
  }
}

/** AWS's own DynamoDB Local, in memory. Needs Java. */
export const startDynamoDbLocal = async (): Promise<Engine> => {
  const port = await freePort()
  const child = spawn(
    'java',
    [
      '-Xmx512m',
      '-Djava.library.path=./DynamoDBLocal_lib',
      '-jar',
      'DynamoDBLocal.jar',
      '-inMemory',
      '-port',
      String(port),
    ],
    { cwd: EMULATOR, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const exited = once(child, 'exit')
  const endpoint = `http://127.0.0.1:${port}`
  for (let tries = 0; !(await isUp(endpoint)); tries += 1) {
    if (child.exitCode !== null || tries > 300) {
      child.kill('SIGKILL')
      throw new Error(`DynamoDB Local did not start: ${stderr}`)
    }
    await sleep(100)
  }
  return {
    endpoint,
    close: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
