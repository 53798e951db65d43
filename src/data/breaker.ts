interface BreakerOptions {
  /** After how many failures in a row it pauses. */
  failures: number
  pauseMs: number
  /** Milliseconds of a clock that never jumps. */
  now: () => number
}

/**
 * Keeps a run with many orders from waiting for each of them while a service is down: after some
 * failures in a row nothing is tried for a while, and then one more failure is enough.
 */
export const createBreaker = ({ failures, pauseMs, now }: BreakerOptions) => {
  let inARow = 0
  let closedUntil = -Infinity
  return {
    /** Milliseconds until the next try makes sense; 0 or less: now. */
    waitMs: (): number => closedUntil - now(),
    succeeded: (): void => {
      inARow = 0
      closedUntil = -Infinity
    },
    failed: (): void => {
      inARow += 1
      if (inARow >= failures) closedUntil = now() + pauseMs
    },
  }
}
