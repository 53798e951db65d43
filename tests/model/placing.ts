import { closing } from './closing.ts'
import { diskOf, withActor, withDisk, type Move, type MovesOf, type Turn } from './moves.ts'
import { trustsDedupe, type Rules } from './rules.ts'
import type { Actor, State, Time } from './state.ts'

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

/** The claim stays as it is. */
const leave = (state: State, index: number): State => withActor(state, index, { step: 'drain' })

/** As if there had been no claim; only broken protocols do this. */
const release = (state: State, index: number, actor: Actor): State =>
  withDisk({ ...leave(state, index), intent: null }, actor, { claim: null })

/** Surely nothing reached the broker. */
const unsent = (state: State, { index, actor, rules }: Turn): State => {
  const failed = { ...state, excused: true }
  if (actor.step === 'send') return withActor(failed, index, { step: 'send once more' })
  // That the repeat did not leave says nothing about the first request, which was unclear.
  if (actor.step === 'send again') return leave(failed, index)
  if (!trustsDedupe(rules)) return withActor(failed, index, closing(rules, 'abandoned'))
  // The next run takes the claim over and tries again.
  return rules.broken === 'y10' ? release(failed, index, actor) : leave(failed, index)
}

/** Nobody knows whether the request reaches the broker. */
const unclear = (state: State, turn: Turn): State => {
  const { index, actor, rules } = turn
  const after = { ...state, inFlight: state.inFlight + 1 }
  if (rules.broken === 'y1') return accepted(after, index, 'stamp', rules)
  if (rules.broken === 'y6') return unsent(after, turn)
  if (actor.step === 'send again') return leave(after, index)
  return withActor(after, index, { step: 'look up' })
}

const send: MovesOf = (turn) => {
  const { state, index, rules } = turn
  const repeated = rules.world.dedupes && state.book > 0
  // A broker that answers with the order it has also says when that one was placed.
  const ofRepeat: Time = rules.broken === 'y2' ? 'wrong' : 'broker'
  return [
    {
      label: repeated ? 'sends: accepted before' : 'sends: accepted',
      state: accepted(booked(state, rules), index, repeated ? ofRepeat : 'stamp', rules),
    },
    {
      label: 'sends: refused',
      state: { ...withActor(state, index, closing(rules, 'rejected')), excused: true },
    },
    { label: 'sends: surely not sent', state: unsent(state, turn) },
    { label: 'sends: no clear answer', state: unclear(state, turn) },
  ]
}

/** Step 2 after an unknown outcome. A look-up that fails has not found the order either. */
const lookUp: MovesOf = ({ state, index, actor, rules }) => {
  const { broken } = rules
  if (broken === 'x14') {
    return [{ label: 'releases its claim', state: release(state, index, actor) }]
  }
  const maySendAgain = trustsDedupe(rules) || broken === 'x13'
  const moves: Move[] =
    state.book > 0
      ? [{ label: 'looks up: found', state: accepted(state, index, 'broker', rules) }]
      : []
  moves.push(
    maySendAgain
      ? { label: 'looks up: not found', state: withActor(state, index, { step: 'send again' }) }
      : { label: 'looks up: not found, leaves it to the sweep', state: leave(state, index) },
  )
  return moves
}

const keepInJournal: MovesOf = ({ state, index, actor }) => {
  const next = withActor(state, index, { step: 'R1' })
  // One file per order, so the last entry is the one that is there.
  const journal = actor.time ? [actor.time] : diskOf(state, actor).journal
  return [
    { label: 'notes it in the journal', state: withDisk(next, actor, { journal }) },
    { label: 'cannot write the journal', state: next },
  ]
}

/** Steps 2 and 3: the order, and the journal entry that outlives the engine. */
export const placing = {
  send,
  'send once more': send,
  'look up': lookUp,
  'send again': send,
  journal: keepInJournal,
} satisfies Record<string, MovesOf>
