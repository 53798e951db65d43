import { describe, expect, test } from 'vitest'
import { DomainError } from '../../../src/domain/errors.ts'
import { mergePatch, patchDefinition } from '../../../src/domain/workflow-patch.ts'
import { aDefinition } from '../../support/builders.ts'

const fieldsOf = (patch: unknown): string[] => {
  try {
    patchDefinition(aDefinition(), patch)
    return []
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'invalid') throw error
    return error.errors.map(({ field }) => field)
  }
}

// RFC 7396, appendix A.
test.each([
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
])('%s patched with %s is %s', (target, patch, result) => {
  expect(mergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(JSON.parse(result))
})

describe('a definition that is patched', () => {
  test('keeps what the patch does not name, also within the trigger', () => {
    const before = aDefinition()

    expect(patchDefinition(before, { name: 'Renamed', trigger: { quantity: 3 } })).toEqual({
      ...before,
      name: 'Renamed',
      trigger: { ...before.trigger, quantity: 3 },
    })
    expect(before).toEqual(aDefinition())
    expect(patchDefinition(before, {})).toEqual(before)
  })

  test('has its conditions replaced as a whole', () => {
    const conditions = [
      {
        indicator: { name: 'ma50', unit_time: 'daily' },
        close: { direction: 'below', unit_time: 'h1', spread: 3 },
        element: null,
      },
    ]

    expect(patchDefinition(aDefinition(), { conditions })).toEqual({ ...aDefinition(), conditions })
  })

  test('gets the default of what is removed', () => {
    const before = aDefinition({ end_date: '2026-12-31', enable: false })

    expect(
      patchDefinition(before, { end_date: null, enable: null, dry_run: null, trigger: null }),
    ).toEqual({
      ...before,
      end_date: null,
      enable: true,
      dry_run: true,
      trigger: {
        unit_time: 'h1',
        signal: 'breakout',
        location: 'lower',
        order_direction: 'sell',
        quantity: 0.1,
        offset: 1,
      },
    })
  })

  test.each([
    ['a name that is removed', { name: null }, ['name']],
    ['several fields', { enable: 'no', trigger: { quantity: 0 } }, ['enable', 'trigger.quantity']],
    ['a field of a trigger', { trigger: { size: 1 } }, ['trigger.size']],
    ['an unknown field', { dryrun: true }, ['dryrun']],
    ['what the store keeps', { revision: 4, id: 'x' }, ['revision', 'id']],
    [
      'a condition',
      { conditions: [{ ...aDefinition().conditions[0], element: 'open' }] },
      ['conditions.0.element'],
    ],
    ['a trigger that does not fit', { trigger: { location: 'higher' } }, ['trigger.location']],
    ['a list', [{ name: 'x' }], ['']],
    ['nothing', null, ['']],
    ['a text', 'name', ['']],
  ])('names the fields that %s spoils', (_what, patch, fields) => {
    expect(fieldsOf(patch)).toEqual(fields)
  })

  test.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'takes %s for an unknown field and follows it nowhere',
    (name) => {
      const patch: unknown = JSON.parse(
        `{ "name": "Renamed", "${name}": { "polluted": true, "prototype": { "polluted": true } } }`,
      )

      expect(fieldsOf(patch)).toEqual([name])
      expect(fieldsOf({ trigger: patch })).toEqual(['trigger.name', `trigger.${name}`])
      expect(patchDefinition(aDefinition(), JSON.parse(`{ "${name}": null }`))).toEqual(
        aDefinition(),
      )
      expect({}).not.toHaveProperty('polluted')
    },
  )

  test('is refused, and nothing overflows, when the patch is nested without end', () => {
    const nested = (open: string, close: string): unknown =>
      JSON.parse(`${open.repeat(200_000)}1${close.repeat(200_000)}`)

    expect(fieldsOf(nested('{"a":', '}'))).toEqual(['a'])
    expect(fieldsOf({ trigger: nested('{"trigger":', '}') })).toEqual(['trigger.trigger'])
    expect(fieldsOf({ conditions: nested('[', ']') })).toEqual(['conditions.0'])
    expect(fieldsOf({ name: nested('{"a":', '}') })).toEqual(['name'])
  })
})
