import { expect, test } from 'vitest'
import { newId, systemClock } from '../../src/system.ts'
import { listen } from '../../src/entrypoints/listen.ts'
import { paths } from '../../src/paths.ts'
import { createApp } from '../support/app.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'
import { answersIn, exchange, open, received } from '../support/raw-http.ts'

const startServer = async (folder: string) => {
  const product = await openInstallation(folder)
  const app = createApp({ ...product, clock: systemClock, newId, logger: recordingLogger() })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  return {
    url: server.url,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAll()
      await product[Symbol.asyncDispose]()
    },
  }
}

const UNREADABLE: [what: string, message: string, status: number][] = [
  ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['another version', 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n', 400],
  ['no Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
  [
    'a target that is no path',
    'GET /\\ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    400,
  ],
  [
    'two lengths',
    'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    400,
  ],
  [
    'a length and chunks',
    'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
  ],
  [
    'a chunk that is none',
    `POST ${paths.api.workflows} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    400,
  ],
  ['large headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  [
    'an expectation',
    'GET / HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nConnection: close\r\n\r\n',
    417,
  ],
]

test('what cannot be read as a request is refused with a problem document', async () => {
  await using folder = await aFolder()
  await using server = await startServer(folder.path)
  for (const [what, message, status] of UNREADABLE) {
    const [answer, ...others] = await exchange(server.url, Buffer.from(message))
    expect({ what, status: answer?.status, others }).toEqual({ what, status, others: [] })
    expect(answer?.headers.get('Content-Type')).toBe('application/problem+json')
    const request_id = answer?.headers.get('X-Request-Id')
    expect(JSON.parse(answer?.body ?? '')).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      status,
      detail: expect.stringMatching(/^expected /),
      instance: `urn:uuid:${request_id}`,
      request_id,
    })
  }
})

test('the refusal of a HEAD has no body', async () => {
  await using folder = await aFolder()
  await using server = await startServer(folder.path)
  const socket = await open(server.url)
  const sent = received(socket)
  socket.write('HEAD /a b HTTP/1.1\r\nHost: localhost\r\n\r\n')
  expect((await sent).toString()).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\n\r\n$/)
})

test('a body that is too large holds up no later request on its connection', async () => {
  await using folder = await aFolder()
  await using server = await startServer(folder.path)
  const socket = await open(server.url)
  const sent = received(socket)
  const body = 'x'.repeat(300_000)
  const large = `POST ${paths.api.workflows} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const last = `GET ${paths.health} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
  socket.write(large + last)
  expect(answersIn(await sent).map(({ status }) => status)).toEqual([413, 200])
})
