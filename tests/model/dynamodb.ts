import type { Rules } from './rules.ts'
import { withTime, type Call, type Intent, type State, type Time } from './state.ts'

const CLAIMED: Omit<Intent, 'owner'> = { state: 'claimed', placed_at: null }

/** R1: the order is placed. The time that was noted first stays, unless the protocol is broken. */
const placed = (intent: Intent | null, time: Time, { broken }: Rules): Intent | null => {
  if (!intent && broken === 'x5') return null
  const first = broken === 'x4' ? null : (intent?.placed_at ?? null)
  const isNoted = intent?.state === 'placed' && first !== null
  if (intent?.state === 'recorded' || isNoted) return intent
  return { state: 'placed', owner: intent?.owner ?? null, placed_at: first ?? time }
}

/** The intent after a call. */
const intentAfter = (intent: Intent | null, call: Call, rules: Rules): Intent | null => {
  switch (call.kind) {
    case 'claim':
      return intent ?? { ...CLAIMED, owner: call.owner }
    case 'close':
      // Placed or closed by now is the stronger statement.
      return intent?.state === 'claimed' ? { ...intent, state: call.to } : intent
    case 'R1':
      return placed(intent, call.time, rules)
    case 'R2':
      return intent
    case 'R3':
      return intent && intent.state !== 'recorded' ? { ...intent, state: 'recorded' } : intent
  }
}

/**
 * The tables after a call was applied: the same state when it changes nothing. Every call is one
 * conditional write, so it is one step.
 */
export const applied = (state: State, call: Call, rules: Rules): State => {
  const intent = intentAfter(state.intent, call, rules)
  const records = call.kind === 'R2' ? withTime(state.records, call.time) : state.records
  if (intent === state.intent && records === state.records) return state
  // An order that is given up is shown, so it is not missed in silence.
  const excused = state.excused || (call.kind === 'close' && call.to === 'abandoned')
  return { ...state, intent, records, excused }
}

/** One way in which a call may end; `failed` is all that the caller learns of any but the first. */
export interface Outcome {
  how: string
  state: State
  failed: boolean
}

/**
 * A call, and everything that may become of it. An outage is that every call fails, so it needs no
 * state of its own: it is among the paths that are explored, from the start or for any while.
 */
export const outcomes = (state: State, call: Call, rules: Rules): Outcome[] => {
  const after = applied(state, call, rules)
  const ways: Outcome[] = [
    { how: 'answered', state: after, failed: false },
    { how: 'fails', state, failed: true },
  ]
  if (after !== state) ways.push({ how: 'is applied, answer lost', state: after, failed: true })
  if (rules.world.lateCalls && !state.lateCall) {
    ways.push({
      how: 'fails and may arrive late',
      state: { ...state, lateCall: call },
      failed: true,
    })
  }
  return ways
}
