interface Mutation {
  /** What is left out, as docs/protocol.md names it. */
  what: string
  /** One change per file: the text is there once. */
  changes: { file: string; find: string; replace: string }[]
}

/** Steps of the protocol, taken out of the real code: the experiments must notice each. */
export const MUTATIONS = {
  x1: {
    what: 'no sweep runs',
    changes: [
      {
        file: 'engine/reconcile.ts',
        find: '  const unresolved = await intents.unresolved()\n',
        replace: '  if (deps) return result\n  const unresolved = await intents.unresolved()\n',
      },
    ],
  },
  x3: {
    what: 'the sweep leaves out orders whose intent says rejected or abandoned',
    changes: [
      {
        file: 'engine/reconcile.ts',
        find: '(isClosed(intent) && !listed.has(order_id))',
        replace: 'isClosed(intent)',
      },
    ],
  },
  x4: {
    what: 'R1 overwrites the time that was noted first',
    changes: [
      {
        file: 'data/intents.ts',
        find: "set: { state: 'placed', ...OPEN },\n          setOnce: { ...once, placed_at, broker_order_id },",
        replace:
          "set: { state: 'placed', ...OPEN, placed_at, broker_order_id },\n          setOnce: once,",
      },
    ],
  },
  x6: {
    what: 'R3 comes before R2',
    changes: [
      {
        file: 'engine/record.ts',
        find: '  const order = await trail.recordWorkflowOrder({ ...placed, placed_at })\n',
        replace:
          '  await intents.markRecorded({ ...placed, placed_at, ttl: 0 }, now)\n  const order = await trail.recordWorkflowOrder({ ...placed, placed_at })\n',
      },
    ],
  },
  x9: {
    what: "an engine takes its own claim for another's",
    changes: [
      {
        file: 'data/intents.ts',
        find: "return intent.owner === owner && intent.state === 'claimed' ? null : intent",
        replace: 'return intent',
      },
    ],
  },
  x12: {
    what: 'the broker is believed to dedupe and does not',
    changes: [
      {
        file: 'brokers/http.ts',
        find: '  return {\n    dedupesClientOrderIds,\n',
        replace: '  return {\n    dedupesClientOrderIds: dedupesClientOrderIds || true,\n',
      },
    ],
  },
} as const satisfies Record<string, Mutation>
export type MutationName = keyof typeof MUTATIONS
