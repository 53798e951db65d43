import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const RUNTIME_FOLDER = fileURLToPath(new URL('../lambda-runtime/', import.meta.url))
const RUNTIME = `${RUNTIME_FOLDER}node_modules/aws-lambda-ric/index.mjs`
const STAND_IN = fileURLToPath(new URL('rapid-client.cjs', import.meta.url))

interface Invocation {
  request_id: string
  event: unknown
  /** When Lambda would end the sandbox, in epoch milliseconds. */
  deadline: number
  answer: (answer: LambdaAnswer) => void
}

/** What came of an invocation: the answer, or that it failed. */
export type LambdaAnswer =
  | { payload: unknown; failed: null }
  | { payload: null; failed: { errorType: string; errorMessage: string } }

/**
 * AWS's runtime client, of the version that is locked. It is not among the packages of the product, as
 * npm would build its native part wherever that is installed.
 */
const installRuntime = async (): Promise<void> => {
  if (existsSync(RUNTIME)) return
  await promisify(execFile)('npm', ['ci', '--ignore-scripts'], { cwd: RUNTIME_FOLDER })
}

/** An HTTP server on loopback, until it is disposed of. */
export const startServer = async (app: { fetch: Hono['fetch'] }) => {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

let installed: Promise<void> | undefined

/**
 * One sandbox of a Lambda function: its bundle in a process of its own, run by the runtime client of
 * AWS against a Runtime API here. `lines` is what it wrote to its log.
 */
export const startSandbox = async (folder: string, environment: Record<string, string>) => {
  await (installed ??= installRuntime())
  const events: Invocation[] = []
  const running = new Map<string, Invocation>()
  /** Gives the runtime the next event, when it waits for one; null when there will be none. */
  let deliver: ((next: Invocation | null) => void) | null = null

  const finish = (id: string, answer: LambdaAnswer): void => {
    running.get(id)?.answer(answer)
    running.delete(id)
  }
  const runtimeApi = new Hono()
    .basePath('/2018-06-01/runtime')
    .get('/invocation/next', async (c) => {
      const next =
        events.shift() ?? (await new Promise<Invocation | null>((resolve) => (deliver = resolve)))
      deliver = null
      if (!next) return c.body(null, 410)
      running.set(next.request_id, next)
      c.header('Lambda-Runtime-Aws-Request-Id', next.request_id)
      c.header('Lambda-Runtime-Deadline-Ms', String(next.deadline))
      c.header('Lambda-Runtime-Invoked-Function-Arn', 'arn:aws:lambda:local:0:function:test')
      return c.json(next.event as object)
    })
    .post('/invocation/:id/response', async (c) => {
      finish(c.req.param('id'), { payload: await c.req.json(), failed: null })
      return c.body(null, 202)
    })
    .post('/invocation/:id/error', async (c) => {
      finish(c.req.param('id'), { payload: null, failed: await c.req.json() })
      return c.body(null, 202)
    })
    .post('/init/error', async (c) => {
      lines.push(await c.req.text())
      return c.body(null, 202)
    })
  const server = await startServer(runtimeApi)

  const lines: string[] = []
  const child = spawn(process.execPath, ['--require', STAND_IN, RUNTIME], {
    env: {
      PATH: process.env['PATH'],
      NODE_OPTIONS: '--enable-source-maps',
      AWS_LAMBDA_RUNTIME_API: server.url.replace('http://', ''),
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'index.handler',
      AWS_LAMBDA_FUNCTION_NAME: 'test',
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: 'test',
      AWS_LAMBDA_LOG_STREAM_NAME: 'test',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = (): LambdaAnswer => {
    const errorMessage = `the sandbox ended: ${lines.join('\n')}`
    return { payload: null, failed: { errorType: 'Exit', errorMessage } }
  }
  const exited = once(child, 'exit').then(() => {
    for (const { answer } of [...events.splice(0), ...running.values()]) answer(ended())
  })
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = `${rest}${text}`.split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    })
  }

  return {
    lines,
    /** Hands an event over, with so much time for it, and waits for what comes of it. */
    invoke: (event: unknown, remainingMs = 60_000): Promise<LambdaAnswer> => {
      if (child.exitCode !== null) return Promise.resolve(ended())
      const { promise, resolve } = Promise.withResolvers<LambdaAnswer>()
      const deadline = Date.now() + remainingMs
      const invocation = { request_id: randomUUID(), event, deadline, answer: resolve }
      if (deliver) deliver(invocation)
      else events.push(invocation)
      return promise
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await exited
      deliver?.(null)
      await server[Symbol.asyncDispose]()
    },
  }
}
