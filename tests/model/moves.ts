import { outcomes } from './dynamodb.ts'
import { actorOf } from './name.ts'
import type { Rules } from './rules.ts'
import type { Actor, Call, Disk, State } from './state.ts'

/** One thing that may happen next, in words, and the state that it leads to. */
export interface Move {
  label: string
  state: State
}

/** Whose turn it is, and where. */
export interface Turn {
  state: State
  index: number
  actor: Actor
  rules: Rules
}

/** What an execution may do at one of its steps. The first is what it does when nothing fails. */
export type MovesOf = (turn: Turn) => Move[]

/** The state with this execution changed. */
export const withActor = (state: State, index: number, change: Partial<Actor>): State => {
  const actor = state.actors[index]
  if (!actor) return state
  return { ...state, actors: state.actors.with(index, actorOf({ ...actor, ...change })) }
}

/** The state with the disk of this execution changed. */
export const withDisk = (state: State, { disk }: Actor, change: Partial<Disk>): State => ({
  ...state,
  disks: state.disks.map((each, at) => (at === disk ? { ...each, ...change } : each)),
})

export const diskOf = (state: State, { disk }: Actor): Disk =>
  state.disks[disk] ?? { claim: null, journal: [] }

/** How an execution is called in a trace. */
export const titleOf = ({ role }: Actor, index: number): string =>
  role === 'sweep' ? 'the sweep' : `engine ${index + 1}`

const wordsFor = (call: Call, { step }: Actor): string => {
  if (call.kind === 'close') return call.to
  // Where there is no disk, the first step is the claim in the table.
  return step === 'claim file' ? 'claim' : step
}

/** A call of an execution to DynamoDB, and how it goes on after an answer and without one. */
export const calling = (
  { state, actor, rules }: Turn,
  call: Call,
  then: { answered: (after: State) => State; failed: (after: State) => State },
): Move[] =>
  outcomes(state, call, rules).map(({ how, state: after, failed }) => ({
    label: `${wordsFor(call, actor)}: ${how}`,
    state: failed ? then.failed(after) : then.answered(after),
  }))
