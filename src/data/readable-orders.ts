import type { z } from 'zod'
import { describeFieldErrors, fieldErrors } from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'

type Item = Record<string, unknown>

/** The stored orders that can be read; any other is reported and left out. */
export const readableOrders = <T>(
  items: readonly Item[],
  parse: (item: Item) => z.ZodSafeParseResult<T>,
  logger: Logger,
): T[] =>
  items.flatMap((item) => {
    const parsed = parse(item)
    if (parsed.success) return [parsed.data]
    logger.warn('order.unreadable', {
      workflow_id: item['workflow_id'],
      order_id: item['order_id'],
      problem: describeFieldErrors(fieldErrors(parsed.error.issues, item)),
    })
    return []
  })
