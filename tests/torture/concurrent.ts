import type { Violations } from './checker.ts'
import { openWorld, timeOf } from './world.ts'

const PROCESSES = 16

interface ConcurrentOptions {
  dedupes: boolean
  slots: number
  bundle: string
  /** Time answers in milliseconds and lists in seconds, so that two recorders see two times. */
  wholeSeconds?: boolean
}

/**
 * Sixteen engine processes, half of them on each of two hosts, get the same delivery at the same
 * moment, slot after slot; every fourth of them gets it again right after.
 */
export const runTogether = async ({
  dedupes,
  slots,
  bundle,
  wholeSeconds = true,
}: ConcurrentOptions): Promise<{ runs: number; placed: number; violations: Violations }> => {
  await using world = await openWorld({ dedupes, slots })
  world.broker.settings.wholeSeconds = wholeSeconds
  const engines = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) =>
      world.startEngine(bundle, `host-${index % 2}`, { deadlineMs: 5000 }),
    ),
  )
  let runs = 0
  for (let slot = 0; slot < slots; slot += 1) {
    const at = timeOf(slot, 123).toISOString()
    await Promise.all(
      engines.map(async (engine, index) => {
        const times = index % 4 === slot % 4 ? 2 : 1
        for (let time = 0; time < times; time += 1) await engine.run({ at })
        runs += times
      }),
    )
  }
  const [first] = engines
  await first?.run({ at: timeOf(slots).toISOString() })
  await Promise.all(engines.map((engine) => engine.end()))
  return { runs, placed: world.broker.book().length, violations: await world.violations() }
}
