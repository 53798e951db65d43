import * as fc from 'fast-check'
import { hostileText } from './hostile.ts'

/** The parts of an HTTP/1.1 message, to be put together however wrong they are. */
interface Message {
  method: string
  target: string
  version: string
  fields: string[]
  body: string
  lineEnd: string
}

/** A message as it is sent, and what is wrong with it. */
export interface WireMessage {
  bytes: Buffer
  broken: string[]
}

/** Text as its bytes in UTF-8, one character each. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1')

interface Break {
  what: string
  apply: (message: Message) => Partial<Message>
}

const asBreak =
  <T>(what: (value: T) => string, apply: (message: Message, value: T) => Partial<Message>) =>
  (value: T): Break => ({ what: what(value), apply: (message) => apply(message, value) })

const shown = (text: string): string => JSON.stringify(text.slice(0, 40))

const METHODS = [
  'get',
  'GE T',
  '',
  'G\u0000T',
  'X'.repeat(9000),
  'PRI',
  'CONNECT',
  'TRACE',
  'M-SEARCH',
  'FOO',
  '\u00e9',
]

const TARGETS = [
  '',
  '*',
  ' ',
  '/a b',
  '/\u0000',
  '/\u00ff\u00fe',
  '/\t',
  '127.0.0.1:80',
  'http://',
  'http://[',
  'http://127.0.0.1:99999/',
  'https://example.com/api/workflow/workflows',
  'ftp://x/',
  '//',
  '/../..',
  '/\\..',
  '/%',
  '/api/workflow/workflows?%',
  `/${'a'.repeat(20_000)}`,
  `/api/workflow/orders?cursor=${'a'.repeat(9000)}`,
]

const VERSIONS = [
  '',
  'HTTP/1.0',
  'HTTP/0.9',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/9.9',
  'http/1.1',
  'HTTP/1.1 x',
  'HTTP/1.1\t',
  'X',
]

const FIELDS = [
  'Host: a b',
  'Host: 127.0.0.1',
  'Host:',
  'Host: \u0000',
  'Content-Length: -1',
  'Content-Length: +2',
  'Content-Length: 2, 2',
  'Content-Length: 99999999999999999999',
  'Content-Length: 0x2',
  'Content-Length:',
  'Content-Length: 7',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: \u000bchunked',
  'Transfer-Encoding: xchunked',
  'Expect: 100-continue',
  'Expect: miracles',
  'Connection: upgrade',
  'Upgrade: websocket',
  'Connection: close, keep-alive',
  'Connection: host',
  ' folded: value',
  '\tfolded',
  'No-Colon',
  ': no name',
  'Space : before',
  'Nul: a\u0000b',
  'Bell: \u0007',
  'Latin: \u00e9\u00ff',
  '__proto__: 1',
  'constructor: 1',
  'Set-Cookie: a',
  `Long: ${'x'.repeat(17_000)}`,
  `${'N'.repeat(17_000)}: x`,
  'Trailer: X',
]

const CHUNKS = [
  '2\r\n{}\r\n0\r\n\r\n',
  '2\r\n{}\r\n0\r\nX: y\r\n\r\n',
  '2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n',
  'zz\r\n{}\r\n',
  '-2\r\n{}\r\n',
  'ffffffffffffffffff\r\n{}',
  '2;x=y\r\n{}\r\n0\r\n\r\n',
  `2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  '2\n{}\n0\n\n',
  '2\r\n{}0\r\n\r\n',
  ' 2\r\n{}\r\n0\r\n\r\n',
  '',
]

const LINE_ENDS = ['\n', '\r', '\r\n\r\n', '\n\r', ' \r\n']

const insert = (list: readonly string[], at: number, item: string): string[] =>
  list.toSpliced(at % (list.length + 1), 0, item)

const breaks: fc.Arbitrary<Break> = fc.oneof(
  fc.constantFrom(...METHODS).map(
    asBreak(
      (m) => `method ${shown(m)}`,
      (_, method) => ({ method }),
    ),
  ),
  {
    weight: 2,
    arbitrary: fc
      .oneof(
        fc.constantFrom(...TARGETS),
        hostileText.map((text) => `/${asBytes(text)}`),
      )
      .map(
        asBreak(
          (target) => `target ${shown(target)}`,
          (_, target) => ({ target }),
        ),
      ),
  },
  fc.constantFrom(...VERSIONS).map(
    asBreak(
      (v) => `version ${shown(v)}`,
      (_, version) => ({ version }),
    ),
  ),
  {
    weight: 5,
    arbitrary: fc.tuple(fc.constantFrom(...FIELDS), fc.nat()).map(
      asBreak(
        ([field]) => `field ${shown(field)}`,
        ({ fields }, [field, at]) => ({ fields: insert(fields, at, field) }),
      ),
    ),
  },
  fc.tuple(hostileText.map(asBytes), hostileText.map(asBytes), fc.nat()).map(
    asBreak(
      () => 'any field',
      ({ fields }, [name, value, at]) => ({ fields: insert(fields, at, `${name}: ${value}`) }),
    ),
  ),
  fc.nat().map(
    asBreak(
      () => 'a field less',
      ({ fields }, at) => ({ fields: fields.toSpliced(at % fields.length, 1) }),
    ),
  ),
  fc.constantFrom(100, 1000, 3000).map(
    asBreak(
      (count) => `${count} fields`,
      ({ fields }, count) => ({
        fields: [...fields, ...Array.from({ length: count }, (_, at) => `x${at}: y`)],
      }),
    ),
  ),
  {
    weight: 2,
    arbitrary: fc.constantFrom(...CHUNKS).map(
      asBreak(
        (body) => `chunks ${shown(body)}`,
        ({ fields }, body) => ({
          fields: [
            ...fields.filter((field) => !field.startsWith('Content-Length')),
            'Transfer-Encoding: chunked',
          ],
          body,
        }),
      ),
    ),
  },
  fc.constantFrom(...LINE_ENDS).map(
    asBreak(
      (end) => `line end ${shown(end)}`,
      (_, lineEnd) => ({ lineEnd }),
    ),
  ),
)

const ID = '6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11'

/** Requests that change nothing even when they get through. */
const WHOLE: [method: string, target: string, body: string][] = [
  ['GET', '/api/workflow/workflows?per_page=1', ''],
  ['HEAD', '/healthz', ''],
  ['OPTIONS', '/api/workflow/workflows', ''],
  ['PUT', `/api/workflow/workflows/${ID}`, '{}'],
  ['PATCH', `/api/workflow/workflows/${ID}`, '{}'],
  ['POST', '/api/workflow/workflows', '{}'],
  ['DELETE', `/api/workflow/workflows/${ID}`, ''],
]

