import { z } from '@hono/zod-openapi'
import { stringify } from 'csv-stringify/sync'
import { OrderListItem } from './schemas.ts'

/** An order as the lists of the API have it. */
export type OrderRow = z.infer<typeof OrderListItem>

/** Orders as lines of text, so that a list can be written page by page. */
export interface RowFormat {
  type: string
  /** The type with its parameters. */
  content_type: string
  name: string
  extension: string
  description: string
  /** What stands before the first row. */
  head: string
  /** The rows of some orders, each with the end of its line. */
  rows: (orders: readonly OrderRow[]) => string
}

/** The fields of an order in a list, in their order; those of its asset have a column each. */
const columns = Object.entries(OrderListItem.shape).flatMap(([field, schema]) => {
  if (!(schema instanceof z.ZodObject)) return [{ key: field, header: field }]
  return Object.keys(schema.shape).map((part) => ({
    key: `${field}.${part}`,
    header: part.startsWith(`${field}_`) ? part : `${field}_${part}`,
  }))
})

const csv = (orders: readonly OrderRow[], header: boolean): string =>
  stringify([...orders], {
    columns,
    header,
    record_delimiter: 'windows',
    escape_formulas: true,
  })

/** RFC 4180. Text that a spreadsheet would take for a formula has an apostrophe before it. */
export const CSV = {
  type: 'text/csv',
  content_type: 'text/csv; charset=utf-8; header=present',
  name: 'CSV',
  extension: 'csv',
  description: `A row for each order, under the names of the columns: ${columns.map(({ header }) => `\`${header}\``).join(', ')}. It is RFC 4180 in UTF-8. Text that a spreadsheet would take for a formula has an apostrophe before it.`,
  head: csv([], true),
  rows: (orders) => csv(orders, false),
} as const satisfies RowFormat

/** A line of JSON for each order, the same as in the JSON of a list. */
export const NDJSON = {
  type: 'application/x-ndjson',
  content_type: 'application/x-ndjson',
  name: 'NDJSON',
  extension: 'ndjson',
  description: 'A line for each order, an `OrderListItem` as JSON.',
  head: '',
  rows: (orders) => orders.map((order) => `${JSON.stringify(order)}\n`).join(''),
} as const satisfies RowFormat

export const ROW_FORMATS: readonly RowFormat[] = [CSV, NDJSON]
