const DAY_MS = 86_400_000

/** Whether this is the name of a time zone, such as `Europe/Paris`. */
export const isTimeZone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions() !== null
  } catch {
    return false
  }
}

/** What a clock in the zone shows, as if it were UTC: `2026-11-23T10:30:00Z`. */
const shownIn = (timeZone: string) => {
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  return (at: number): string => `${clock.format(at).replace(', ', 'T')}Z`
}

/**
 * The instant at which a day, `YYYY-MM-DD`, begins in a zone. That is not midnight where the clocks
 * are put forward then, and the first of two midnights where they are put back.
 */
export const startOfDay = (day: string, timeZone: string): Date => {
  const shown = shownIn(timeZone)
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // The clocks go one way a day before and maybe another way a day after.
  const candidates = [midnight - DAY_MS, midnight + DAY_MS].map(
    (near) => midnight - (Date.parse(shown(near)) - near),
  )
  const begun = candidates.filter((at) => shown(at).slice(0, 10) >= day)
  return new Date(Math.min(...begun))
}

/** The day after: `2026-12-01` for `2026-11-30`. */
export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
