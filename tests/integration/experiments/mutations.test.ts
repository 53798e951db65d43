import { expect, test } from 'vitest'
import { bundleEngine } from '../../torture/bundle.ts'
import { killEverywhere } from '../../torture/kill.ts'

test('without the sweep (x1), an engine killed right after placing loses orders, and the checker tells', async () => {
  const bundle = await bundleEngine('x1')
  const { violations } = await killEverywhere({
    dedupes: false,
    disk: true,
    repetitions: 4,
    steps: ['place'],
    bundle,
  })
  expect(violations.unrecorded).not.toEqual([])
}, 60_000)

test('with R3 before R2 (x6), an engine killed in between loses records, and the checker tells', async () => {
  const bundle = await bundleEngine('x6')
  const { violations } = await killEverywhere({
    dedupes: false,
    disk: false,
    repetitions: 4,
    steps: ['R3'],
    bundle,
  })
  expect(violations.unrecorded).not.toEqual([])
}, 60_000)

test('with a broker that is wrongly believed to dedupe (x12), a restarted engine places twice, and the checker tells', async () => {
  const bundle = await bundleEngine('x12')
  const { violations } = await killEverywhere({
    dedupes: false,
    disk: true,
    repetitions: 4,
    steps: ['place'],
    bundle,
  })
  expect(violations.placed_twice).not.toEqual([])
}, 60_000)
