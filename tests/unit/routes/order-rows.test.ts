import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CSV, NDJSON, type OrderRow } from '../../../src/routes/api/order-rows.ts'

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...Array.from('=+-@\t\r\n",\'; 0aÀ＝＋－＠')) }),
)
const positive = fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true })
const instant = fc
  .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())

const anyOrder: fc.Arbitrary<OrderRow> = fc.record({
  order_id: fc.uuid(),
  workflow_id: fc.uuid(),
  workflow_name: text,
  placed_at: instant,
  price: positive,
  quantity: positive,
  direction: fc.constantFrom('BUY', 'SELL'),
  order_type: fc.constantFrom('LIMIT', 'OPEN_STOP'),
  asset: fc.record({
    code: text,
    index: text,
    asset_type: fc.constantFrom('Stock', 'CfdOnIndex', null),
  }),
  expires_at: instant,
})
const someOrders = fc.array(anyOrder, { maxLength: 5 })

const FORMULA = /^[=+\-@\t\r＝＋－＠]/

/** What a reader of the CSV sees, for text that may be taken for a formula. */
const guarded = (value: string): string => (FORMULA.test(value) ? `'${value}` : value)

describe('rows of orders', () => {
  test('as CSV are read back as they were, whatever the names are', () => {
    fc.assert(
      fc.property(someOrders, (orders) => {
        const rows = parse<Record<string, string>>(CSV.head + CSV.rows(orders), {
          columns: true,
          record_delimiter: '\r\n',
        })
        const read = rows.map(
          ({ price, quantity, asset_code, asset_index, asset_type, ...row }) => ({
            ...row,
            price: Number(price),
            quantity: Number(quantity),
            asset: { code: asset_code, index: asset_index, asset_type: asset_type || null },
          }),
        )
        expect(read).toEqual(
          orders.map(({ asset, workflow_name, ...order }) => ({
            ...order,
            workflow_name: guarded(workflow_name),
            asset: { ...asset, code: guarded(asset.code), index: guarded(asset.index) },
          })),
        )
      }),
    )
  })

  test('as CSV have no cell that is a formula', () => {
    fc.assert(
      fc.property(someOrders, (orders) => {
        const cells = parse(CSV.rows(orders), { record_delimiter: '\r\n' }).flat()
        expect(cells.filter((cell) => FORMULA.test(cell))).toEqual([])
      }),
    )
  })

  test('as NDJSON are read back as they were, a line each', () => {
    fc.assert(
      fc.property(someOrders, (orders) => {
        const lines = NDJSON.rows(orders).split('\n')
        expect(lines.pop()).toBe('')
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(orders)
      }),
    )
  })

  test.each([CSV, NDJSON])('as $name are the same in one piece and in several', ({ rows }) => {
    fc.assert(
      fc.property(someOrders, someOrders, (some, others) => {
        expect(rows(some) + rows(others)).toBe(rows([...some, ...others]))
      }),
    )
  })
})
