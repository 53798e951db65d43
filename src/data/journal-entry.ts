import { describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import { Order, type PlacedOrder } from '../domain/order.ts'

/** In the order of placement. */
export const oldestFirst = (a: PlacedOrder, b: PlacedOrder): number =>
  Date.parse(a.placed_at) - Date.parse(b.placed_at)

const Entry = Order.omit({ ttl: true })

/**
 * The placed order that a journal or a queue kept as JSON.
 * @throws Error that says what is wrong with the text
 */
export const parseEntry = (text: string): PlacedOrder => {
  const value: unknown = JSON.parse(text)
  const parsed = Entry.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(describeFieldErrors(fieldErrors(parsed.error.issues, value)))
}
