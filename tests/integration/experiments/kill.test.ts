import { describe, expect, test } from 'vitest'
import { bundleProcess } from '../../torture/bundle.ts'
import { NO_VIOLATIONS } from '../../torture/checker.ts'
import { killEverywhere, stepsOf } from '../../torture/kill.ts'

describe.each([
  ['a broker that dedupes', true],
  ['a broker that does not', false],
])('with %s', (_, dedupes) => {
  test.each([
    ['on a host with a disk', true, 20],
    ['on Lambda, with a queue', false, 2],
  ])(
    'an engine that is killed at any step, %s, neither doubles nor loses an order',
    async (__, disk, repetitions) => {
      const bundle = await bundleProcess()
      const report = await killEverywhere({ dedupes, disk, repetitions, bundle })
      expect(report.violations).toEqual(NO_VIOLATIONS)
      expect(report.kills).toBe(repetitions * stepsOf(disk).length)
      console.info(`${report.kills} kills, ${report.placed} orders placed, 0 violations`)
    },
    300_000,
  )
})
