import { describe, expect, test } from 'vitest'
import { bundleEngine } from '../../torture/bundle.ts'
import { NO_VIOLATIONS } from '../../torture/checker.ts'
import { killEverywhere } from '../../torture/kill.ts'

describe.each([
  ['a broker that dedupes', true],
  ['a broker that does not', false],
])('with %s', (_, dedupes) => {
  test.each([
    ['on a host with a disk', true, 6, 14],
    ['without a disk, the queue away', false, 2, 11],
  ])(
    'an engine that is killed at any step, %s, neither doubles nor loses an order',
    async (__, disk, repetitions, steps) => {
      const bundle = await bundleEngine()
      const report = await killEverywhere({ dedupes, disk, repetitions, bundle })
      expect(report.violations).toEqual(NO_VIOLATIONS)
      expect(report.kills).toBe(repetitions * steps)
      console.info(`${report.kills} kills, ${report.placed} orders placed, 0 violations`)
    },
    240_000,
  )
})
