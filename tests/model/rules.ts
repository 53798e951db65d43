import type { Actor, Step } from './state.ts'

/** The surroundings in which the protocol runs. */
export interface World {
  name: string
  /** Whether the broker refuses a client order id that it knows and answers with its order. */
  dedupes: boolean
  /** `host`: a disk with claim files and a journal. `lambda`: no disk, a spool queue. */
  place: 'host' | 'two hosts' | 'lambda'
  engines: number
  /** Sweeps that run at the same time among the engines, whatever their clocks say, again and again. */
  sweepsAtOnce: number
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
  | 'y5'
  | 'y6'
  | 'y7'
  | 'y8'
  | 'y9'
  | 'y10'

/** What an execution may do: the protocol as written, or with one step broken. */
export interface Rules {
  world: World
  broken: Mutation | null
}

/** What the engine takes the broker for. */
export const trustsDedupe = ({ world, broken }: Rules): boolean => world.dedupes || broken === 'x12'

/** Whether an execution goes on with a claim that another one left behind. */
export const takesOver = (rules: Rules): boolean => trustsDedupe(rules) || rules.broken === 'x10'

/** The owner that an execution signs its claim with. */
export const ownerOf =
  ({ broken }: Rules) =>
  (actor: number): number =>
    broken === 'x15' ? 0 : actor

/** The steps that record an order. Only an engine looks after the journal. */
const recordingSteps = ({ world, broken }: Rules, role: Actor['role']): readonly Step[] => {
  const calls: readonly Step[] = broken === 'x6' ? ['R1', 'R3', 'R2'] : ['R1', 'R2', 'R3']
  if (world.place === 'lambda') return calls
  return role === 'sweep' ? [...calls, 'settle'] : [...calls, 'settle', 'drop']
}

/** The steps that close a claim. */
export const closingSteps = ({ world, broken }: Rules): readonly Step[] => {
  const calls: readonly Step[] = broken === 'y7' ? ['close'] : ['claim to close', 'close']
  if (world.place === 'lambda') return calls
  return broken === 'y8' ? ['settle', ...calls] : [...calls, 'settle']
}

/** What an execution does when it has closed a claim, or could not. */
export const afterClosing = ({ role }: Actor): Step => (role === 'engine' ? 'drain' : 'done')

/** The step after this one, of those that record an order or close a claim. */
export const stepAfter = (rules: Rules, actor: Actor): Step => {
  const { role, step, end } = actor
  const steps = end ? closingSteps(rules) : recordingSteps(rules, role)
  return steps[steps.indexOf(step) + 1] ?? (end ? afterClosing(actor) : 'done')
}
