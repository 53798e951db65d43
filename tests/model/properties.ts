import { isIdle, type State } from './state.ts'

/**
 * P1 to P3 are the protocol's. P4 is the part of it that a model without time can tell: whatever
 * DynamoDB does, the order is placed unless an engine died, the broker failed or refused, or an
 * alarm was raised. P5 is not promised: no claim is left without an end that people can see.
 */
export type Property = 'P1' | 'P2' | 'P3' | 'P4' | 'P5'

/** What must hold in every state. */
export const brokenNow = ({ book, records }: State): Property | null => {
  if (book > 1) return 'P1'
  return records.length > 1 || (records.length === 1 && book === 0) ? 'P2' : null
}

/** Whether nothing can happen any more but that an execution begins. */
export const isQuiet = ({ actors, inFlight, lateCall }: State): boolean =>
  inFlight === 0 &&
  lateCall === null &&
  actors.every((actor) => actor.step === 'done' || isIdle(actor)) &&
  actors.some(({ role, step }) => role === 'engine' && step === 'done')

/** What must hold in the end. */
export const brokenInTheEnd = (state: State): Property | null => {
  const broken = brokenNow(state)
  if (broken) return broken
  if (state.book === 0) return state.excused ? null : 'P4'
  return state.records.length === 1 && state.records[0] !== 'wrong' ? null : 'P3'
}

/** Whether some claim, on a disk or in the table, neither became an order nor was closed. */
export const leavesClaimOpen = ({ intent, disks }: State): boolean =>
  intent ? intent.state === 'claimed' : disks.some(({ claimFile }) => claimFile)
