import type { Violations } from './checker.ts'
import { openWorld, timeOf } from './world.ts'

const PROCESSES = 16
const WORKFLOWS = 8

interface ConcurrentOptions {
  dedupes: boolean
  /** False is Lambda. */
  disk?: boolean
  candles: number
  bundle: string
}

export interface ConcurrentReport {
  slots: number
  runs: number
  placed: number
  violations: Violations
}

/**
 * Sixteen engine processes get the same delivery at the same moment, candle after candle, and each
 * runs the same eight workflows; every fourth of them gets the delivery again right after. Every workflow and candle is a slot that all of them contend for.
 */
export const runTogether = async ({
  dedupes,
  disk = true,
  candles,
  bundle,
}: ConcurrentOptions): Promise<ConcurrentReport> => {
  await using world = await openWorld({ dedupes, slots: candles, workflows: WORKFLOWS })
  // Answers tell milliseconds and lists do not, so that two who record an order see two times.
  world.broker.settings.wholeSeconds = true
  // A claim file says nothing to another host: only a broker that dedupes may have two of them.
  const hosts = dedupes ? ['one host', 'another host'] : ['one host']
  const engines = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) =>
      world.startEngine(bundle, hosts[index % hosts.length] ?? 'host', {
        disk,
        deadlineMs: 5000,
        proxied: false,
      }),
    ),
  )
  let runs = 0
  for (let slot = 0; slot < candles; slot += 1) {
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
  await first?.run({ at: timeOf(candles).toISOString() })
  await Promise.all(engines.map((engine) => engine.end()))
  return {
    slots: candles * WORKFLOWS,
    runs,
    placed: world.broker.book().length,
    violations: await world.violations(),
  }
}
