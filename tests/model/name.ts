import { INTENT_STATES, STEPS, TIMES } from './state.ts'
import type { Actor, Call, Intent, State, Step, Time } from './state.ts'

// Most of the time of an exploration goes into naming states, hence numbers instead of text.

const CALLS: readonly Call['kind'][] = ['claim', 'close', 'R1', 'R2', 'R3']
const CLAIMING: readonly Step[] = ['claim', 'claim again']
const SENDING: readonly Step[] = ['send', 'look up']
const ASKING: readonly Step[] = ['claim file', ...CLAIMING]

/** An execution that forgot what it will not ask for again, so that more of them are alike. */
export const actorOf = (actor: Omit<Actor, 'code'>): Actor => {
  const { role, disk, step } = actor
  const time = step === 'done' ? null : actor.time
  const ownsFile = actor.ownsFile && CLAIMING.includes(step)
  const resent = actor.resent && SENDING.includes(step)
  const flags = (role === 'sweep' ? 8 : 0) + (disk << 2) + (+ownsFile << 1) + +resent
  const code = ((STEPS.indexOf(step) << 6) + (timeCode(time) << 4) + flags) << 2
  return { role, disk, step, time, ownsFile, resent, code }
}

const timeCode = (time: Time | null): number => (time ? TIMES.indexOf(time) + 1 : 0)

const timesCode = (times: readonly Time[]): number =>
  times.reduce((code, time) => code | (1 << TIMES.indexOf(time)), 0)

const intentCode = (intent: Intent | null): number =>
  intent ? ((INTENT_STATES.indexOf(intent.state) + 1) << 2) + timeCode(intent.placed_at) : 0

const callCode = (call: Call | null): number => {
  if (!call) return 0
  const rest =
    call.kind === 'close' ? +(call.to === 'rejected') : 'time' in call ? timeCode(call.time) : 0
  return ((CALLS.indexOf(call.kind) + 1) << 2) + rest
}

/** A name that two states share when nothing that can happen next tells them apart. */
export const nameOf = (state: State, ownerOf: (actor: number) => number): string => {
  const { intent, lateCall, records, book, inFlight, excused, disks } = state
  const lateOwner = lateCall?.kind === 'claim' ? lateCall.owner : null
  const actors = state.actors.map(({ step, code }, index) => {
    if (!ASKING.includes(step)) return code
    // Who made a claim matters only to an execution that still asks whether the claim is its own.
    const owner = ownerOf(index)
    return code + (+(intent?.owner === owner) << 1) + +(lateOwner === owner)
  })
  // Executions of the same code are alike, so their order says nothing.
  actors.sort((a, b) => a - b)
  return String.fromCharCode(
    (book << 8) + (inFlight << 4) + (timesCode(records) << 1) + +excused,
    (intentCode(intent) << 8) + callCode(lateCall),
    ...disks.map(({ claimFile, journal }) => (timesCode(journal) << 1) + +claimFile),
    ...actors,
  )
}
