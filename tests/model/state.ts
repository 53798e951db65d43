/**
 * One slot of one workflow: everything that several executions of the protocol can see of it, and
 * how far each of them is. States are plain immutable data, so that exploring is only counting.
 */

/**
 * A time of placement: the one in the broker's book, or the one that came with the broker's answer,
 * which may be another. `wrong` is any other, which only broken protocols note.
 */
export const TIMES = ['broker', 'stamp', 'wrong'] as const

export type Time = (typeof TIMES)[number]

/** How a claim ends whose order is not at the broker. */
export const ENDS = ['rejected', 'abandoned'] as const

export type End = (typeof ENDS)[number]

export const INTENT_STATES = ['claimed', 'placed', 'recorded', ...ENDS] as const

export interface Intent {
  readonly state: (typeof INTENT_STATES)[number]
  /** Whose claim it is; null when it was made by recording, as the claim never reached the table. */
  readonly owner: number | null
  readonly placed_at: Time | null
}

/** A call to DynamoDB. It is data, so that it can also arrive after its sender has given it up. */
export type Call =
  | { readonly kind: 'claim'; readonly owner: number }
  | { readonly kind: 'close'; readonly to: End }
  | { readonly kind: 'R1' | 'R2'; readonly time: Time }
  | { readonly kind: 'R3' }

/** Where an execution stands: the step that it takes next. */
export const STEPS = [
  'claim file',
  'claim',
  'claim again',
  'send',
  'send once more',
  'look up',
  'send again',
  'claim to close',
  'close',
  'journal',
  'R1',
  'R2',
  'R3',
  'settle',
  'drop',
  'spool',
  'drain',
  'list',
  'done',
] as const

export type Step = (typeof STEPS)[number]

/** One execution: of the engine, or of the sweep. What it knows dies with it. */
export interface Actor {
  readonly role: 'engine' | 'sweep'
  readonly disk: number
  readonly step: Step
  /** The time that it is recording. */
  readonly time: Time | null
  /** How it is closing the claim. */
  readonly end: End | null
  readonly ownsFile: boolean
  /** All of the above as one number, which tells executions apart quickly. */
  readonly code: number
}

/** What survives a crash beside DynamoDB: the disk of a host, or the spool queue on Lambda. */
export interface Disk {
  /** The claim file. `settled`: its order is recorded or closed. */
  readonly claim: { readonly owner: number; readonly settled: boolean } | null
  readonly journal: readonly Time[]
}

export interface State {
  readonly intent: Intent | null
  readonly records: readonly Time[]
  /** Orders with our client order id in the broker's book. */
  readonly book: number
  /** Requests that the broker may still apply, though nobody waits for them any more. */
  readonly inFlight: number
  /** A call that DynamoDB may still apply, though its sender has given it up. */
  readonly lateCall: Call | null
  readonly disks: readonly Disk[]
  readonly actors: readonly Actor[]
  /** Something happened that may cost the placement: a crash, a fault of the broker, an alarm. */
  readonly excused: boolean
}

/** The set with this time in it. */
export const withTime = (times: readonly Time[], time: Time): readonly Time[] =>
  times.includes(time) ? times : [...times, time].sort()

/** Whether this execution has not begun. Its first step reads nothing that it knew before. */
export const isIdle = ({ step }: Actor): boolean => step === 'claim file' || step === 'list'

/** Whether the claim still waits for its end. */
export const isOpen = (intent: Intent | null): boolean =>
  intent?.state === 'claimed' || intent?.state === 'placed'
