import { applied } from './dynamodb.ts'
import { actorOf } from './name.ts'
import type { Rules } from './rules.ts'
import type { Actor, State, Time } from './state.ts'

/** Once a time is noted it stays, so it does not matter any more who came with which. */
const withOneTime = (state: State, noted: Time): State => {
  const { lateCall } = state
  const isOther = (time: Time | null): boolean => time !== null && time !== noted
  return {
    ...state,
    actors: state.actors.map((actor) =>
      isOther(actor.time) ? actorOf({ ...actor, time: noted }) : actor,
    ),
    disks: state.disks.map((disk) =>
      disk.journal.some(isOther) ? { ...disk, journal: [noted] } : disk,
    ),
    lateCall: lateCall && 'time' in lateCall ? { ...lateCall, time: noted } : lateCall,
  }
}

/** An intent only goes forward: a late call that changes nothing by now may as well never arrive. */
const withoutVainCall = (state: State, rules: Rules): State => {
  const { lateCall, intent } = state
  const isVain = lateCall && intent && applied(state, lateCall, rules) === state
  return isVain ? { ...state, lateCall: null } : state
}

const isOver = ({ role, step }: Actor): boolean => role === 'sweep' && step === 'done'

/** What cannot matter any more is forgotten, which makes many states one. */
export const tidied = (state: State, first: State, rules: Rules): State => {
  const { world, broken } = rules
  const { book, actors, intent } = state
  // Of several requests with one client order id, a broker that dedupes applies at most one.
  const most = world.dedupes ? 1 - book : state.inFlight
  const tidy = {
    ...state,
    inFlight: Math.min(state.inFlight, most),
    excused: state.excused || book > 0,
    // After a sweep there is another one.
    actors: actors.some(isOver)
      ? actors.map((actor, index) => (isOver(actor) ? (first.actors[index] ?? actor) : actor))
      : actors,
  }
  // A broken protocol may lose what is in the tables.
  if (broken !== null) return tidy
  const known = withoutVainCall(tidy, rules)
  return intent?.placed_at ? withOneTime(known, intent.placed_at) : known
}
