import { ownerOf, takesOver, type Rules } from './rules.ts'
import { ENDS, INTENT_STATES, STEPS, TIMES } from './state.ts'
import type { Actor, Call, Disk, Intent, State, Step, Time } from './state.ts'

// Most of the time of an exploration goes into naming states, hence numbers instead of text.

const CALLS: readonly Call['kind'][] = ['claim', 'close', 'R1', 'R2', 'R3']
/** Where an execution still asks whether a claim is its own. */
export const CLAIMING: readonly Step[] = ['claim', 'claim again']
const ASKING: readonly Step[] = ['claim file', ...CLAIMING]

/** Every execution that there has been, by its code: alike means the same object. */
const ACTORS = new Map<number, Actor>()

/** An execution that forgot what it will not ask for again, so that more of them are alike. */
export const actorOf = (actor: Omit<Actor, 'code'>): Actor => {
  const { role, disk, step } = actor
  const isOver = step === 'drain' || step === 'done'
  const time = isOver ? null : actor.time
  const end = isOver ? null : actor.end
  const ownsFile = actor.ownsFile && CLAIMING.includes(step)
  const flags = (role === 'sweep' ? 4 : 0) + (disk << 1) + +ownsFile
  const code =
    ((STEPS.indexOf(step) << 7) + (timeCode(time) << 5) + (endCode(end) << 3) + flags) << 2
  const known = ACTORS.get(code)
  if (known) return known
  const made = { role, disk, step, time, end, ownsFile, code }
  ACTORS.set(code, made)
  return made
}

const timeCode = (time: Time | null): number => (time ? TIMES.indexOf(time) + 1 : 0)

const endCode = (end: Actor['end']): number => (end ? ENDS.indexOf(end) + 1 : 0)

const timesCode = (times: readonly Time[]): number =>
  times.reduce((code, time) => code | (1 << TIMES.indexOf(time)), 0)

const intentCode = (intent: Intent | null): number =>
  intent ? ((INTENT_STATES.indexOf(intent.state) + 1) << 2) + timeCode(intent.placed_at) : 0

const callCode = (call: Call | null): number => {
  if (!call) return 0
  const rest = call.kind === 'close' ? endCode(call.to) : 'time' in call ? timeCode(call.time) : 0
  return ((CALLS.indexOf(call.kind) + 1) << 2) + rest
}

const diskCode = ({ claim, journal }: Disk): number =>
  (timesCode(journal) << 2) + (claim ? (claim.settled ? 2 : 1) : 0)

/** The code of an execution, and what it can still learn about whose claims there are. */
const askingCode = (state: State, index: number, { step, code }: Actor, rules: Rules): number => {
  if (!ASKING.includes(step)) return code
  const { intent, lateCall } = state
  const owner = ownerOf(rules)(index)
  const isLate = lateCall?.kind === 'claim' && lateCall.owner === owner
  return code + (+(intent?.owner === owner) << 1) + +isLate
}

/** A name that two states share when nothing that can happen next tells them apart. */
export const nameOf = (state: State, rules: Rules): string => {
  const { intent, lateCall, records, book, inFlight, excused, disks, actors } = state
  // Whose claim it is says nothing to an execution that would go on with anybody's.
  const codes = takesOver(rules)
    ? actors.map(({ code }) => code)
    : actors.map((actor, index) => askingCode(state, index, actor, rules))
  // Executions of the same code are alike, so their order says nothing.
  codes.sort((a, b) => a - b)
  return String.fromCharCode(
    (book << 8) + (inFlight << 4) + (timesCode(records) << 1) + +excused,
    (intentCode(intent) << 8) + callCode(lateCall),
    ...disks.map(diskCode),
    ...codes,
  )
}
