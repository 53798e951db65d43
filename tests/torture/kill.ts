import { merged, type Violations } from './checker.ts'
import { STEPS, type Death, type Step } from './steps.ts'
import { openWorld, timeOf } from './world.ts'

const WORKFLOWS = 2

export interface KillReport {
  kills: number
  placed: number
  violations: Violations
}

interface KillOptions {
  dedupes: boolean
  /** False is Lambda: there are no claim files, and the journal is a queue. */
  disk: boolean
  repetitions: number
  bundle: string
  steps?: readonly Step[]
}

const OF_CLAIM_FILES: readonly Step[] = ['claim file', 'claim file settled']

/** The steps of an engine that has a disk, or that has a queue. */
export const stepsOf = (disk: boolean): readonly Step[] =>
  STEPS.filter((step) => disk || !OF_CLAIM_FILES.includes(step))

type World = Awaited<ReturnType<typeof openWorld>>

/** A death, and whether the process after it gets the same delivery once more. */
interface Attack extends Death {
  redelivered: boolean
}

/** One process, and in it the run in which it dies. False when it outlived it. */
const live = async (
  world: World,
  slot: number,
  [before, die]: readonly [Attack | undefined, Attack],
  { disk, bundle }: KillOptions,
): Promise<boolean> => {
  // Without a disk, what is recorded at once never gets to the queue.
  const isOfQueue = !disk && die.step.startsWith('journal')
  const host = { disk, proxied: isOfQueue }
  const engine = await world.startEngine(bundle, 'host', host)
  if (before?.redelivered) {
    await engine.run({ at: timeOf(slot - 1, 120_123).toISOString() })
  }
  if (die.step === 'refusal noted') world.broker.inject('place', 'refuse', WORKFLOWS)
  if (isOfQueue) world.proxy.inject('drop', 'UpdateItem order_intents', 100)
  if (isOfQueue && die.step === 'journal emptied') {
    await engine.run({ at: timeOf(slot, 123).toISOString() })
    await engine.end()
    world.proxy.clear()
    const next = await world.startEngine(bundle, 'host', host)
    return died(next, { at: timeOf(slot, 30_123).toISOString(), die })
  }
  const isDead = await died(engine, { at: timeOf(slot, 123).toISOString(), die })
  world.proxy.clear()
  world.broker.clear()
  return isDead
}

const died = async (
  engine: Awaited<ReturnType<World['startEngine']>>,
  command: { at: string; die: Death },
): Promise<boolean> => {
  if ((await engine.run(command)) === null) return true
  await engine.end()
  return false
}

/** These deaths one after the other, in a world of their own. */
const inOneWorld = async (options: KillOptions, deaths: readonly Attack[]): Promise<KillReport> => {
  const { dedupes, disk, bundle } = options
  await using world = await openWorld({ dedupes, slots: deaths.length, workflows: WORKFLOWS })
  // Answers tell milliseconds and lists do not, so that two who record an order see two times.
  world.broker.settings.wholeSeconds = true
  let kills = 0
  for (const [slot, die] of deaths.entries()) {
    if (await live(world, slot, [deaths[slot - 1], die], options)) kills += 1
  }
  const last = await world.startEngine(bundle, 'host', { disk })
  await last.run({ at: timeOf(deaths.length - 1, 120_123).toISOString() })
  await last.run({ at: timeOf(deaths.length - 1, 300_123).toISOString() })
  await last.end()
  return { kills, placed: world.broker.book().length, violations: await world.violations() }
}

const WORLDS_AT_ONCE = 2

/**
 * Kills an engine process at each step, time and again. Each is followed by another process on the
 * same host, which sweeps. Half of the time it gets the same delivery once more before the next one;
 * then it dies at the next step.
 */
export const killEverywhere = async (options: KillOptions): Promise<KillReport> => {
  const { disk, repetitions, steps = stepsOf(disk) } = options
  const deaths = steps.flatMap((step) =>
    Array.from({ length: repetitions }, (_, index) => ({
      step,
      nth: 1 + (index % WORKFLOWS),
      redelivered: index % (2 * WORKFLOWS) < WORKFLOWS,
    })),
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