const whole: fc.Arbitrary<Message> = fc.constantFrom(...WHOLE).map(([method, target, body]) => ({
  method,
  target,
  version: 'HTTP/1.1',
  fields: [
    'Host: localhost',
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
  ],
  body,
  lineEnd: '\r\n',
}))

const written = ({ method, target, version, fields, body, lineEnd }: Message): string =>
  [`${method} ${target} ${version}`, ...fields, '', body].join(lineEnd)

/** Another byte, one more, or one less. */
const byteChange = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replaced', 'inserted', 'removed'),
  byte: fc.integer({ min: 0, max: 255 }),
})

const changed = (text: string, { at, how, byte }: { at: number; how: string; byte: number }) => {
  const place = at % text.length
  const added = how === 'removed' ? '' : String.fromCharCode(byte)
  return text.slice(0, place) + added + text.slice(how === 'inserted' ? place : place + 1)
}

const LAST = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

/**
 * Messages like requests, with something wrong in most of them, each followed by a request after
 * which the server ends the connection; some are cut off.
 */
export const wireMessages: fc.Arbitrary<WireMessage> = fc
  .record({
    message: whole,
    broken: fc.array(breaks, { maxLength: 3 }),
    bytes: fc.array(byteChange, { maxLength: 2 }),
    cut: fc.oneof({ weight: 15, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat() }),
  })
  .map(({ message, broken, bytes, cut }) => {
    const made = broken.reduce((sofar, { apply }) => ({ ...sofar, ...apply(sofar) }), message)
    const text = bytes.reduce(changed, written(made))
    const end = cut === null ? text.length : cut % text.length
    const all = Buffer.from(cut === null ? text + LAST : text.slice(0, end), 'latin1')
    const what = [
      ...broken.map((one) => one.what),
      ...bytes.map(({ how }) => `a byte ${how}`),
      ...(cut === null ? [] : ['cut off']),
    ]
    const sent = { bytes: all, broken: what }
    return Object.defineProperty(sent, fc.toStringMethod, {
      value: () => `[${what.join(', ')}] ${ncOf(sent)}`,
    })
  })

/** The message as a line for a shell; `$HOST` and `$PORT` are where the server is. */
export const ncOf = ({ bytes }: WireMessage): string =>
  `echo ${bytes.toString('base64')} | base64 -d | nc -q 1 "$HOST" "$PORT"`
