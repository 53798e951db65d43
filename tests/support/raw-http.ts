import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire, its body decoded. */
export interface Answer {
  status: number
  headers: Headers
  body: string
}

const HEAD_END = '\r\n\r\n'

/** The body of an answer, and what comes after it. */
const bodyIn = (headers: Headers, rest: string): { body: string; after: string } => {
  // The answer to a HEAD, and those that have no body, are followed by the next one at once.
  if (rest === '' || rest.startsWith('HTTP/1.1 ')) return { body: '', after: rest }
  if (headers.get('Transfer-Encoding') !== 'chunked') {
    const length = Number(headers.get('Content-Length') ?? rest.length)
    return { body: rest.slice(0, length), after: rest.slice(length) }
  }
  let body = ''
  let at = 0
  for (;;) {
    const end = rest.indexOf('\r\n', at)
    const size = Number.parseInt(rest.slice(at, end), 16)
    if (!(size > 0)) return { body, after: rest.slice(end + 4) }
    body += rest.slice(end + 2, end + 2 + size)
    at = end + 2 + size + 2
  }
}

/**
 * The answers in what a server sent, interim ones left out.
 * @throws Error for bytes that are no answer
 */
export const answersIn = (sent: Buffer): Answer[] => {
  const answers: Answer[] = []
  let rest = sent.toString('latin1')
  while (rest !== '') {
    const end = rest.indexOf(HEAD_END)
    const [line = '', ...fields] = rest.slice(0, end).split('\r\n')
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]
    if (end === -1 || status === undefined) throw new Error(`no answer: ${rest.slice(0, 500)}`)
    const headers = new Headers(
      fields.map((field): [string, string] => {
        const colon = field.indexOf(':')
        return [field.slice(0, colon), field.slice(colon + 1).trim()]
      }),
    )
    const { body, after } = bodyIn(headers, rest.slice(end + HEAD_END.length))
    if (Number(status) >= 200) {
      const text = Buffer.from(body, 'latin1').toString()
      answers.push({ status: Number(status), headers, body: text })
    }
    rest = after
  }
  return answers
}

/** Opens a connection to a server. */
export const open = async (url: string): Promise<Socket> => {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  return socket
}

/** Everything that a server sends until it ends the connection. A reset is an end as well. */
export const received = (socket: Socket): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    socket
      .on('data', (chunk) => chunks.push(chunk))
      .on('error', () => undefined)
      .on('close', () => resolve(Buffer.concat(chunks)))
  })

/**
 * Sends bytes over a connection of their own and returns the answers until the server ends it, or has
 * said nothing for `patienceMs`: then it may be waiting for more, and so might we for ever.
 */
export const exchange = async (
  url: string,
  bytes: Buffer,
  { patienceMs = 0 } = {},
): Promise<Answer[]> => {
  const socket = await open(url)
  socket.setTimeout(patienceMs, () => socket.destroy())
  const answer = received(socket)
  socket.write(bytes)
  return answersIn(await answer)
}
