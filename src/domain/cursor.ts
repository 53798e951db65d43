import { createHash } from 'node:crypto'
import { DomainError, describeFieldErrors } from './errors.ts'

/**
 * Where a page of orders begins. `key` is a point in the order of the trail's sort keys
 * (`placed_at#order_id`, or an instant between two orders); the order that is there itself is not on
 * the page. `backward` reads the page that ends there.
 */
export interface PagePosition {
  key: string
  paging: 'forward' | 'backward'
}

/** The list that a cursor belongs to: another route or filter makes another list. */
export interface CursorScope {
  route: string
  filter: Readonly<Record<string, string | readonly string[] | undefined>>
}

const LONGEST = 512
const DIGEST_BYTES = 12
const PAYLOAD = /^([fb])(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(?:#[\u0021-\u007e]{1,100})?)$/

/** The same text for the same filter, however it was put. */
const normalised = (filter: CursorScope['filter']): string => {
  const fields = Object.entries(filter).map(
    ([name, value = []]) =>
      [name, typeof value === 'string' ? [value] : [...new Set(value)].toSorted()] as const,
  )
  return JSON.stringify(
    fields.filter(([, values]) => values.length > 0).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/**
 * A position as the opaque text of a link: a digest of the list and the position, then the position.
 * The digest tells a cursor of another list, or a damaged one. It needs no secret: whoever makes up a
 * cursor sees what the same filter shows them anyway, from another order on.
 */
export const encodeCursor = (
  { key, paging }: PagePosition,
  { route, filter }: CursorScope,
): string => {
  const payload = (paging === 'forward' ? 'f' : 'b') + key
  const digest = createHash('sha256').update(JSON.stringify([route, normalised(filter), payload]))
  return Buffer.concat([
    digest.digest().subarray(0, DIGEST_BYTES),
    Buffer.from(payload, 'utf8'),
  ]).toString('base64url')
}

/**
 * The position in a cursor.
 * @throws DomainError `bad_request` for anything that `encodeCursor` does not make for this list
 */
export const decodeCursor = (cursor: string, scope: CursorScope): PagePosition => {
  if (cursor.length <= LONGEST) {
    const payload = Buffer.from(cursor, 'base64url').subarray(DIGEST_BYTES).toString('utf8')
    const [, paging, key] = PAYLOAD.exec(payload) ?? []
    if (key !== undefined) {
      const position: PagePosition = { key, paging: paging === 'f' ? 'forward' : 'backward' }
      // One text per position: decoding alone would let stray characters and bits pass.
      if (encodeCursor(position, scope) === cursor) return position
    }
  }
  const message = 'expected a cursor that came with a page of this list, under the same filter'
  const errors = [{ field: 'cursor', message }]
  throw new DomainError('bad_request', describeFieldErrors(errors), { errors })
}
