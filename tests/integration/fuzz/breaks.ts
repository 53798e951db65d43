import * as fc from 'fast-check'
import type { Operation } from './document.ts'
import {
  encoded,
  sendableHeader,
  sendableTarget,
  withHeader,
  withoutHeader,
  type Draft,
  type Field,
} from './draft.ts'
import { hostileJson, hostileText, PROTOTYPE_NAMES, RawJson, writeJson } from './hostile.ts'

/** Something that is not as the document says. */
export interface Break {
  what: string
  apply: (draft: Draft) => Partial<Draft>
}

/** The places in a JSON value, the whole of it first. */
const placesIn = (value: unknown): (string | number)[][] =>
  typeof value !== 'object' || value === null || value instanceof RawJson
    ? [[]]
    : [
        [],
        ...Object.entries(value).flatMap(([name, inner]) =>
          placesIn(inner).map((rest) => [name, ...rest]),
        ),
      ]

/** The value with one place of it changed; undefined takes the place out. */
const changedAt = (
  value: unknown,
  [first, ...rest]: readonly (string | number)[],
  change: (old: unknown) => unknown,
): unknown => {
  if (first === undefined) return change(value)
  const entries = Object.entries(value as object).flatMap(([name, inner]): [string, unknown][] => {
    if (name !== String(first)) return [[name, inner]]
    const changed = changedAt(inner, rest, change)
    return changed === undefined ? [] : [[name, changed]]
  })
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof RawJson)

const withField = (value: unknown, name: string, field: unknown): unknown =>
  isPlain(value) && !Array.isArray(value)
    ? Object.fromEntries([...Object.entries(value), [name, field]])
    : { [name]: field }

/** The object with one field written twice, which JSON does not forbid. */
const withFieldTwice = (value: unknown, again: unknown): unknown => {
  const [first] = isPlain(value) ? Object.entries(value) : []
  if (!first || Array.isArray(value)) return value
  const written = writeJson(value).slice(0, -1)
  return new RawJson(`${written},${JSON.stringify(first[0])}:${writeJson(again)}}`)
}

const jsonBreaks: fc.Arbitrary<Break> = fc
  .record({
    place: fc.nat(),
    value: hostileJson,
    name: fc.oneof(fc.constantFrom(...PROTOTYPE_NAMES, 'id', 'revision', 'ttl'), hostileText),
    how: fc.constantFrom(
      'replaced',
      'removed',
      'given another field',
      'given a field twice',
      'a list of itself',
    ),
  })
  .map(({ place, value, name, how }) => ({
    what: `JSON ${how}`,
    apply: ({ json }) => {
      const places = placesIn(json)
      const change = (old: unknown): unknown => {
        switch (how) {
          case 'replaced':
            return value
          case 'removed':
            return undefined
          case 'given another field':
            return withField(old, name, value)
          case 'given a field twice':
            return withFieldTwice(old, value)
          case 'a list of itself':
            return [old, old]
        }
      }
      return { json: changedAt(json, places[place % places.length] ?? [], change) }
    },
  }))

const LIMIT = 64 * 1024

const BODIES: Buffer[] = [
  '',
  ' ',
  '{',
  '{"name":"a",}',
  '{} {}',
  '\ufeff{}',
  '// {}',
  'name=a&index=b',
  '"text"',
  'null',
  '[]',
  '{"a":"\\ud800"}',
  '{"a":"\u0000"}',
  '['.repeat(30_000),
  '['.repeat(30_000) + ']'.repeat(30_000),
  '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
  `{${Array.from({ length: 6000 }, (_, at) => `"f${at}":1`).join(',')}}`,
  JSON.stringify({ name: 'x'.repeat(LIMIT - 11) }),
  JSON.stringify({ name: 'x'.repeat(LIMIT - 10) }),
  JSON.stringify({ name: 'x'.repeat(300_000) }),
]
  .map((text) => Buffer.from(text))
  .concat([
    Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
    Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
    Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00]),
    Buffer.alloc(100),
  ])

const bodyBreaks: fc.Arbitrary<Break> = fc.oneof(
  fc.constantFrom(...BODIES).map((bytes) => ({ what: 'body', apply: () => ({ bytes }) })),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => ({
    what: 'bytes as a body',
    apply: () => ({ bytes: Buffer.from(bytes) }),
  })),
  fc.nat().map((cut) => ({
    what: 'body cut off',
    apply: ({ json }: Draft) => {
      const whole = Buffer.from(json === undefined ? '{}' : writeJson(json))
      return { bytes: whole.subarray(0, cut % whole.length) }
    },
  })),
  fc.constant({ what: 'body in chunks', apply: () => ({ isChunked: true }) }),
)

const TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'application/json; charset=utf-16',
  'application/json;;',
  'Application/JSON',
  'application/problem+json',
  'application/merge-patch+json',
  'application/jsonx',
  'json',
  '',
  '*/*',
]

/** Headers that change how a request is read or answered, with values for each. */
const HEADERS: Record<string, readonly string[]> = {
  'Content-Type': TYPES,
  'Content-Encoding': ['gzip', 'identity', 'br, gzip'],
  Accept: [
    'text/html',
    'application/xml',
    'application/json;q=0',
    'application/json;q=NaN',
    '*/*;q=0.0001',
    'application/*',
    'text/csv',
    'application/x-ndjson',
    ',',
    ';',
    'a/b'.repeat(500),
  ],
  'Accept-Encoding': ['gzip', 'deflate', 'br', 'identity;q=0', '*;q=0', 'gzip;q=0', 'x'],
  Host: [
    'localhost',
    'example.com',
    '127.0.0.1:1',
    '[::1]',
    '',
    'a b',
    '127.0.0.1@evil.example',
    '..',
  ],
  Origin: ['null', 'http://example.com', 'http://127.0.0.1', ''],
  'Sec-Fetch-Site': ['cross-site', 'same-site', 'same-origin', 'none', ''],
  'X-Request-Id': ['1', 'a b', 'x'.repeat(255), 'x'.repeat(256), '<b>', ''],
  'If-None-Match': ['*', '"1"', 'W/"1"', ',', ''],
  'If-Match': ['*', '"1"', '"0"', '"-1"', 'W/"1"', '"1","2"', '1', ''],
  'If-Modified-Since': ['Mon, 23 Nov 2026 09:30:00 GMT', 'never'],
  Range: ['bytes=0-0', 'bytes=-1', 'rows=1-2'],
  'X-HTTP-Method-Override': ['DELETE'],
  'X-Forwarded-For': ['127.0.0.1', "';--"],
  'X-Forwarded-Host': ['example.com'],
  Cookie: ['a=b', '__proto__=1', '='],
  Authorization: ['Bearer x', 'Basic !!!'],
  'HX-Request-Type': ['partial', 'full'],
  Prefer: ['return=minimal'],
  Upgrade: ['websocket', 'h2c'],
  Te: ['trailers'],
}

const headerBreaks: fc.Arbitrary<Break> = fc.oneof(
  fc
    .constantFrom(
      ...Object.entries(HEADERS).flatMap(([name, values]) =>
        values.map((value): Field => [name, value]),
      ),
    )
    .map(([name, value]) => ({
      what: `${name}: ${value.slice(0, 30)}`,
      apply: ({ headers }: Draft) => ({ headers: withHeader(headers, name, value) }),
    })),
  fc
    .tuple(
      fc.constantFrom(...Object.keys(HEADERS), '__proto__', 'constructor', 'X-Any'),
      hostileText,
    )
    .map(([name, value]) => ({
      what: `another ${name}`,
      apply: ({ headers }: Draft) => ({
        headers: withHeader(headers, name, sendableHeader(value)),
      }),
    })),
  fc.constantFrom(...Object.keys(HEADERS)).map((name) => ({
    what: `no ${name}`,
    apply: ({ headers }: Draft) => ({ headers: withoutHeader(headers, name) }),
  })),
)

const METHODS = [
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'PURGE',
]

const methodBreaks: fc.Arbitrary<Break> = fc.constantFrom(...METHODS).map((method) => ({
  what: method,
  apply: () => ({ method }),
}))

const lastSegment = /[^/]*$/

