import { applied } from './dynamodb.ts'
import { calling, withActor, type Move, type MovesOf } from './moves.ts'
import type { Rules } from './rules.ts'
import type { Actor, Intent, State, Time } from './state.ts'

const isOpen = (intent: Intent | null): boolean =>
  intent?.state === 'claimed' || intent?.state === 'placed'

/** What a sweep that sees the broker's order has to record, or null. */
const toRecord = ({ intent }: State, { broken }: Rules): Time | null => {
  if (intent?.state === 'recorded') return null
  // Never asks the broker; knows only what the table says.
  if (broken === 'x2') return intent?.state === 'placed' ? intent.placed_at : null
  if (broken === 'x3' && (intent?.state === 'rejected' || intent?.state === 'abandoned'))
    return null
  // Lists the broker's orders since the oldest open intent, so without one it lists nothing.
  if (broken === 'y4' && !isOpen(intent)) return null
  return 'broker'
}

const list: MovesOf = ({ state, index, rules }) => {
  const moves: Move[] = []
  if (state.book > 0) {
    const time = toRecord(state, rules)
    const next: Partial<Actor> = time ? { step: 'R1', time } : { step: 'done' }
    moves.push({ label: 'finds the order', state: withActor(state, index, next) })
  }
  if (state.book === 0 || rules.world.lags) {
    moves.push({ label: 'finds no order', state: withActor(state, index, { step: 'abandon' }) })
  }
  return moves
}

const abandon: MovesOf = (turn) => {
  const done = (after: State): State => withActor(after, turn.index, { step: 'done' })
  return calling(turn, { kind: 'close', to: 'abandoned' }, { answered: done, failed: done })
}

/** Step 6 among engines that are still at work. It may come too early and see too little. */
export const sweeping = { list, abandon } satisfies Record<string, MovesOf>

const recorded = (state: State, time: Time, rules: Rules): State => {
  const marked = applied(state, { kind: 'R1', time }, rules)
  if (!marked.intent) return state
  const put = applied(marked, { kind: 'R2', time: marked.intent.placed_at ?? time }, rules)
  return applied(put, { kind: 'R3' }, rules)
}

const drained = (state: State, rules: Rules): State => {
  const entries = state.disks.flatMap(({ journal }) => journal)
  return entries.reduce((before, time) => recorded(before, time, rules), state)
}

const swept = (state: State, rules: Rules): State => {
  if (rules.broken === 'x1') return state
  if (state.book > 0) {
    const time = toRecord(state, rules)
    return time ? recorded(state, time, rules) : state
  }
  const isForgotten = !state.intent && state.disks.some(({ claimFile }) => claimFile)
  const known: State =
    isForgotten && rules.sweepReadsClaimFiles
      ? { ...state, intent: { state: 'claimed', owner: null, placed_at: null } }
      : state
  return applied(known, { kind: 'close', to: 'abandoned' }, rules)
}

/**
 * How it ends once everything is quiet and all services answer: the journal is drained and a sweep
 * runs, in either order. A quiet broker shows everything that it has.
 */
export const settled = (state: State, rules: Rules): Move[] => {
  const sweep = rules.broken === 'x1' ? 'no sweep runs' : 'the sweep runs'
  return [
    {
      label: `all is quiet: the journal is drained, ${sweep}`,
      state: swept(drained(state, rules), rules),
    },
    {
      label: `all is quiet: ${sweep}, the journal is drained`,
      state: drained(swept(state, rules), rules),
    },
  ]
}
