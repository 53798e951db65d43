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

/** The exact time with its zone: `2026-11-23 09:30:00 UTC`. */
export const exactTime = (at: Date): string =>
  `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`

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

/** How long ago it was, in the largest whole unit: `2 days ago`. Times to come read `in 2 days`. */
export const relativeTime = (then: Date, now: Date): string => {
  const seconds = (now.getTime() - then.getTime()) / 1000
  const size = Math.abs(seconds)
  if (size < MINUTE) return 'just now'
  const span = formatSpan(size)
  return seconds > 0 ? `${span} ago` : `in ${span}`
}
