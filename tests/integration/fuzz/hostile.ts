import * as fc from 'fast-check'

/** JSON as it is to be sent: what no JavaScript value is written as, such as `1e400`. */
export class RawJson {
  readonly text: string

  constructor(json: string) {
    this.text = json
  }
}

/** Writes JSON, with raw parts as they are. */
export const writeJson = (value: unknown): string => {
  if (value instanceof RawJson) return value.text
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}:${writeJson(field)}`,
  )
  return `{${fields.join(',')}}`
}

/** Names that every JavaScript object answers to. */
export const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
]

// Without `NaN` and `undefined`: once stored under such a name, a workflow would look like a fault.
const TEXTS = [
  '',
  ' ',
  '\t',
  '\n',
  '\r\nSet-Cookie: a=b',
  '\u0000',
  'a\u0000b',
  '\u007f\u0080\u009f',
  '\ud800',
  'a\udc00b',
  '\ufeff',
  '\u202etxt.exe',
  '\u2028\u2029',
  'e\u0301\u0323'.repeat(40),
  '👩‍👩‍👧‍👦'.repeat(20),
  'ﷺ'.repeat(200),
  'ẞıİſK',
  'x'.repeat(4000),
  '0',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '01',
  '1.0',
  '1e2',
  '1e400',
  '0x10',
  '٣',
  '１',
  '-0',
  '9'.repeat(10),
  '9'.repeat(400),
  '9007199254740993',
  'nan',
  'Infinity',
  'null',
  'true',
  'TRUE',
  'yes',
  '[]',
  '{}',
  '{"$ne":null}',
  '%',
  '%00',
  '%zz',
  '%E0%A4%A',
  '%C0%80',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '.',
  '..',
  '/',
  '\\',
  ';',
  "' OR '1'='1",
  'attribute_exists(id)',
  ':v',
  '#n',
  '<script>alert(1)</script>',
  '${7*7}',
  '{{7*7}}',
  '*',
  '"',
  '""',
  '"1"',
  'W/"1"',
  '"1", "2"',
  '"99999999999999999999"',
  '2026-02-30',
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59.999-23:59',
  '+275760-09-13T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  '2026-11-20T09:30:00',
  '2026-11-20T24:00:00Z',
  '2026-12-31T23:59:60Z',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '{6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11}',
  'sweep',
  ...PROTOTYPE_NAMES,
]

/** Texts that have broken programs before, and any other text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300, size: 'max' }) },
)

const deep = (depth: number, open: string, inside: string, close: string): RawJson =>
  new RawJson(open.repeat(depth) + inside + close.repeat(depth))

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1e400',
  '-1e400',
  '1e-400',
  '1.7976931348623157e308',
  '5e-324',
  '9007199254740993',
  '1e15',
  '1000000000000001',
  '1e-15',
  '1e-16',
  '9'.repeat(400),
  `0.${'1'.repeat(400)}`,
].map((digits) => new RawJson(digits))

const DEEP = [7, 8, 9, 10, 100, 5000].flatMap((depth) => [
  deep(depth, '[', '', ']'),
  deep(depth, '{"a":', '1', '}'),
  deep(depth, '{"conditions":[', '', ']}'),
])

/** Where JSON takes any value: of the wrong type, too large, too deep, or none that JSON has. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [null], [[]], '') },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(...DEEP) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...PROTOTYPE_NAMES).map((name) =>
      // A computed name makes a field of it; in a literal, `__proto__` would set the prototype.
      ({ [name]: { enable: false, isAdmin: true } }),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('NaN', 'undefined', "'a'", '01').map(raw) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
)

function raw(json: string): RawJson {
  return new RawJson(json)
}
