import type { Rules } from './rules.ts'
import { withTime, type Call, type Intent, type State, type Time } from './state.ts'

const CLAIMED: Omit<Intent, 'owner'> = { state: 'claimed', placed_at: null }

/** R1: the order is placed. The time that was noted first stays, unless the protocol is broken. */
const placed = (intent: Intent | null, time: Time, rules: Rules): Intent | null => {
  if (intent?.state === 'recorded') return intent
  if (!intent && rules.broken === 'x5') return null
  const first = rules.broken === 'x4' ? null : (intent?.placed_at ?? null)
  return { state: 'placed', owner: intent?.owner ?? null, placed_at: first ?? time }
}

/** The tables after a call was applied. Every call is one conditional write, so it is one step. */
export const applied = (state: State, call: Call, rules: Rules): State => {
  const { intent } = state
  switch (call.kind) {
    case 'claim':
      return intent ? state : { ...state, intent: { ...CLAIMED, owner: call.owner } }
    case 'close':
      // Placed or closed by now is the stronger statement.
      return intent?.state === 'claimed'
        ? { ...state, intent: { ...intent, state: call.to } }
        : state
    case 'R1':
      return { ...state, intent: placed(intent, call.time, rules) }
    case 'R2':
      return { ...state, records: withTime(state.records, call.time) }
    case 'R3':
      return intent ? { ...state, intent: { ...intent, state: 'recorded' } } : state
  }
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
