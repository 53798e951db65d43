import type { Violations } from './checker.ts'
import { openWorld, timeOf } from './world.ts'

/** In one run. */
const ORDERS = 20

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** How long each placement took, claim included, in milliseconds. */
const timed = async (
  world: Awaited<ReturnType<typeof openWorld>>,
  slot: number,
  disk: boolean,
): Promise<{ took: number[]; placed: number; spooled: number }> => {
  const took: number[] = []
  const engine = await world.openEngine('host', {
    disk,
    deadlineMs: 5000,
    change: (deps) => {
      const startedAt = new Map<string, number>()
      const { hostClaims, intents, broker } = deps
      const began = (order_id: string): void => {
        if (!startedAt.has(order_id)) startedAt.set(order_id, performance.now())
      }
      return {
        ...deps,
        hostClaims: hostClaims && {
          ...hostClaims,
          take: (order, owner, now) => {
            began(order.order_id)
            return hostClaims.take(order, owner, now)
          },
        },
        intents: {
          ...intents,
          claim: (order, owner, now) => {
            began(order.order_id)
            return intents.claim(order, owner, now)
          },
        },
        broker: {
          ...broker,
          place: async (request) => {
            const answer = await broker.place(request)
            took.push(performance.now() - (startedAt.get(request.client_order_id) ?? 0))
            return answer
          },
        },
      }
    },
  })
  const { placed, spooled } = await engine.run(timeOf(slot))
  await engine.close()
  return { took, placed, spooled }
}

export interface OutageReport {
  orders: number
  /** Of one placement with DynamoDB up, in milliseconds at the median. */
  usual_ms: number
  /** What the outages add to that at the median; negative when nothing is waited for at all. */
  added_ms: number
  /** The longest that any placement took in an outage. */
  longest_ms: number
  placed: number
  spooled: number
  /** What of it was recorded from the journal or the queue afterwards. */
  delivered: number
  violations: Violations
}

interface OutageOptions {
  how: 'closed' | 'black_hole'
  dedupes: boolean
  /** False is Lambda: what cannot be recorded goes to the queue. */
  disk?: boolean
  /** How often it goes away and comes back. */
  outages?: number
}

/**
 * DynamoDB is away for a whole run and comes back for the next, time and again, so that usual and
 * unusual placements are timed side by side.
 */
export const outage = async ({
  how,
  dedupes,
  disk = true,
  outages = 3,
}: OutageOptions): Promise<OutageReport> => {
  await using world = await openWorld({ dedupes, slots: 1 + 2 * outages, workflows: ORDERS })
  // The first run leaves the copy of the workflows that the outages are run by.
  await timed(world, 0, disk)
  const usual: number[] = []
  const during: number[] = []
  const report = { orders: 0, placed: 0, spooled: 0, delivered: 0 }
  for (let round = 0; round < outages; round += 1) {
    usual.push(...(await timed(world, 1 + 2 * round, disk)).took)
    await world.proxy.down(how)
    const { took, placed, spooled } = await timed(world, 2 + 2 * round, disk)
    during.push(...took)
    await world.proxy.up()
    // Half an hour later: the records must bear the time of the placement all the same.
    const engine = await world.openEngine('host', { disk })
    const { recorded } = await engine.reconcile(timeOf(2 + 2 * round, 1_800_000))
    await engine.close()
    report.orders += ORDERS
    report.placed += placed
    report.spooled += spooled
    report.delivered += recorded
  }
  return {
    ...report,
    usual_ms: median(usual),
    added_ms: median(during) - median(usual),
    longest_ms: Math.max(0, ...during),
    violations: await world.violations(),
  }
}
