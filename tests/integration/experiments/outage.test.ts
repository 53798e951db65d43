import { describe, expect, test } from 'vitest'
import { NO_VIOLATIONS } from '../../torture/checker.ts'
import { clockJumps } from '../../torture/clock.ts'
import { outage } from '../../torture/outage.ts'

/** The stated timeout of a claim, once for each of the failures that open the breaker. */
const CLAIM_MS = 800

describe.each([
  ['a broker that dedupes', true],
  ['a broker that does not', false],
])('with %s', (_, dedupes) => {
  test.each(['closed', 'black_hole'] as const)(
    'DynamoDB is away for a whole run (%s): all is placed at once, and recorded with its own time later',
    async (how) => {
      const report = await outage(how, dedupes)
      expect(report.placed).toBe(report.orders)
      expect(report.spooled).toBe(report.orders)
      expect(report.violations).toEqual(NO_VIOLATIONS)
      expect(report.added_ms).toBeLessThan(5)
      expect(report.longest_ms).toBeLessThan(CLAIM_MS + 2000)
      console.info(
        `${how}: ${report.orders} placed, ${report.added_ms.toFixed(1)} ms added to ${report.usual_ms.toFixed(1)} ms at the median, ${report.longest_ms.toFixed(0)} ms at most`,
      )
    },
    60_000,
  )

  test('a clock that jumps by an hour between claim and record doubles and loses nothing', async () => {
    const report = await clockJumps(dedupes)
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.placed).toBeGreaterThanOrEqual(8)
    console.info(`${report.jumps} jumps of the clock, ${report.placed} orders, 0 violations`)
  }, 60_000)
})
