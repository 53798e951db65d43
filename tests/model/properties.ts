import { isIdle, isOpen, type Disk, type State } from './state.ts'

/**
 * P1 to P3 are the protocol's. P4 is the part of it that a model without time can tell: whatever
 * DynamoDB does, the order is placed unless an engine died, the broker failed or refused, or an
 * alarm was raised. P5 is what "needs attention" goes by: every claim comes to an end that people
 * can see.
 */
export const PROMISES = ['P1', 'P2', 'P3', 'P4'] as const

export const PROPERTIES = [...PROMISES, 'P5'] as const

export type Property = (typeof PROPERTIES)[number]

type Holds = (state: State) => boolean

const isClosed = ({ intent }: State, { claim }: Disk): boolean =>
  claim === null || (claim.settled && intent !== null)

/** Properties by when they must hold. */
const ALWAYS: readonly [Property, Holds][] = [
  ['P1', ({ book }) => book <= 1],
  ['P2', ({ book, records }) => records.length <= Math.min(book, 1)],
]
const WHEN_QUIET: typeof ALWAYS = [['P4', ({ book, excused }) => book > 0 || excused]]
const IN_THE_END: typeof ALWAYS = [
  ...ALWAYS,
  ['P3', ({ book, records }) => book === 0 || (records.length === 1 && records[0] !== 'wrong')],
  ['P5', (state) => !isOpen(state.intent) && state.disks.every((disk) => isClosed(state, disk))],
]

const brokenOf =
  (properties: typeof ALWAYS) =>
  (state: State, asked: readonly Property[]): Property | null =>
    properties.find(([name, holds]) => !holds(state) && asked.includes(name))?.[0] ?? null

/** What does not hold of the properties that must hold in every state. */
export const brokenNow = brokenOf(ALWAYS)
/** The same, of those that must hold when nothing is under way. */
export const brokenWhenQuiet = brokenOf(WHEN_QUIET)
/** The same, of those that must hold when the journal is drained and a sweep has run. */
export const brokenInTheEnd = brokenOf(IN_THE_END)

/** Whether nothing can happen any more but that an execution begins. */
export const isQuiet = ({ actors, inFlight, lateCall }: State): boolean =>
  inFlight === 0 &&
  lateCall === null &&
  actors.every((actor) => actor.step === 'done' || isIdle(actor)) &&
  actors.some(({ step }) => step === 'done')
