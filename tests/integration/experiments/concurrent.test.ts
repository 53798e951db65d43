import { expect, test } from 'vitest'
import { bundleEngine } from '../../torture/bundle.ts'
import { NO_VIOLATIONS } from '../../torture/checker.ts'
import { runTogether } from '../../torture/concurrent.ts'

test.each([
  ['a broker that dedupes', true],
  ['a broker that does not', false],
])(
  'sixteen processes that run the same candles at once, redeliveries among them, place each order once: %s',
  async (_, dedupes) => {
    const report = await runTogether({ dedupes, slots: 50, bundle: await bundleEngine() })
    expect(report.violations).toEqual(NO_VIOLATIONS)
    expect(report.placed).toBe(50)
    console.info(`${report.runs} runs, ${report.placed} orders placed, 0 violations`)
  },
  240_000,
)
