import { calling, diskOf, withActor, withDisk, type Move, type MovesOf } from './moves.ts'
import { trustsDedupe, type Rules } from './rules.ts'
import { withTime, type State, type Time } from './state.ts'

/** The broker applies a request. */
const booked = (state: State, { world }: Rules): State => ({
  ...state,
  book: world.dedupes ? 1 : state.book + 1,
})

/** Requests that nobody waits for any more: each reaches the book later, or never. */
export const inFlightMoves = (state: State, rules: Rules): Move[] => {
  if (state.inFlight === 0) return []
  const rest = { ...state, inFlight: state.inFlight - 1 }
  return [
    { label: 'the broker applies a request that nobody waits for', state: booked(rest, rules) },
    { label: 'a request to the broker is lost', state: { ...rest, excused: true } },
  ]
}

/** On Lambda no disk lasts, so there is no journal before the first try to record. */
const accepted = (state: State, index: number, time: Time, { world }: Rules): State =>
  withActor(state, index, { step: world.place === 'lambda' ? 'R1' : 'journal', time })

const send: MovesOf = ({ state, index, rules }) => {
  const repeated = rules.world.dedupes && state.book > 0
  // A broker that answers with the order it has also says when that one was placed.
  const ofRepeat: Time = rules.broken === 'y2' ? 'wrong' : 'broker'
  const unknown = { ...state, inFlight: state.inFlight + 1 }
  return [
    {
      label: repeated ? 'sends: accepted before' : 'sends: accepted',
      state: accepted(booked(state, rules), index, repeated ? ofRepeat : 'stamp', rules),
    },
    {
      label: 'sends: refused',
      state: { ...withActor(state, index, { step: 'reject' }), excused: true },
    },
    {
      label: 'sends: no clear answer',
      state:
        rules.broken === 'y1'
          ? accepted(unknown, index, 'stamp', rules)
          : withActor(unknown, index, { step: 'look up' }),
    },
  ]
}

/** Step 2 after an unknown outcome. Without an answer to the look-up, the sweep has to find out. */
const lookUp: MovesOf = ({ state, index, actor, rules }) => {
  const { world, broken } = rules
  const toSweep = withActor(state, index, { step: 'drain' })
  if (broken === 'x14') {
    const released = withDisk({ ...toSweep, intent: null }, actor, { claimFile: false })
    return [{ label: 'releases its claim', state: released }]
  }
  const moves: Move[] = [{ label: 'leaves it to the sweep', state: toSweep }]
  if (state.book > 0) {
    moves.push({ label: 'looks up: found', state: accepted(state, index, 'broker', rules) })
  }
  const mayResend = (trustsDedupe(rules) || broken === 'x13') && !actor.resent
  if ((state.book === 0 || world.lags) && mayResend) {
    const again = withActor(state, index, { step: 'send', resent: true })
    moves.push({ label: 'looks up: not found, sends again', state: again })
  }
  return moves
}

const reject: MovesOf = (turn) => {
  const drain = (after: State): State => withActor(after, turn.index, { step: 'drain' })
  return calling(turn, { kind: 'close', to: 'rejected' }, { answered: drain, failed: drain })
}

const keepInJournal: MovesOf = ({ state, index, actor }) => {
  const next = withActor(state, index, { step: 'R1' })
  const journal = withTime(diskOf(state, actor).journal, actor.time ?? 'wrong')
  return [
    { label: 'notes it in the journal', state: withDisk(next, actor, { journal }) },
    { label: 'cannot write the journal', state: next },
  ]
}

/** Steps 2 and 3: the order, and the journal entry that outlives the engine. */
export const placing = {
  send,
  'look up': lookUp,
  reject,
  journal: keepInJournal,
} satisfies Record<string, MovesOf>
