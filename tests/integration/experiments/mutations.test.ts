import { describe, expect, test } from 'vitest'
import { bundleProcess, loadBrokenEngine } from '../../torture/bundle.ts'
import { NO_VIOLATIONS, type Violations } from '../../torture/checker.ts'
import { brokerFaults, dynamoDbFaults } from '../../torture/faults.ts'
import { killEverywhere } from '../../torture/kill.ts'
import { MUTATIONS, type MutationName } from '../../torture/mutations.ts'
import type { Step } from '../../torture/steps.ts'

type Findings = Violations & { missed?: string[] }

/** The part of the kill experiment that is about this step, with a broken engine or the real one. */
const killedAt = async (step: Step, disk: boolean, mutation?: MutationName) => {
  const bundle = await bundleProcess(mutation)
  const { violations } = await killEverywhere({
    dedupes: false,
    disk,
    repetitions: 4,
    steps: [step],
    bundle,
  })
  return violations
}

/** What each broken engine is caught by: an experiment that the real one passes. */
const CAUGHT: Record<MutationName, (broken?: MutationName) => Promise<Findings>> = {
  x1: (broken) => killedAt('place', true, broken),
  x3: async (broken) => {
    const engine = broken && (await loadBrokenEngine(broken))
    const only = 'accept_no_answer, lags'
    return (await brokerFaults({ dedupes: false, only, ...(engine ? { engine } : {}) })).violations
  },
  x4: (broken) => killedAt('R2', false, broken),
  x6: (broken) => killedAt('R3', false, broken),
  x9: async (broken) => {
    const engine = broken && (await loadBrokenEngine(broken))
    const only = 'PutItem order_intents lose_answer x1'
    const report = await dynamoDbFaults({ dedupes: false, only, ...(engine ? { engine } : {}) })
    return { ...report.violations, missed: report.missed }
  },
  x12: (broken) => killedAt('place', true, broken),
}

/** Which of the checker's findings tells. */
const FINDING = {
  x1: 'unrecorded',
  x3: 'unrecorded',
  x4: 'recorded_twice',
  x6: 'unrecorded',
  x9: 'missed',
  x12: 'placed_twice',
} as const satisfies Record<MutationName, string>

describe.each(Object.keys(MUTATIONS) as MutationName[])(
  'the experiment that is there for %s',
  (name) => {
    const finding = FINDING[name]

    test(`finds ${finding} orders when ${MUTATIONS[name].what}`, async () => {
      const found: Partial<Record<typeof finding, string[]>> = await CAUGHT[name](name)
      expect(found[finding]?.length).toBeGreaterThan(0)
    }, 90_000)

    test('finds nothing in the engine as it is', async () => {
      const { missed = [], ...violations } = await CAUGHT[name]()
      expect(violations).toEqual(NO_VIOLATIONS)
      expect(missed).toEqual([])
    }, 90_000)
  },
)
