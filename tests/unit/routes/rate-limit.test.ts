import { describe, expect, test } from 'vitest'
import { createTokenBuckets } from '../../../src/routes/rate-limit.ts'

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 20) + seconds * 1000)

/** How many requests in a row get through at this time. */
const admitted = (take: ReturnType<typeof createTokenBuckets>, key: string, seconds: number) => {
  let count = 0
  while (take(key, at(seconds)) === 0) count += 1
  return count
}

describe('one address', () => {
  test('may ask for two seconds worth at once, and then at the rate', () => {
    const take = createTokenBuckets(50)
    expect(admitted(take, 'a', 0)).toBe(100)
    expect(admitted(take, 'a', 0)).toBe(0)
    expect(admitted(take, 'a', 0.1)).toBe(5)
    expect(admitted(take, 'a', 1.1)).toBe(50)
    // What is not asked for is saved up, and no more than that.
    expect(admitted(take, 'a', 3600)).toBe(100)
  })

  test('is told when there will be a token, and there is one then', () => {
    const take = createTokenBuckets(4)
    admitted(take, 'a', 0)
    expect(take('a', at(0))).toBe(0.25)
    expect(take('a', at(0.1))).toBeCloseTo(0.15)
    expect(take('a', at(0.25))).toBe(0)
  })

  test('loses nothing when the clock is set back, and gains no more than time that passed', () => {
    const take = createTokenBuckets(10)
    expect(admitted(take, 'a', 100)).toBe(20)
    expect(admitted(take, 'a', 40)).toBe(0)
    expect(admitted(take, 'a', 41)).toBe(10)
  })
})

test('addresses do not take from one another', () => {
  const take = createTokenBuckets(1)
  expect(admitted(take, 'a', 0)).toBe(2)
  expect(admitted(take, 'b', 0)).toBe(2)
})

test('only so many are remembered, and whoever asked longest ago is forgotten', () => {
  const take = createTokenBuckets(1, { most: 2 })
  for (const key of ['a', 'b']) admitted(take, key, 0)
  take('a', at(0))
  expect(admitted(take, 'c', 0)).toBe(2)
  expect(admitted(take, 'a', 0)).toBe(0)
  expect(admitted(take, 'b', 0)).toBe(2)
})
