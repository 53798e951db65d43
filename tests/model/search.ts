import { claiming } from './claiming.ts'
import { applied } from './dynamodb.ts'
import { titleOf, withActor, type Move, type MovesOf } from './moves.ts'
import { actorOf, nameOf } from './name.ts'
import { inFlightMoves, placing } from './placing.ts'
import { brokenInTheEnd, brokenNow, isQuiet, leavesClaimOpen, type Property } from './properties.ts'
import { recording } from './recording.ts'
import { ownerOf, type Rules, type World } from './rules.ts'
import { isIdle, type Actor, type State, type Step } from './state.ts'
import { settled, sweeping } from './sweep.ts'

/** What an exploration found. The trace is a shortest one; empty when nothing is broken. */
export interface Verdict {
  states: number
  /** How many of the states are ends, where everything is quiet. */
  ends: number
  broken: Property | null
  trace: string[]
}

const MOVES: Record<Step, MovesOf> = {
  ...claiming,
  ...placing,
  ...recording,
  ...sweeping,
  done: () => [],
}

const start = ({ engines, earlySweep, place }: World): State => {
  const disks = place === 'two hosts' ? 2 : 1
  const idle = { time: null, ownsFile: false, resent: false }
  const onDisk = Array.from({ length: disks }, (_, disk) =>
    actorOf({ ...idle, role: 'engine', step: 'claim file', disk }),
  )
  const actors = Array.from(
    { length: engines },
    (_, index) => onDisk[index % disks] ?? onDisk[0],
  ).filter((actor) => actor !== undefined)
  if (earlySweep) actors.push(actorOf({ ...idle, role: 'sweep', step: 'list', disk: 0 }))
  return {
    intent: null,
    records: [],
    book: 0,
    inFlight: 0,
    lateCall: null,
    disks: Array.from({ length: disks }, () => ({ claimFile: false, journal: [] })),
    actors,
    excused: false,
  }
}

/** Everything that one execution may do next, and that it may die instead. */
const actorMoves = (state: State, index: number, actor: Actor, rules: Rules): Move[] => {
  // Of executions that have not begun, any may be the first: they are alike, the same object even.
  if (actor.step === 'done' || state.actors.indexOf(actor) !== index) return []
  const title = titleOf(actor, index)
  const moves = MOVES[actor.step]({ state, index, actor, rules })
  if (!isIdle(actor)) {
    const dead = withActor(state, index, { step: 'done' })
    // A placement is lost only with an engine.
    const excused = state.excused || actor.role === 'engine'
    moves.push({ label: `dies before "${actor.step}"`, state: { ...dead, excused } })
  }
  return moves.map(({ label, state: next }) => ({ label: `${title} ${label}`, state: next }))
}

/** What cannot matter any more is forgotten, which makes many states one. */
const tidied = (state: State, { world }: Rules): State => {
  // Of several requests with one client order id, a broker that dedupes applies at most one.
  const most = world.dedupes ? 1 - state.book : state.inFlight
  const inFlight = Math.min(state.inFlight, most)
  return { ...state, inFlight, excused: state.excused || state.book > 0 }
}

const movesFrom = (state: State, rules: Rules): Move[] => {
  const moves = state.actors.flatMap((actor, index) => actorMoves(state, index, actor, rules))
  moves.push(...inFlightMoves(state, rules))
  if (state.lateCall) {
    const late = applied(state, state.lateCall, rules)
    moves.push({
      label: `a late ${state.lateCall.kind} arrives`,
      state: { ...late, lateCall: null },
    })
    moves.push({ label: 'a late call never arrives', state: { ...state, lateCall: null } })
  }
  return moves
}

/** Looks at every state that can be reached, nearest first, until one breaks a property. */
export const search = (rules: Rules, { alsoP5 = false } = {}): Verdict => {
  const seen = new Set<string>()
  const found: { state: State; from: number; label: string }[] = []
  const visit = ({ label, state }: Move, from: number): void => {
    const tidy = tidied(state, rules)
    const name = nameOf(tidy, ownerOf(rules))
    if (seen.has(name)) return
    seen.add(name)
    found.push({ state: tidy, from, label })
  }
  const traceTo = (at: number, last: string[]): string[] => {
    const trace = last
    for (let step = found[at]; step && step.from >= 0; step = found[step.from]) {
      trace.unshift(step.label)
    }
    return trace
  }

  let ends = 0
  visit({ label: '', state: start(rules.world) }, -1)
  for (let at = 0; at < found.length; at++) {
    const state = found[at]?.state
    if (!state) break
    const verdict = (broken: Property, last: string[]): Verdict => ({
      states: found.length,
      ends,
      broken,
      trace: traceTo(at, last),
    })
    const now = brokenNow(state)
    if (now) return verdict(now, [])
    if (isQuiet(state)) {
      ends += 1
      for (const end of settled(state, rules)) {
        const inTheEnd =
          brokenInTheEnd(end.state) ?? (alsoP5 && leavesClaimOpen(end.state) ? 'P5' : null)
        if (inTheEnd) return verdict(inTheEnd, [end.label])
      }
    }
    for (const move of movesFrom(state, rules)) visit(move, at)
  }
  return { states: found.length, ends, broken: null, trace: [] }
}
