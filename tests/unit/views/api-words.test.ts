import { describe, expect, test } from 'vitest'
import { curlCommand } from '../../../src/views/components/api/curl.ts'
import type { JsonSchema } from '../../../src/views/components/api/document.ts'
import type { Operation } from '../../../src/views/components/api/operations.ts'
import { sampleOf } from '../../../src/views/components/api/sample.ts'
import { toldApart } from '../../../src/views/components/api/schema-shape.ts'
import { literal, rulesOf, typeWords } from '../../../src/views/components/api/schema-words.ts'

const ORDER = { $ref: '#/components/schemas/Order' }

const typeText = (schema: JsonSchema): string =>
  typeWords(schema)
    .map((word) => (typeof word === 'string' ? word : `<${word.schema}>`))
    .join('')

const rulesText = (schema: JsonSchema): string =>
  rulesOf(schema)
    .map(({ words, values }) => [words, values.map(literal).join(' ')].join(' ').trim())
    .join('; ')

describe('the type of a value in words', () => {
  test.each<[string, JsonSchema]>([
    ['string', { type: 'string' }],
    ['string or null', { type: ['string', 'null'] }],
    ['string or number', { type: ['string', 'number'] }],
    ['anything', {}],
    ['null', { type: 'null' }],
    ['<Order>', ORDER],
    ['<Order> or null', { anyOf: [ORDER, { type: 'null' }] }],
    ['<Order> and object', { allOf: [ORDER, { type: 'object', properties: { a: {} } }] }],
    ['list of strings', { type: 'array', items: { type: 'string' } }],
    ['list of <Order>', { type: 'array', items: ORDER }],
    ['list of anything', { type: 'array' }],
    ['list, each string or null', { type: 'array', items: { type: ['string', 'null'] } }],
    [
      'list of lists of numbers',
      { type: 'array', items: { type: 'array', items: { type: 'number' } } },
    ],
    [
      'list of 2: number, string',
      { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }] },
    ],
    ['object of numbers', { type: 'object', additionalProperties: { type: 'number' } }],
    ['object', { type: 'object', additionalProperties: {} }],
    ['object', { type: 'object', additionalProperties: {}, properties: { a: {} } }],
    ['number or boolean', { oneOf: [{ type: 'number' }, { type: 'boolean' }] }],
    ['one of 2 forms', { oneOf: [{ type: 'number', minimum: 1 }, { type: 'boolean' }] }],
    ['one of 2 forms or null', { anyOf: [{ enum: ['BUY'] }, ORDER, { type: 'null' }] }],
    ['string', { const: 'ok' }],
    ['string or number', { enum: ['a', 1] }],
  ])('%s', (words, schema) => {
    expect(typeText(schema)).toBe(words)
  })
})

describe('the rules of a value in words', () => {
  test.each<[string, JsonSchema]>([
    ['', { type: 'string' }],
    ['always ok', { const: 'ok' }],
    ['one of close high', { type: ['string', 'null'], enum: ['close', 'high', null] }],
    ['one of close', { type: ['string', 'null'], enum: ['close', null] }],
    ['a date, YYYY-MM-DD', { type: 'string', format: 'date' }],
    ['format ipv4', { type: 'string', format: 'ipv4' }],
    ['1 to 100; default 20', { type: 'integer', minimum: 1, maximum: 100, default: 20 }],
    ['more than 0', { type: 'number', exclusiveMinimum: 0 }],
    ['at least 0; less than 1', { type: 'number', minimum: 0, exclusiveMaximum: 1 }],
    ['1 to 200 characters; matches ^a$', { minLength: 1, maxLength: 200, pattern: '^a$' }],
    ['2 characters', { minLength: 2, maxLength: 2 }],
    ['at least 1 entry; no entry twice', { type: 'array', minItems: 1, uniqueItems: true }],
    ['each one of x1 x2', { type: 'array', items: { enum: ['x1', 'x2'] } }],
    ['', { type: 'array', items: ORDER }],
    ['with any fields', { type: 'object', additionalProperties: {} }],
    ['with any other fields', { properties: { a: {} }, additionalProperties: true }],
    ['', { type: 'object', additionalProperties: { type: 'number' } }],
    ['without other fields', { type: 'object', additionalProperties: false }],
    ['default ""', { type: 'string', default: '' }],
    ['default null; read only', { default: null, readOnly: true }],
  ])('%s', (words, schema) => {
    expect(rulesText(schema)).toBe(words)
  })
})

