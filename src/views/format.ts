const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const numberFormat = (decimals: number) =>
  new Intl.NumberFormat('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: 4,
    // Four decimals show nothing of a price like 0.00001234, four digits do.
    maximumSignificantDigits: 4,
    roundingPriority: 'morePrecision',
  })

const FORMATS = [0, 1, 2, 3, 4].map(numberFormat)

/**
 * A price with thousands separators and the decimals it needs, up to four: `1,845.16`. `decimals`
 * is how many are shown at least, so that the prices of a column line up.
 */
export const formatPrice = (price: number, decimals = 0): string =>
  (FORMATS[decimals] ?? numberFormat(4)).format(price)

/** How many decimals the price with the most of them is shown with, 4 at most. */
export const sharedDecimals = (prices: readonly number[]): number =>
  Math.min(4, Math.max(0, ...prices.map((price) => formatPrice(price).split('.')[1]?.length ?? 0)))

/**
 * A price or a distance with so many decimals at most, for a glance. What would be rounded to nothing
 * keeps its own decimals.
 */
export const formatRounded = (price: number, decimals: number): string => {
  const rounded = Number(price.toFixed(decimals))
  return rounded === 0 ? formatPrice(price) : formatPrice(rounded, decimals)
}

/** How many decimals of these prices matter at a glance: as many as they have, yet hardly over two. */
export const glanceDecimals = (prices: readonly number[]): number => {
  const range = Math.max(...prices) - Math.min(...prices)
  return Math.min(sharedDecimals(prices), Math.max(2, Math.ceil(-Math.log10(range / 1000))))
}

const quantityFormat = new Intl.NumberFormat('en-US', {
  useGrouping: false,
  maximumFractionDigits: 8,
})

/** A quantity without separators: `0.5`, `1500`. */
export const formatQuantity = (quantity: number): string => quantityFormat.format(quantity)

/** A distance between two prices: `12.3 points`, `1 point`. */
export const formatPoints = (points: number): string =>
  `${formatPrice(points)} ${formatPrice(points) === '1' ? 'point' : 'points'}`

/** A number of things: `1 order`, `3 orders`. */
export const formatCount = (count: number, thing: string): string =>
  `${formatPrice(count)} ${thing}${count === 1 ? '' : 's'}`

const clocks = new Map<string, Intl.DateTimeFormat>()

const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  })
  clocks.set(timeZone, clock)
  return clock
}

/**
 * The exact time in a zone: `2026-11-23 09:30:00 UTC`, `2026-11-23 10:30:00 UTC+1`. app.js writes it
 * the same way.
 */
export const exactTime = (at: Date, timeZone = 'UTC'): string =>
  clockOf(timeZone)
    .format(at)
    .replace(', ', ' ')
    .replace(/GMT(\+0$)?/, 'UTC')

/** A span of time in its largest whole unit: `7 days`, `1 hour`. */
export const formatSpan = (seconds: number): string => {
  const [unit, name] =
    seconds < HOUR
      ? ([MINUTE, 'minute'] as const)
      : seconds < DAY
        ? ([HOUR, 'hour'] as const)
        : ([DAY, 'day'] as const)
  return formatCount(Math.floor(seconds / unit), name)
}

/**
 * How long ago it was, in the largest whole unit: `2 days ago`. Times to come are rounded, as what
 * ends in 6 days and 23 hours ends in 7 days: `in 7 days`. app.js says it the same way.
 */
export const relativeTime = (then: Date, now: Date): string => {
  const seconds = (now.getTime() - then.getTime()) / 1000
  if (Math.abs(seconds) < MINUTE) return 'just now'
  if (seconds > 0) return `${formatSpan(seconds)} ago`
  const unit = [DAY, HOUR].find((size) => -seconds >= size) ?? MINUTE
  return `in ${formatSpan(Math.round(-seconds / unit) * unit)}`
}
