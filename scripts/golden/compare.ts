/** How far a number may be from the expected one. */
export type Tolerance = (expected: number) => number

/** For computed values: absolute plus relative, as the vectors' README says. */
export const VALUE: Tolerance = (expected) => 1e-6 + 1e-9 * Math.abs(expected)

/** For prices of candles and orders. */
export const PRICE: Tolerance = () => 1e-9

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** True when both have the same shape, numbers are within the tolerance and all else is equal. */
export const agrees = (got: unknown, expected: unknown, tolerance: Tolerance): boolean => {
  if (typeof got === 'number' && typeof expected === 'number') {
    return Math.abs(got - expected) <= tolerance(expected)
  }
  if (Array.isArray(got) && Array.isArray(expected)) {
    return (
      got.length === expected.length &&
      expected.every((each, index) => agrees(got[index], each, tolerance))
    )
  }
  if (isRecord(got) && isRecord(expected)) {
    const keys = Object.keys(expected)
    return (
      keys.length === Object.keys(got).length &&
      keys.every((key) => Object.hasOwn(got, key) && agrees(got[key], expected[key], tolerance))
    )
  }
  return got === expected
}
