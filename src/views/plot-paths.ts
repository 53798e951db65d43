import type { Prices } from '../domain/candle.ts'

/** The width of a slot in the coordinates of a plot, which is stretched to the width of the page. */
export const SLOT = 10

/** Where a price is in a plot, in pixels from the top. */
export type Y = (price: number) => number

export type Bounds = readonly [lower: number, upper: number]

export interface PlacedCandle extends Prices {
  slot: number
}

/** One decimal of a pixel is all that can be seen. */
export const round = (pixels: number): number => Math.round(pixels * 10) / 10

/** The stretches of a list without a null in them, each with where it begins. */
const stretches = <T>(values: readonly (T | null)[]): { from: number; values: T[] }[] => {
  const found: { from: number; values: T[] }[] = []
  values.forEach((value, slot) => {
    if (value === null) return
    const last = found.at(-1)
    if (last && last.from + last.values.length === slot) last.values.push(value)
    else found.push({ from: slot, values: [value] })
  })
  return found
}

/**
 * From the left edge of the first slot over the middle of each to the right edge of the last. Points
 * within a level stretch are left out.
 */
const along = (from: number, heights: readonly number[]): string[] => {
  const edges = [heights[0] ?? 0, ...heights, heights.at(-1) ?? 0]
  const last = edges.length - 1
  return edges.flatMap((height, index) => {
    const isLevel = height === edges[index - 1] && height === edges[index + 1]
    const x = (from + (index === 0 ? 0 : index === last ? heights.length : index - 0.5)) * SLOT
    return isLevel ? [] : [`${x} ${height}`]
  })
}

/** A line over the slots; it has gaps where there is no price. */
export const linePath = (values: readonly (number | null)[], y: Y): string =>
  stretches(values)
    .map((stretch) => `M${along(stretch.from, stretch.values.map(y)).join('L')}`)
    .join('')

/** What lies between two prices over the slots; it has gaps where there are none. */
export const bandPath = (values: readonly (Bounds | null)[], y: Y): string =>
  stretches(values)
    .map(({ from, values: bounds }) => {
      const upper = along(
        from,
        bounds.map(([, price]) => y(price)),
      )
      const lower = along(
        from,
        bounds.map(([price]) => y(price)),
      )
      return `M${[...upper, ...lower.toReversed()].join('L')}z`
    })
    .join('')

const middleOf = (slot: number): number => (slot + 0.5) * SLOT

/** What reaches out of the bodies of the candles. */
export const wickPath = (candles: readonly PlacedCandle[], y: Y): string =>
  candles
    .map(({ slot, high, low, open, close }) => {
      const [top, bottom] = [y(Math.max(open, close)), y(Math.min(open, close))]
      return `M${middleOf(slot)} ${y(high)}V${top}M${middleOf(slot)} ${bottom}V${y(low)}`
    })
    .join('')

/** From open to close of each candle. */
export const bodyPath = (candles: readonly PlacedCandle[], y: Y): string =>
  candles
    .map(({ slot, open, close }) => {
      const top = y(Math.max(open, close))
      const height = round(y(Math.min(open, close)) - top)
      return `M${slot * SLOT + 2} ${top}h${SLOT - 4}v${height}h${4 - SLOT}z`
    })
    .join('')
