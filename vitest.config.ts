import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whatever tests fetch from an API is checked against its document. */
const CHECKED = 'tests/support/checked-fetch.setup.ts'

/** These take minutes each. Begun last, they would run with nothing beside them. */
const LONGEST = /\/experiments\/(kill|faults)\.test\.ts$/

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLongest = ({ moduleId }: TestSpecification) => LONGEST.test(moduleId)
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // The tests wait for processes, disks and pages more than they compute.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // Pure tests share nothing that could leak, so they need no process of their own each.
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], isolate: false } },
      // The Pulumi program under mocks; the packages that it needs take a while to load.
      {
        test: {
          name: 'infra',
          include: ['tests/infra/**/*.test.ts'],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: ['tests/integration/data/**'],
          setupFiles: [CHECKED],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // The data tests run on both engines: the embedded one and AWS's own.
      {
        test: {
          name: 'dynalite',
          include: ['tests/integration/data/**/*.test.ts'],
          globalSetup: ['tests/support/dynalite.setup.ts'],
          setupFiles: [CHECKED],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'dynamodb-local',
          include: ['tests/integration/data/**/*.test.ts'],
          // About the embedded engine itself.
          exclude: ['tests/integration/data/embedded.test.ts'],
          globalSetup: ['tests/support/dynamodb-local.setup.ts'],
          setupFiles: [CHECKED, 'tests/support/skip-without-engine.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: ['tests/support/chromium.setup.ts'],
          setupFiles: [CHECKED],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
