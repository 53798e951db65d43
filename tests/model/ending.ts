import type { Move } from './moves.ts'
import { actorOf } from './name.ts'
import type { Rules } from './rules.ts'
import type { Actor, State } from './state.ts'
import { MOVES } from './steps.ts'

/** Lets one more execution run to its end while nothing fails. */
const run = (
  before: State,
  doing: Pick<Actor, 'role' | 'disk' | 'step' | 'time'>,
  rules: Rules,
) => {
  let state: State = { ...before, actors: [actorOf({ ...doing, end: null, ownsFile: false })] }
  for (;;) {
    const [actor] = state.actors
    const [move] = actor ? MOVES[actor.step]({ state, index: 0, actor, rules }) : []
    if (!move) return state
    ;({ state } = move)
  }
}

const drained = (state: State, rules: Rules): State =>
  state.disks.reduce(
    (before, { journal }, disk) =>
      journal.reduce(
        (each, time) => run(each, { role: 'engine', disk, step: 'R1', time }, rules),
        before,
      ),
    state,
  )

const swept = (state: State, rules: Rules): State =>
  rules.broken === 'x1'
    ? state
    : state.disks.reduce(
        (before, _, disk) => run(before, { role: 'sweep', disk, step: 'list', time: null }, rules),
        state,
      )

/**
 * How it ends once everything is quiet and all services answer: on every host the journal is drained
 * and a sweep runs, in either order. A quiet broker shows everything that it has, and every claim is
 * long overdue.
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