test('variants are told apart by the field that has one value in each, alike ones together', () => {
  const named = (name: string, more: Record<string, JsonSchema> = {}): JsonSchema => ({
    type: 'object',
    properties: { unit_time: { type: 'string' }, name: { const: name }, ...more },
  })
  const variants = toldApart({
    oneOf: [named('ma7'), named('ma50'), named('zone', { value: { type: 'number' } })],
  })
  expect(variants.map(({ told_by }) => told_by)).toEqual([
    { field: 'name', values: ['ma7', 'ma50'] },
    { field: 'name', values: ['zone'] },
  ])
  expect(Object.keys(variants[1]?.schema.properties ?? {})).toEqual(['unit_time', 'value'])
})

describe('a sample', () => {
  test('has what is required and what has an example, and keeps to the rules', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        name: { type: 'string' },
        cfd: { type: 'string', example: 'US500.I' },
        quantity: { type: 'number', exclusiveMinimum: 0 },
        unit_time: { enum: ['5m', '15m'] },
        end_date: { type: ['string', 'null'], format: 'date' },
        conditions: { type: 'array', items: { oneOf: [{ const: 'ma7' }, { const: 'ma50' }] } },
        reason: { type: 'string' },
      },
      required: ['name', 'quantity', 'unit_time', 'end_date', 'conditions'],
    }
    expect(sampleOf(schema, {})).toEqual({
      name: 'NAME',
      cfd: 'US500.I',
      quantity: 1,
      unit_time: '5m',
      end_date: '2030-12-31',
      conditions: ['ma7'],
    })
  })

  test('of an object that requires nothing still shows a field', () => {
    const properties = { enable: { type: 'boolean' }, name: { type: 'string' } }
    expect(sampleOf({ type: 'object', properties }, {})).toEqual({ enable: true })
  })

  test('of a schema that contains itself has an end', () => {
    const Tree: JsonSchema = {
      type: 'object',
      properties: {
        name: { type: 'string' },
        parent: { $ref: '#/components/schemas/Tree' },
        children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
      },
      required: ['name', 'parent', 'children'],
    }
    expect(sampleOf({ $ref: '#/components/schemas/Tree' }, { Tree })).toEqual({
      name: 'NAME',
      children: [],
    })
  })
})

describe('the curl command', () => {
  const anOperation = (over: Partial<Operation> = {}): Operation => ({
    id: 'getOrder',
    method: 'get',
    path: '/orders/{order_id}',
    summary: 'One order',
    parameters: [{ name: 'order_id', in: 'path', required: true, schema: { type: 'string' } }],
    body: null,
    answers: [],
    ...over,
  })
  const BASE = 'http://127.0.0.1:3000'

  test('has a placeholder in capitals for what is not known', () => {
    expect(curlCommand(anOperation(), BASE, {})).toBe(`curl ${BASE}/orders/ORDER_ID`)
  })

  test('has the examples of the document, and nothing that may be left away', () => {
    const parameters = [
      { name: 'order_id', in: 'path', required: true, example: 'a/b' },
      { name: 'page', in: 'query', schema: { example: '2' } },
      { name: 'from', in: 'query', required: true, schema: { example: '2026-01-01T00:00' } },
      { name: 'If-Match', in: 'header', required: true, schema: { example: '"3"' } },
    ]
    expect(curlCommand(anOperation({ method: 'delete', parameters }), BASE, {})).toBe(
      `curl -i -X DELETE '${BASE}/orders/a%2Fb?from=2026-01-01T00%3A00' \\\n  -H 'If-Match: "3"'`,
    )
  })

  test('sends a body of its content type, whatever quotes are in it', () => {
    const content = { 'application/json': { example: { name: "the bull's run; rm -rf $HOME" } } }
    const operation = anOperation({
      method: 'post',
      path: '/orders',
      parameters: [],
      body: { content },
    })
    expect(curlCommand(operation, BASE, {})).toBe(
      [
        `curl -i -X POST ${BASE}/orders \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -d '{`,
        String.raw`  "name": "the bull'\''s run; rm -rf $HOME"`,
        `}'`,
      ].join('\n'),
    )
  })
})
