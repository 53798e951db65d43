import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Whatever tests fetch from an API is checked against its document. */
const CHECKED = 'tests/support/checked-fetch.setup.ts'

export default defineConfig({
  test: {
    // The tests wait for processes, disks and pages more than they compute.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // Pure tests share nothing that could leak, so they need no process of their own each.
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], isolate: false } },
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
