/**
 * The nearest decimal of the exact value of a double; a tie goes to the even digit. The reference
 * rounds averages, ranges, slopes and the MACD this way (DOMAIN 15).
 */
export const roundDecimal = (value: number, decimals: number): number => {
  // Only an odd multiple of 2^-(decimals + 1) lies exactly halfway between two decimals.
  const halves = value * 2 ** (decimals + 1)
  if (Number.isInteger(halves) && halves % 2 !== 0) {
    return (2 * Math.round((value * 10 ** decimals) / 2)) / 10 ** decimals
  }
  return Number(value.toFixed(decimals)) + 0
}

/**
 * The value scaled by a power of ten, rounded with ties to even, and scaled back. The reference
 * rounds Bollinger bands this way; it differs from `roundDecimal` at a hair's breadth from a tie.
 */
export const roundScaled = (value: number, decimals: number): number => {
  const scaled = value * 10 ** decimals
  const below = Math.floor(scaled)
  const rest = scaled - below
  const nearest = rest === 0.5 ? below + Math.abs(below % 2) : below + (rest > 0.5 ? 1 : 0)
  return nearest / 10 ** decimals + 0
}

/**
 * A price without what binary arithmetic leaves behind it: 95.3 - 1 is 94.3. No market quotes more
 * than ten decimals.
 */
export const withoutDust = (price: number): number => roundDecimal(price, 10)
