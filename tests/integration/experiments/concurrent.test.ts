import { expect, test } from 'vitest'
import { bundleProcess } from '../../torture/bundle.ts'
import { NO_VIOLATIONS } from '../../torture/checker.ts'
import { runTogether } from '../../torture/concurrent.ts'

test.each([
  ['a broker that dedupes', true],
  ['a broker that does not', false],
])(
  'sixteen processes that run the same candles at once, redeliveries among them, place each order once: %s',
  async (_, dedupes) => {
    const report = await runTogether({ dedupes, candles: 13, bundle: await bundleProcess() })
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.slots).toBe(104)
    expect(report.placed).toBe(report.slots)
    console.info(`${report.runs} runs over ${report.slots} slots, each placed once, 0 violations`)
  },
  240_000,
)
