interface Keys {
  partition: string
  sort?: string
}

export interface TableDefinition extends Keys {
  /** Global secondary indexes; each repeats whole items. */
  indexes: readonly (Keys & { name: string })[]
  /** The attribute with the epoch second at which an item expires. */
  ttl?: string
}

/** The tables, billed on demand. Every key is a string. */
export const TABLES = {
  workflows: { partition: 'id', indexes: [] },
  workflow_orders: {
    partition: 'workflow_id',
    sort: 'placed_at',
    ttl: 'ttl',
    indexes: [
      { name: 'by_order_id', partition: 'order_id' },
      { name: 'by_day', partition: 'placed_on', sort: 'placed_at' },
    ],
  },
  order_intents: {
    partition: 'order_id',
    ttl: 'ttl',
    // Sparse: `unresolved` is `yes` while the order is claimed or placed, `abandoned` when it was
    // given up, and not there otherwise.
    indexes: [{ name: 'unresolved', partition: 'unresolved', sort: 'claimed_at' }],
  },
  signed_out_sessions: { partition: 'session_id', ttl: 'ttl', indexes: [] },
} as const satisfies Record<string, TableDefinition>

/** The real name of each table. */
export type Tables = Record<keyof typeof TABLES, string>

/** Table names with the prefix that keeps installations apart. */
export const tableNames = (prefix: string): Tables => ({
  workflows: `${prefix}workflows`,
  workflow_orders: `${prefix}workflow_orders`,
  order_intents: `${prefix}order_intents`,
  signed_out_sessions: `${prefix}signed_out_sessions`,
})

/** Every table by its real name. */
export const tablesOf = (prefix: string): [string, TableDefinition][] =>
  Object.entries(TABLES).map(([name, table]) => [`${prefix}${name}`, table])
