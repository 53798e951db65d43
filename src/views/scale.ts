/** A range of prices. */
export interface Extent {
  low: number
  high: number
}

/** The smallest range with all of these prices in it. */
export const extentOf = (prices: readonly number[]): Extent => ({
  low: Math.min(...prices),
  high: Math.max(...prices),
})

/**
 * The range with these prices in it as well, unless it would become more than twice as long: what is
 * far away must not press everything else flat.
 */
export const withNear = ({ low, high }: Extent, prices: readonly number[]): Extent => {
  const wider = extentOf([low, high, ...prices])
  return wider.high - wider.low <= 2 * (high - low) ? wider : { low, high }
}

/** The range with a margin on either side, a share of its length. It is never empty. */
export const withMargin = ({ low, high }: Extent, share: number): Extent => {
  const length = high - low || Math.abs(high) / 100 || 1
  return { low: low - share * length, high: high + share * length }
}

/** Where a price lies in a range: 0 at the low end, 1 at the high end. */
export const shareOf = (price: number, { low, high }: Extent): number =>
  (price - low) / (high - low)

/** The round step of 1, 2 or 5 times a power of ten that is the next one above. */
const roundStep = (atLeast: number): number => {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const factor = [1, 2, 5].find((each) => each * power >= atLeast) ?? 10
  return factor * power
}

/** Round prices in a range, low to high, `most` of them at most; `most` is 4 at least. */
export const roundPrices = ({ low, high }: Extent, most: number): number[] => {
  const step = roundStep((high - low) / (most - 1))
  const first = Math.ceil(low / step)
  const count = Math.floor(high / step) - first + 1
  return Array.from({ length: count }, (_, index) =>
    // 3 * 0.1 is not 0.3 in binary, and a price has no fifteen digits.
    Number(((first + index) * step).toPrecision(12)),
  )
}

/**
 * Moves positions apart where they are nearer to each other than `gap`, as little as it takes, and
 * keeps them from 0 to `length` as long as there is room. The order stays that of the positions.
 */
export const spreadOut = (
  positions: readonly number[],
  { gap, length }: { gap: number; length: number },
): number[] => {
  const spread = positions.map((position, index) => ({ position, index }))
  spread.sort((a, b) => a.position - b.position)
  let least = 0
  for (const each of spread) {
    each.position = Math.max(each.position, least)
    least = each.position + gap
  }
  let most = length
  for (const each of spread.toReversed()) {
    each.position = Math.min(each.position, most)
    most = each.position - gap
  }
  return spread.sort((a, b) => a.index - b.index).map(({ position }) => position)
}
