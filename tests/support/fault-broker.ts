import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BrokerOrder } from '../../src/domain/order.ts'

type Call = 'place' | 'find' | 'list'

/** What goes wrong with one request, and whether the order is in the book afterwards. */
export const PLACE_FAULTS = {
  refuse: { booked: false },
  too_many: { booked: false },
  reset_before: { booked: false },
  error_before: { booked: false },
  conflict: { booked: false },
  accept_no_answer: { booked: true },
  answer_late: { booked: true },
  reset_after: { booked: true },
  error_after: { booked: true },
  no_order_id: { booked: true },
  half_answer: { booked: true },
  garbage: { booked: true },
  other_order: { booked: true },
} as const
export type PlaceFault = keyof typeof PLACE_FAULTS | 'book_late'
export type ReadFault = 'error' | 'reset' | 'no_answer' | 'empty'

interface Script {
  call: Call
  fault: PlaceFault | ReadFault
  times: number
}

interface FaultBrokerOptions {
  /** Whether a client order id that is in the book is placed again. */
  dedupes: boolean
  now?: () => Date
  /** How late late is, in milliseconds. */
  lateMs?: number
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

const UNKNOWN = { code: 'unknown_order', reason: 'no order has this client order id' }

/**
 * A real broker on loopback, in the wire format of `createHttpBroker`, which goes wrong as it is
 * told. `book` is what it really has, an order placed twice included.
 */
export const startFaultBroker = async ({
  dedupes,
  now = () => new Date(),
  lateMs = 300,
}: FaultBrokerOptions) => {
  const book: (BrokerOrder & { is_shown: boolean })[] = []
  const scripts: Script[] = []
  const requests: Call[] = []
  const timers = new Set<NodeJS.Timeout>()
  const settings = {
    /** Look-ups and lists do not show what is accepted from now on, until `catchUp`. */
    lags: false,
    /** Look-ups and lists tell times in whole seconds, as some brokers do. */
    wholeSeconds: false,
  }

  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timers.add(timer)
  }
  const nextFault = (call: Call): Script['fault'] | null => {
    const script = scripts.find((one) => one.call === call && one.times > 0)
    if (!script) return null
    script.times -= 1
    return script.fault
  }
  const enter = (input: Record<string, unknown>): { order: BrokerOrder; repeated: boolean } => {
    const known = book.find(({ client_order_id }) => client_order_id === input['client_order_id'])
    if (dedupes && known) return { order: known, repeated: true }
    const order = BrokerOrder.parse({
      ...input,
      broker_order_id: `fault-${book.length + 1}`,
      placed_at: now().toISOString(),
    })
    book.push({ ...order, is_shown: !settings.lags })
    return { order, repeated: false }
  }
  const shown = (): BrokerOrder[] =>
    book
      .filter(({ is_shown }) => is_shown)
      .map(({ is_shown: _isShown, placed_at, ...order }) => ({
        ...order,
        placed_at: settings.wholeSeconds ? `${placed_at.slice(0, 19)}.000Z` : placed_at,
      }))

  const place = (text: string, response: ServerResponse, fault: Script['fault'] | null): void => {
    const input = JSON.parse(text) as Record<string, unknown>
    switch (String(fault)) {
      case 'refuse':
        return answer(response, 422, { code: 'refused', reason: 'no margin' })
      case 'too_many':
        return answer(response, 429, { code: 'too_many', reason: 'slow down' })
      case 'reset_before':
        return void response.destroy()
      case 'error_before':
        return answer(response, 500, { code: 'internal', reason: 'oops' })
      case 'conflict':
        return answer(response, 409, { code: 'conflict', reason: 'being looked at' })
      case 'book_late':
        return later(lateMs, () => void enter(input))
      default:
    }
    const placed = enter(input)
    switch (String(fault)) {
      case 'accept_no_answer':
        return
      case 'answer_late':
        return later(lateMs, () => answer(response, 201, placed))
      case 'reset_after':
        return void response.destroy()
      case 'error_after':
        return answer(response, 500, { code: 'internal', reason: 'oops' })
      case 'no_order_id':
        return answer(response, 200, { status: 'working' })
      case 'half_answer': {
        const whole = JSON.stringify(placed)
        response.writeHead(201, { 'Content-Length': whole.length })
        response.write(whole.slice(0, 20))
        return later(20, () => void response.destroy())
      }
      case 'garbage':
        return void response.writeHead(200).end('<html>maintenance</html>')
      case 'other_order':
        return answer(response, 201, { order: { ...placed.order, client_order_id: 'another' } })
      default:
        return answer(response, placed.repeated ? 200 : 201, placed)
    }
  }

  const read = (
    response: ServerResponse,
    fault: Script['fault'] | null,
    answers: { empty: () => void; full: () => void },
  ): void => {
    if (fault === 'no_answer') return
    if (fault === 'reset') return void response.destroy()
    if (fault === 'error') return answer(response, 503, { code: 'down', reason: 'maintenance' })
    if (fault === 'empty') return answers.empty()
    answers.full()
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://broker')
    const text = await bodyOf(request)
    const call = request.method === 'POST' ? 'place' : url.pathname === '/orders' ? 'list' : 'find'
    requests.push(call)
    const fault = nextFault(call)
    if (call === 'place') return place(text, response, fault)
    const since = url.searchParams.get('since') ?? ''
    const id = decodeURIComponent(url.pathname.slice('/orders/'.length))
    read(response, fault, {
      empty: () =>
        call === 'list' ? answer(response, 200, { orders: [] }) : answer(response, 404, UNKNOWN),
      full: () => {
        if (call === 'list') {
          const orders = shown().filter(({ placed_at }) => placed_at >= since)
          return answer(response, 200, { orders })
        }
        const order = shown().find(({ client_order_id }) => client_order_id === id)
        return order ? answer(response, 200, { order }) : answer(response, 404, UNKNOWN)
      },
    })
  }

  const server = createServer((request, response) => {
    // A client that goes away is what some of the tests are about.
    handle(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    for (const timer of timers) clearTimeout(timer)
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return {
    url: `http://127.0.0.1:${port}`,
    settings,
    requests,
    book: (): BrokerOrder[] => book.map(({ is_shown: _isShown, ...order }) => order),
    /** What goes wrong with the next `times` requests of this kind. */
    inject: (call: Call, fault: Script['fault'], times = 1): void => {
      scripts.push({ call, fault, times })
    },
    clear: (): void => void scripts.splice(0),
    /** Look-ups and lists show everything again. */
    catchUp: (): void => {
      settings.lags = false
      for (const order of book) order.is_shown = true
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
