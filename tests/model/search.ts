import { applied } from './dynamodb.ts'
import { settled } from './ending.ts'
import { titleOf, withActor, type Move } from './moves.ts'
import { CLAIMING, nameOf } from './name.ts'
import { inFlightMoves } from './placing.ts'
import {
  brokenInTheEnd,
  brokenNow,
  brokenWhenQuiet,
  isQuiet,
  PROPERTIES,
  type Property,
} from './properties.ts'
import type { Rules } from './rules.ts'
import { start } from './start.ts'
import { isIdle, type Actor, type State } from './state.ts'
import { MOVES } from './steps.ts'
import { tidied } from './tidy.ts'

/** What an exploration found. The trace is a shortest one; empty when nothing is broken. */
export interface Verdict {
  states: number
  /** How many of the states are ends, where everything is quiet. */
  ends: number
  broken: Property | null
  trace: string[]
}

/** Whether another execution is as far, so that it makes no difference which of them goes on. */
const isTwin = ({ actors }: State, index: number, actor: Actor): boolean =>
  actors.indexOf(actor) !== index && !CLAIMING.includes(actor.step)

/** Everything that one execution may do next, and that it may die instead. */
const actorMoves = (state: State, index: number, actor: Actor, rules: Rules): Move[] => {
  if (actor.step === 'done' || isTwin(state, index, actor)) return []
  const moves = MOVES[actor.step]({ state, index, actor, rules })
  if (isIdle(actor)) return moves
  const dead = withActor(state, index, { step: 'done' })
  // A placement is lost only with an engine.
  const excused = state.excused || actor.role === 'engine'
  return [...moves, { label: `dies before "${actor.step}"`, state: { ...dead, excused } }]
}

/** What may happen although no execution does anything. */
const otherMoves = (state: State, rules: Rules): Move[] => {
  const moves = inFlightMoves(state, rules)
  const { lateCall } = state
  if (!lateCall) return moves
  const late = applied(state, lateCall, rules)
  return [
    ...moves,
    { label: `a late ${lateCall.kind} arrives`, state: { ...late, lateCall: null } },
    { label: 'a late call never arrives', state: { ...state, lateCall: null } },
  ]
}

/** Looks at every state that can be reached, nearest first, until one breaks a property. */
export const search = (rules: Rules, properties: readonly Property[] = PROPERTIES): Verdict => {
  const seen = new Set<string>()
  const found: { state: State | null; from: number; label: string; actor: number | undefined }[] =
    []
  const first = start(rules.world)
  const visit = ({ label, state }: Move, from: number, actor?: number): void => {
    const tidy = tidied(state, first, rules)
    const name = nameOf(tidy, rules)
    const known = seen.size
    seen.add(name)
    if (seen.size === known) return
    found.push({ state: tidy, from, label, actor })
  }
  const traceTo = (at: number, last: string[]): string[] => {
    const trace = last
    for (let step = found[at]; step && step.from >= 0; step = found[step.from]) {
      const who = step.actor === undefined ? undefined : first.actors[step.actor]
      trace.unshift(who ? `${titleOf(who, step.actor ?? 0)} ${step.label}` : step.label)
    }
    return trace
  }

  let ends = 0
  visit({ label: '', state: first }, -1)
  for (let at = 0; at < found.length; at++) {
    const one = found[at]
    if (!one?.state) break
    const { state } = one
    const verdict = (broken: Property, last: string[]): Verdict => ({
      states: found.length,
      ends,
      broken,
      trace: traceTo(at, last),
    })
    const now = brokenNow(state, properties)
    if (now) return verdict(now, [])
    if (isQuiet(state)) {
      ends += 1
      const quiet = brokenWhenQuiet(state, properties)
      if (quiet) return verdict(quiet, ['all is quiet'])
      for (const end of settled(state, rules)) {
        const inTheEnd = brokenInTheEnd(end.state, properties)
        if (inTheEnd) return verdict(inTheEnd, [end.label])
      }
    }
    for (const [index, actor] of state.actors.entries()) {
      for (const move of actorMoves(state, index, actor, rules)) visit(move, at, index)
    }
    for (const move of otherMoves(state, rules)) visit(move, at)
    // Only its place in the trace is still needed.
    one.state = null
  }
  return { states: found.length, ends, broken: null, trace: [] }
}
