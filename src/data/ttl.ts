/** An instant in milliseconds, in whole epoch seconds. */
export const epochSeconds = (at: number): number => Math.floor(at / 1000)

/** When an order that was placed at this instant expires, in epoch seconds. */
export const expiresAt = (placed_at: string, retention_seconds: number): number =>
  epochSeconds(Date.parse(placed_at)) + retention_seconds

/** Now, in the whole epoch seconds that a `ttl` is compared with. */
export const ttlClock = (now: Date): number => epochSeconds(now.getTime())

/** True once the time has come, whether or not the engine has deleted the item by then. */
export const isExpired = (ttl: number, now: Date): boolean => ttl <= ttlClock(now)

/**
 * The earliest `placed_at` of an order that has not expired, as an instant. It agrees to the second
 * with `isExpired(expiresAt(placed_at, retention_seconds), now)`.
 */
export const oldestVisible = (now: Date, retention_seconds: number): string =>
  // A retention longer than since 1970 keeps everything.
  new Date(Math.max(0, ttlClock(now) - retention_seconds + 1) * 1000).toISOString()
