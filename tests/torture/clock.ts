import type { Violations } from './checker.ts'
import { openWorld, timeOf } from './world.ts'

const HOUR_MS = 3_600_000

/** Between which two steps the clock jumps: the process ends there, and another one goes on. */
const STOPS = ['after the claim', 'after the broker accepted', 'before the record'] as const

/**
 * The clock jumps by an hour, ahead or back, between claim and record: a process stops in the middle
 * and the next one sees another time.
 */
export const clockJumps = async (
  dedupes: boolean,
): Promise<{ jumps: number; placed: number; violations: Violations }> => {
  const cells = [HOUR_MS, -HOUR_MS].flatMap((jump) =>
    STOPS.flatMap((stop) => [true, false].map((disk) => ({ jump, stop, disk }))),
  )
  await using world = await openWorld({ dedupes, slots: 4 * cells.length })
  for (const [index, { jump, stop, disk }] of cells.entries()) {
    const slot = 4 * index + 1
    const stopping = await world.openEngine('host', {
      disk,
      change: (deps) => ({
        ...deps,
        broker: {
          ...deps.broker,
          place: async (request) => {
            // To the engine this is a broker that does not answer, which is what a stop looks like.
            if (stop === 'after the claim') throw new Error('stopped')
            const answer = await deps.broker.place(request)
            if (stop === 'after the broker accepted') throw new Error('stopped')
            return answer
          },
          findByClientOrderId: () => Promise.reject(new Error('stopped')),
          list: () => Promise.reject(new Error('stopped')),
        },
        trail: {
          ...deps.trail,
          recordWorkflowOrder: () => Promise.reject(new Error('stopped')),
        },
      }),
    })
    await stopping.run(timeOf(slot))
    await stopping.close()

    const next = await world.openEngine('host', { disk })
    // The same delivery again, dated by the clock that jumped.
    await next.run(timeOf(slot, jump), timeOf(slot))
    await next.close()
    const later = await world.openEngine('host', { disk })
    await later.run(timeOf(slot, 300_000), timeOf(slot))
    await later.close()
  }
  const engine = await world.openEngine('host')
  await engine.reconcile(timeOf(4 * cells.length + 2))
  await engine.close()
  return {
    jumps: cells.length,
    placed: world.broker.book().length,
    violations: await world.violations(),
  }
}
