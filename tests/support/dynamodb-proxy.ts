import { once } from 'node:events'
import { Agent, createServer, request as sendRequest, type IncomingMessage } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export const DYNAMODB_FAULTS = [
  'drop', // closed without an answer, not applied
  'throttle',
  'error_500',
  'lose_answer', // applied, closed without an answer
  'close_mid_response', // applied, half an answer
  'slow', // applied and answered, with some delay
  'late', // applied, but after the client has given up
  'black_hole', // never applied, never answered
] as const
export type DynamoDbFault = (typeof DYNAMODB_FAULTS)[number]

interface Script {
  call: string
  fault: DynamoDbFault
  times: number
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

/** Shorter than any deadline of ours. */
const SLOW_MS = 300

const TABLES = ['workflow_orders', 'order_intents', 'workflows']

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** What a request does: `UpdateItem order_intents`. */
const nameOf = (target: string, body: Buffer): string => {
  const input = JSON.parse(body.toString()) as { TableName?: string; RequestItems?: object }
  const table = input.TableName ?? Object.keys(input.RequestItems ?? {})[0] ?? ''
  return `${target.split('.')[1] ?? ''} ${TABLES.find((name) => table.endsWith(name)) ?? table}`
}

const refuse = (response: ServerResponse, status: number, type: string): void => {
  response
    .writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' })
    .end(
      JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'injected' }),
    )
}

/**
 * Stands between the SDK and a DynamoDB engine, on loopback, and lets requests go wrong as it is
 * told. `lateMs` is longer than any deadline of ours. `onDone` is told what the engine did, and its
 * answer, except for what is late.
 */
export const startDynamoDbProxy = async (
  target: string,
  lateMs = 2500,
  onDone: (call: string, answer: Buffer) => void = () => undefined,
) => {
  const agent = new Agent({ keepAlive: true })
  const scripts: Script[] = []
  const requests: string[] = []
  const timers = new Set<NodeJS.Timeout>()
  let isBlackHole = false
  let port = 0

  const forward = (request: IncomingMessage, body: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { method, url, headers } = request
      const outgoing = sendRequest(
        new URL(url ?? '/', target),
        { method, headers: { ...headers, host: new URL(target).host }, agent },
        (incoming) => {
          bodyOf(incoming).then(
            (answer) =>
              resolve({
                status: incoming.statusCode ?? 500,
                headers: incoming.headers,
                body: answer,
              }),
            reject,
          )
        },
      )
      outgoing.on('error', reject).end(body)
    })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request)
    const call = nameOf(String(request.headers['x-amz-target']), body)
    requests.push(call)
    if (isBlackHole) return
    const script = scripts.find((one) => one.times > 0 && call.startsWith(one.call))
    if (script) script.times -= 1
    switch (String(script?.fault)) {
      case 'black_hole':
        return
      case 'drop':
        return void response.destroy()
      case 'throttle':
        return refuse(response, 400, 'ProvisionedThroughputExceededException')
      case 'error_500':
        return refuse(response, 500, 'InternalServerError')
      case 'late': {
        const timer = setTimeout(() => {
          timers.delete(timer)
          forward(request, body).catch(() => undefined)
        }, lateMs)
        return void timers.add(timer)
      }
      case 'slow':
        await sleep(SLOW_MS)
        break
      default:
    }
    const answer = await forward(request, body)
    if (answer.status === 200) onDone(call, answer.body)
    if (script?.fault === 'lose_answer') return void response.destroy()
    response.writeHead(answer.status, answer.headers)
    if (script?.fault !== 'close_mid_response') return void response.end(answer.body)
    response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)))
    setImmediate(() => response.destroy())
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  const listen = async (): Promise<void> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  await listen()
  return {
    endpoint: `http://127.0.0.1:${port}`,
    /** What was asked for, in order. */
    requests,
    /** What goes wrong with the next `times` requests whose name begins like this. */
    inject: (fault: DynamoDbFault, call: string, times = 1): void => {
      scripts.push({ fault, call, times })
    },
    /** True when every injected fault has happened. */
    isSpent: (): boolean => scripts.every(({ times }) => times === 0),
    /** Waits until what was late has been applied. */
    settled: async (): Promise<void> => {
      while (timers.size > 0) await new Promise((resolve) => setTimeout(resolve, 50))
      await new Promise((resolve) => setTimeout(resolve, 50))
    },
    clear: (): void => void scripts.splice(0),
    /** An outage: nobody listens, or somebody listens and never answers. */
    down: async (how: 'closed' | 'black_hole'): Promise<void> => {
      if (how === 'closed') await stop()
      isBlackHole = how === 'black_hole'
    },
    up: async (): Promise<void> => {
      isBlackHole = false
      if (!server.listening) await listen()
    },
    close: async (): Promise<void> => {
      for (const timer of timers) clearTimeout(timer)
      await stop()
      agent.destroy()
    },
  }
}
