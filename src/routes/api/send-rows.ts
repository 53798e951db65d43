import type { Context } from 'hono'
import type { PagePosition } from '../../domain/cursor.ts'
import { messageOf } from '../../domain/errors.ts'
import type { ListedOrder } from '../../domain/order.ts'
import type { Logger, OrdersPage } from '../../domain/ports.ts'
import type { RowFormat } from './order-rows.ts'
import { orderListItem } from './schemas.ts'

/** Reads the first page of a list, or the one at the `next` of another. */
type ReadPage = (position: PagePosition | null) => Promise<Pick<OrdersPage, 'orders' | 'next'>>

const encoder = new TextEncoder()

/**
 * Answers with a whole list as rows. One page is an ordinary body; a longer list is a stream, which
 * reads a page when there is room for it, so that nothing is read for a client that left. As the
 * status is sent by then, a store that fails breaks the stream off. To the types this is no answer:
 * the typed client asks for JSON alone.
 */
export const sendRows = async (
  c: Context,
  { extension, content_type, head, rows }: RowFormat,
  { read, name, logger }: { read: ReadPage; name: string; logger: Logger },
): Promise<never> => {
  const textOf = (orders: readonly ListedOrder[]): string => rows(orders.map(orderListItem))
  const { orders, next } = await read(null)
  const start = head + textOf(orders)
  const request = { request_id: c.get('requestId'), method: c.req.method, path: c.req.path }
  const chunks = async function* () {
    yield encoder.encode(start)
    try {
      for (let position = next; position;) {
        const page = await read(position)
        yield encoder.encode(textOf(page.orders))
        position = page.next
      }
    } catch (error) {
      const cause = error instanceof Error && error.cause ? messageOf(error.cause) : undefined
      logger.error('export.failed', { ...request, problem: messageOf(error), cause })
      throw error
    }
  }
  c.set('isStreamed', next !== null)
  const answer = c.body(next === null ? start : ReadableStream.from(chunks()), 200, {
    'Content-Type': content_type,
    'Content-Disposition': `attachment; filename="${name}.${extension}"`,
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return answer as never
}
