import { merged, type Violations } from './checker.ts'
import { STEPS, type Step } from './steps.ts'
import { openWorld, timeOf } from './world.ts'

const WORKFLOWS = 3

export interface KillReport {
  kills: number
  placed: number
  violations: Violations
}

interface KillOptions {
  dedupes: boolean
  /** False is Lambda: steps on the disk are left out. */
  disk: boolean
  repetitions: number
  bundle: string
  steps?: readonly Step[]
}

const ON_DISK: readonly Step[] = ['claim file', 'journal', 'claim file settled']

/** These deaths one after the other, in a world of their own. */
const inOneWorld = async (
  { dedupes, disk, bundle }: KillOptions,
  deaths: readonly { step: Step; nth: number }[],
): Promise<KillReport> => {
  await using world = await openWorld({ dedupes, slots: deaths.length, workflows: WORKFLOWS })
  let kills = 0
  for (const [slot, die] of deaths.entries()) {
    const engine = await world.startEngine(bundle, 'host', { disk })
    if (slot > 0) await engine.run({ at: timeOf(slot - 1, 120_000).toISOString() })
    if ((await engine.run({ at: timeOf(slot).toISOString(), die })) === null) kills += 1
    else await engine.end()
  }
  const last = await world.startEngine(bundle, 'host', { disk })
  await last.run({ at: timeOf(deaths.length - 1, 120_000).toISOString() })
  await last.run({ at: timeOf(deaths.length - 1, 300_000).toISOString() })
  await last.end()
  return { kills, placed: world.broker.book().length, violations: await world.violations() }
}

const WORLDS_AT_ONCE = 2

/**
 * Kills an engine process at each step, time and again. Each is followed by another process, on the
 * same host, that gets the same delivery once more and then dies at the next step.
 */
export const killEverywhere = async (options: KillOptions): Promise<KillReport> => {
  const { disk, repetitions } = options
  const steps = (options.steps ?? STEPS).filter((step) => disk || !ON_DISK.includes(step))
  const deaths = steps.flatMap((step) =>
    Array.from({ length: repetitions }, (_, index) => ({ step, nth: 1 + (index % WORKFLOWS) })),
  )
  const reports = await Promise.all(
    Array.from({ length: WORLDS_AT_ONCE }, (_, lane) =>
      inOneWorld(
        options,
        deaths.filter((__, index) => index % WORLDS_AT_ONCE === lane),
      ),
    ),
  )
  return {
    kills: reports.reduce((sum, { kills }) => sum + kills, 0),
    placed: reports.reduce((sum, { placed }) => sum + placed, 0),
    violations: merged(reports.map(({ violations }) => violations)),
  }
}
