import type { Schedule } from './ports.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const isWeekend = (at: number): boolean => [0, 6].includes(new Date(at).getUTCDay())

/** Runs every so many minutes, counted from midnight UTC, of which a day is a multiple. */
export const everyMinutes = (
  minutes: number,
  { onWeekends }: { onWeekends: boolean },
): Schedule => ({
  nextRun: (after) => {
    const stepMs = minutes * MINUTE_MS
    // Time in milliseconds begins at a midnight.
    let at = (Math.floor(after.getTime() / stepMs) + 1) * stepMs
    if (onWeekends) return new Date(at)
    while (isWeekend(at)) at = (Math.floor(at / DAY_MS) + 1) * DAY_MS
    return new Date(at)
  },
})