const pathBreaks: fc.Arbitrary<Break> = fc.oneof(
  fc
    .constantFrom<[string, (path: string) => string]>(
      ['a slash behind', (path) => `${path}/`],
      ['two slashes before', (path) => `/${path}`],
      ['double slashes', (path) => path.replaceAll('/', '//')],
      ['upper case', (path) => path.toUpperCase()],
      ['a dot segment', (path) => path.replace(lastSegment, './$&')],
      ['an encoded dot segment', (path) => path.replace(lastSegment, 'x/%2e%2e/$&')],
      ['an encoded slash', (path) => path.replace(lastSegment, '%2f$&')],
      ['an encoded letter', (path) => path.replace('a', '%61')],
      ['encoded twice', (path) => path.replaceAll('%', '%25')],
      ['a backslash', (path) => path.replace(lastSegment, '\\$&')],
      ['a parameter of the path', (path) => `${path};jsessionid=1`],
      ['a NUL', (path) => `${path}%00`],
      ['a fragment', (path) => `${path}#top`],
      ['bytes that are no UTF-8', (path) => `${path}%ff%fe`],
      ['one more segment', (path) => `${path}/more`],
      ['nothing', () => '/'],
      ['the absolute form', (path) => `http://127.0.0.1${path}`],
      ['the absolute form of another host', (path) => `http://example.com${path}`],
      ['an asterisk', () => '*'],
    )
    .map(([what, change]) => ({
      what: `path with ${what}`,
      apply: ({ path }: Draft) => ({ path: change(path) }),
    })),
  fc.tuple(hostileText, fc.boolean()).map(([text, isEncoded]) => ({
    what: 'another last segment',
    apply: ({ path }: Draft) => ({
      path: path.replace(lastSegment, () => (isEncoded ? encoded(text) : sendableTarget(text))),
    }),
  })),
)

/** One path parameter, whatever segment it is. */
const pathParameterBreaks = ({ template }: Operation): fc.Arbitrary<Break>[] =>
  template.split('/').flatMap((segment, at) =>
    segment.startsWith('{')
      ? [
          hostileText.map((text) => ({
            what: `another ${segment}`,
            apply: ({ path }: Draft) => ({
              path: path
                .split('/')
                .map((old, index) => (index === at ? encoded(text) : old))
                .join('/'),
            }),
          })),
        ]
      : [],
  )

const namesOf = (operation: Operation): string[] => {
  const names = operation.parameters.filter(({ in: place }) => place === 'query')
  return names.length > 0 ? names.map(({ name }) => name) : ['page']
}

const queryBreaks = (operation: Operation): fc.Arbitrary<Break> => {
  const known = fc.constantFrom(...namesOf(operation))
  const odd = fc.oneof(
    known.chain((name) =>
      fc.constantFrom(`${name}[]`, `${name}[a]`, name.toUpperCase(), ` ${name}`, `${name}\u0000`),
    ),
    fc.constantFrom(...PROTOTYPE_NAMES),
    hostileText,
  )
  return fc.oneof(
    fc.tuple(known, hostileText).map(([name, text]) => ({
      what: `another ${name}`,
      apply: ({ query }: Draft) => ({
        query: [...query.filter(([other]) => other !== name), [name, text] as Field],
      }),
    })),
    fc.tuple(known, hostileText).map(([name, text]) => ({
      what: `${name} once more`,
      apply: ({ query }: Draft) => ({
        query: [
          ...query,
          [name, query.find(([other]) => other === name)?.[1] ?? text] as Field,
          [name, text] as Field,
        ],
      }),
    })),
    fc.tuple(odd, hostileText).map(([name, text]) => ({
      what: 'a parameter that there is not',
      apply: ({ query }: Draft) => ({ query: [...query, [name, text] as Field] }),
    })),
    fc.tuple(known, hostileText).map(([name, text]) => ({
      what: `an unencoded ${name}`,
      apply: () => ({ rawQuery: sendableTarget(`${name}=${text}`) }),
    })),
    fc
      .constantFrom(
        '&',
        '=',
        '&&a',
        '?',
        '%',
        '%=%',
        '+',
        `a=${'b'.repeat(9000)}`,
        '&a'.repeat(3000),
      )
      .map((rawQuery) => ({ what: 'an odd query', apply: () => ({ rawQuery }) })),
    fc.tuple(known, fc.integer({ min: 90, max: 150 })).map(([name, count]) => ({
      what: `${name} ${count} times`,
      apply: () => ({
        query: Array.from({ length: count }, (_, at): Field => [
          name,
          `6f1f63a9-4b47-4e9a-9c3f-${String(at).padStart(12, '0')}`,
        ]),
      }),
    })),
  )
}

/** Everything that can go wrong with a request for an operation. */
export const breaksOf = (operation: Operation): fc.Arbitrary<Break> => {
  const { bodies } = operation
  return fc.oneof(
    ...pathParameterBreaks(operation).map((arbitrary) => ({ weight: 3, arbitrary })),
    { weight: namesOf(operation).length > 1 ? 5 : 2, arbitrary: queryBreaks(operation) },
    { weight: 3, arbitrary: headerBreaks },
    { weight: bodies.length > 0 ? 10 : 0, arbitrary: jsonBreaks },
    { weight: bodies.length > 0 ? 3 : 1, arbitrary: bodyBreaks },
    { weight: 1, arbitrary: methodBreaks },
    { weight: 2, arbitrary: pathBreaks },
  )
}
