import type { Execution } from '../domain/ports.ts'

/**
 * How many milliseconds a step takes at worst, when those do not answer whom it asks: a workflow,
 * whose order may have to be sent twice and then kept in a queue; the follow-up of one order; a note
 * on one workflow.
 */
export const NEEDED_MS = { workflow: 10_000, order: 5_000, note: 2_000 }

/** True when an execution still has the time for a step. */
export const hasTimeFor = ({ remainingMs }: Execution, step: keyof typeof NEEDED_MS): boolean =>
  !remainingMs || remainingMs() > NEEDED_MS[step]
