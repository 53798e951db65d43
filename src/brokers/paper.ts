import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { Instant } from '../domain/candle.ts'
import { ProposedOrder } from '../domain/decision.ts'
import { messageOf } from '../domain/errors.ts'
import type { BrokerOrder } from '../domain/order.ts'
import type { Broker, OrderRequest } from '../domain/ports.ts'

const WAIT_FOR_LOCK_MS = 5_000
/** The book shows an order at once; what may take so long is a process that sleeps before it sends. */
const SETTLE_MS = 10 * 60_000

// `number` is the order's number in this book: it grows, and no order's number is given out again.
const SCHEMA = `CREATE TABLE IF NOT EXISTS orders (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  client_order_id TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL,
  direction TEXT NOT NULL,
  order_type TEXT NOT NULL,
  price REAL NOT NULL,
  quantity REAL NOT NULL,
  placed_at TEXT NOT NULL
) STRICT`

const Row = ProposedOrder.extend({
  number: z.number(),
  client_order_id: z.string(),
  placed_at: Instant,
})

export interface PaperBroker extends Broker {
  /** The book, in the order of placement. `since` is inclusive. */
  list: (filter?: { client_order_id?: string; since?: Date }) => Promise<BrokerOrder[]>
  close: () => void
}

const openBook = (file: string): DatabaseSync => {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const book = new DatabaseSync(file, { timeout: WAIT_FOR_LOCK_MS })
    // With a rollback journal, FULL may still undo a commit that a power loss follows at once:
    // EXTRA also syncs the folder that the journal is removed from.
    book.exec(`PRAGMA synchronous = EXTRA; ${SCHEMA}`)
    return book
  } catch (error) {
    throw new Error(`cannot open the paper broker's book ${file}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

const toBrokerOrder = (row: unknown): BrokerOrder => {
  const { number, ...order } = Row.parse(row)
  return { ...order, broker_order_id: `paper-${number}` }
}

/** Why an order cannot be taken, or null. */
const refusalOf = ({ price, quantity }: OrderRequest): string | null => {
  for (const [name, value] of Object.entries({ price, quantity })) {
    if (!Number.isFinite(value) || value <= 0) return `expected a ${name} above 0, got ${value}`
  }
  return null
}

/**
 * A broker that keeps orders in a book of its own, a SQLite file, and never executes them. Several
 * processes may share the file. An accepted order is on the disk when `place` answers. The same
 * client order id is the same order, whoever sends it and whatever else it says.
 * @throws Error that names the file, when it cannot be opened
 */
export const createPaperBroker = ({ file }: { file: string }): PaperBroker => {
  const book = openBook(file)
  const select = book.prepare('SELECT * FROM orders WHERE client_order_id = ?')
  const selectMany = book.prepare(
    `SELECT * FROM orders
     WHERE client_order_id = coalesce(?, client_order_id) AND placed_at >= ? ORDER BY number`,
  )
  const insert = book.prepare(
    `INSERT INTO orders (client_order_id, code, direction, order_type, price, quantity, placed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (client_order_id) DO NOTHING`,
  )
  const find = (client_order_id: string): BrokerOrder | null => {
    const row = select.get(client_order_id)
    return row ? toBrokerOrder(row) : null
  }

  return {
    dedupesClientOrderIds: true,
    settleMs: SETTLE_MS,

    place: async (request) => {
      const { client_order_id, code, direction, order_type, price, quantity, at } = request
      const known = find(client_order_id)
      if (known) return { kind: 'accepted', order: known, repeated: true }
      const reason = refusalOf(request)
      if (reason) return { kind: 'refused', reason }
      const placed_at = at.toISOString()
      const { changes } = insert.run(
        client_order_id,
        code,
        direction,
        order_type,
        price,
        quantity,
        placed_at,
      )
      // Another process may have placed it since the first look; its order is the one that counts.
      const order = find(client_order_id)
      if (!order) throw new Error(`the order ${client_order_id} is not in ${file}`)
      return { kind: 'accepted', order, repeated: changes === 0 }
    },

    findByClientOrderId: async (client_order_id) => find(client_order_id),

    list: async ({ client_order_id, since } = {}) =>
      selectMany.all(client_order_id ?? null, since?.toISOString() ?? '').map(toBrokerOrder),

    close: () => book.close(),
  }
}
