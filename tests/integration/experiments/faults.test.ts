import { describe, expect, test } from 'vitest'
import { NO_VIOLATIONS } from '../../torture/checker.ts'
import { brokerFaults, CALLS, dynamoDbFaults } from '../../torture/faults.ts'

describe.each([
  ['a broker that dedupes', true],
  ['a broker that does not', false],
])('with %s', (_, dedupes) => {
  test('whatever the broker does, alone, twice or with a failing look-up or list, nothing is doubled and nothing lost', async () => {
    const report = await brokerFaults({ dedupes })
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.placed).toBeGreaterThan(100)
    console.info(
      `${report.cells} faults of the broker, ${report.placed} orders placed, 0 violations`,
    )
  }, 240_000)

  test('whatever DynamoDB does at whichever call, every order is placed once and recorded once', async () => {
    const report = await dynamoDbFaults({ dedupes })
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.missed).toEqual([])
    expect(report.placed).toBe(report.cells)
    // No call is left out that the engine makes.
    expect(report.calls).toEqual([...CALLS].sort())
    console.info(`${report.cells} faults of DynamoDB, ${report.placed} orders placed, 0 violations`)
  }, 240_000)
})

test('on Lambda, a claim without an answer costs the order at a broker that does not dedupe, and nothing else is lost', async () => {
  const report = await dynamoDbFaults({ dedupes: false, disk: false, only: 'PutItem' })
  expect(report.violations).toEqual(NO_VIOLATIONS)
  // Nothing would tell a second execution apart, so the order is skipped with an alarm.
  expect(report.missed).not.toEqual([])
  expect(report.missed.filter((name) => !name.startsWith('PutItem order_intents'))).toEqual([])
  expect(report.placed).toBe(report.cells - report.missed.length)
  console.info(`${report.cells} faults of DynamoDB, ${report.missed.length} skipped, 0 violations`)
}, 240_000)
