import { describe, expect, test } from 'vitest'
import { NO_VIOLATIONS } from '../../torture/checker.ts'
import { brokerFaults, dynamoDbFaults } from '../../torture/faults.ts'

describe.each([
  ['a broker that dedupes', true],
  ['a broker that does not', false],
])('with %s', (_, dedupes) => {
  test('whatever the broker does, alone or with a failing look-up, nothing is doubled and nothing lost', async () => {
    const report = await brokerFaults(dedupes)
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.placed).toBeGreaterThan(40)
    console.info(
      `${report.cells} faults of the broker, ${report.placed} orders placed, 0 violations`,
    )
  }, 120_000)

  test('whatever DynamoDB does at whichever call, every order is placed once and recorded once', async () => {
    const report = await dynamoDbFaults(dedupes)
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.missed).toEqual([])
    expect(report.placed).toBe(report.cells)
    console.info(`${report.cells} faults of DynamoDB, ${report.placed} orders placed, 0 violations`)
  }, 240_000)
})
