import { assert, constantFrom, date, integer, property, record, tuple, uuid } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor, type CursorScope } from '../../../src/domain/cursor.ts'

const SCOPE: CursorScope = {
  route: '/api/workflow/orders',
  filter: { direction: 'SELL', workflow_ids: ['a', 'b'], sort: '-placed_at' },
}
const POSITION = {
  key: '2026-11-23T09:30:00.250Z#0b9c2a4e-5d1f-5c3a-8e7b-6f5d4c3b2a19',
  paging: 'forward',
} as const

const refusal = expect.objectContaining({
  code: 'bad_request',
  message: expect.stringContaining('cursor: expected a cursor') as string,
  errors: [expect.objectContaining({ field: 'cursor' })],
}) as Error

const decode =
  (cursor: string, scope = SCOPE) =>
  () =>
    decodeCursor(cursor, scope)

/** Any order's place, or a point between two orders, in both directions. */
const positions = record({
  key: tuple(
    date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
    uuid(),
    constantFrom(true, false),
  ).map(([at, id, isOrder]) => at.toISOString() + (isOrder ? `#${id}` : '')),
  paging: constantFrom('forward' as const, 'backward' as const),
})

describe('a cursor', () => {
  test('gives its position back, as short text that a URL holds unchanged', () => {
    assert(
      property(positions, (position) => {
        const cursor = encodeCursor(position, SCOPE)
        expect(decodeCursor(cursor, SCOPE)).toEqual(position)
        expect(encodeURIComponent(cursor)).toBe(cursor)
        expect(cursor.length).toBeLessThan(110)
      }),
    )
  })

  test('fits the same filter, however it was put', () => {
    const cursor = encodeCursor(POSITION, SCOPE)

    const same = {
      sort: '-placed_at',
      ids: [],
      workflow_ids: ['b', 'a', 'b'],
      instrument: undefined,
      direction: 'SELL',
    }
    expect(decodeCursor(cursor, { ...SCOPE, filter: same })).toEqual(POSITION)
  })

  test.each([
    ['another route', { ...SCOPE, route: '/api/workflow/orders.csv' }],
    ['another value', { ...SCOPE, filter: { ...SCOPE.filter, direction: 'BUY' } }],
    ['another sort', { ...SCOPE, filter: { ...SCOPE.filter, sort: 'placed_at' } }],
    ['fewer workflows', { ...SCOPE, filter: { ...SCOPE.filter, workflow_ids: ['a'] } }],
    ['one field more', { ...SCOPE, filter: { ...SCOPE.filter, instrument: 'GER40.I' } }],
    ['no filter', { ...SCOPE, filter: {} }],
  ])('is refused with %s', (_, scope) => {
    expect(decode(encodeCursor(POSITION, SCOPE), scope)).toThrow(refusal)
  })

  test('is refused when any bit of it has flipped', () => {
    assert(
      property(
        positions,
        integer({ min: 0, max: 109 }),
        integer({ min: 0, max: 6 }),
        (p, at, bit) => {
          const cursor = encodeCursor(p, SCOPE)
          const index = at % cursor.length
          const flipped = String.fromCharCode(cursor.charCodeAt(index) ^ (1 << bit))
          expect(decode(cursor.slice(0, index) + flipped + cursor.slice(index + 1))).toThrow(
            refusal,
          )
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('is refused when it is cut off or continued', () => {
    const cursor = encodeCursor(POSITION, SCOPE)
    for (let length = 0; length < cursor.length; length += 1) {
      expect(decode(cursor.slice(0, length))).toThrow(refusal)
      expect(decode(cursor.slice(length + 1))).toThrow(refusal)
    }
    for (const more of ['A', '=', ' ', '%', '\n', cursor]) {
      expect(decode(cursor + more)).toThrow(refusal)
    }
  })

  test.each([
    ['nothing', ''],
    ['a page number', '2'],
    ['JSON', '{"position":"2026-11-23"}'],
    ['an order id', '0b9c2a4e-5d1f-5c3a-8e7b-6f5d4c3b2a19'],
    ['text that is no ASCII', 'é'.repeat(40)],
    ['513 characters', 'A'.repeat(513)],
    ['a megabyte', 'A'.repeat(1_000_000)],
  ])('is not %s', (_, text) => {
    expect(decode(text)).toThrow(refusal)
  })

  test('is refused when somebody made it of something that is no position', () => {
    for (const key of ['', 'x', '2026-11-23', `${POSITION.key}\n`, `${POSITION.key}#ä`]) {
      expect(decode(encodeCursor({ key, paging: 'forward' }, SCOPE))).toThrow(refusal)
    }
    const long = `2026-11-23T09:30:00.250Z#${'x'.repeat(500)}`
    expect(decode(encodeCursor({ key: long, paging: 'forward' }, SCOPE))).toThrow(refusal)
  })
})
