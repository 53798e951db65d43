import type { Step } from './state.ts'

/** The surroundings in which the protocol runs. */
export interface World {
  name: string
  /** Whether the broker refuses a client order id that it knows and answers with its order. */
  dedupes: boolean
  /** Whether a look-up may say that the broker has no such order although it has. */
  lags: boolean
  /** `host`: a disk with claim files and a journal. `lambda`: no disk, a spool queue. */
  place: 'host' | 'two hosts' | 'lambda'
  engines: number
  /** A sweep that comes while the engines are at work, whatever its clock says. */
  earlySweep: boolean
  /** Whether DynamoDB may apply a call after its sender has given it up. */
  lateCalls: boolean
}

/** A step that is left out or done wrong. */
export type Mutation =
  | 'x1'
  | 'x2'
  | 'x3'
  | 'x4'
  | 'x5'
  | 'x6'
  | 'x9'
  | 'x10'
  | 'x12'
  | 'x13'
  | 'x14'
  | 'x15'
  | 'x16'
  | 'y1'
  | 'y2'
  | 'y3'
  | 'y4'

/** What an execution may do: the protocol as written, or with one step broken or mended. */
export interface Rules {
  world: World
  broken: Mutation | null
  /** The sweep also asks the broker about claim files without an intent, and notes how they ended. */
  sweepReadsClaimFiles: boolean
}

/** What the engine takes the broker for. */
export const trustsDedupe = ({ world, broken }: Rules): boolean => world.dedupes || broken === 'x12'

/** The owner that an execution signs its claim with. */
export const ownerOf =
  ({ broken }: Rules) =>
  (actor: number): number =>
    broken === 'x15' ? 0 : actor

/** The recording steps in their order. */
const RECORDING: readonly Step[] = ['R1', 'R2', 'R3', 'drop', 'done']
const HASTY: readonly Step[] = ['R1', 'R3', 'drop', 'R2', 'done']

/** The recording step after this one. */
export const stepAfter = ({ broken }: Rules, step: Step): Step => {
  const steps = broken === 'x6' ? HASTY : RECORDING
  return steps[steps.indexOf(step) + 1] ?? 'done'
}
