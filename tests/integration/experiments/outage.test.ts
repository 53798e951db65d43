import { describe, expect, test } from 'vitest'
import { NO_VIOLATIONS } from '../../torture/checker.ts'
import { clockJumps } from '../../torture/clock.ts'
import { outage, type OutageReport } from '../../torture/outage.ts'

/** The stated timeout of a claim. Nothing waits for DynamoDB but that. */
const CLAIM_MS = 800

const figuresOf = (how: string, { orders, added_ms, usual_ms, longest_ms }: OutageReport): string =>
  `${how}: ${orders} placed, ${added_ms.toFixed(1)} ms added to ${usual_ms.toFixed(1)} ms at the median, ${longest_ms.toFixed(0)} ms at most`

describe.each([
  ['a broker that dedupes', true],
  ['a broker that does not', false],
])('with %s', (_, dedupes) => {
  test.each(['closed', 'black_hole'] as const)(
    'DynamoDB is away for a whole run (%s): all is placed at once, and recorded with its own time later',
    // Another process may have had the processor for one of the two medians.
    { timeout: 120_000, retry: 2 },
    async (how) => {
      const report = await outage({ how, dedupes })
      expect(report.placed).toBe(report.orders)
      expect(report.spooled).toBe(report.orders)
      expect(report.delivered).toBe(report.orders)
      expect(report.violations).toEqual(NO_VIOLATIONS)
      expect(report.added_ms).toBeLessThan(5)
      expect(report.longest_ms).toBeLessThan(CLAIM_MS + 1000)
      console.info(figuresOf(how, report))
    },
  )

  test('a clock that jumps by an hour between claim and record doubles and loses nothing', async () => {
    const report = await clockJumps(dedupes)
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.placed).toBeGreaterThanOrEqual(8)
    console.info(`${report.jumps} jumps of the clock, ${report.placed} orders, 0 violations`)
  }, 60_000)
})

describe('on Lambda, while DynamoDB is away for a whole run', () => {
  test('a broker that dedupes gets every order, and the queue keeps them until they are recorded', async () => {
    const report = await outage({ how: 'black_hole', dedupes: true, disk: false })
    expect(report.placed).toBe(report.orders)
    expect(report.spooled).toBe(report.orders)
    expect(report.delivered).toBe(report.orders)
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.longest_ms).toBeLessThan(CLAIM_MS + 1000)
    console.info(figuresOf('on Lambda, black_hole', report))
  }, 60_000)

  test('a broker that does not dedupe gets none: nothing would tell two executions apart', async () => {
    const report = await outage({ how: 'closed', dedupes: false, disk: false })
    expect(report).toMatchObject({ placed: 0, spooled: 0 })
    expect(report.violations).toEqual(NO_VIOLATIONS)
  }, 60_000)
})
