import { merged, type Violations } from './checker.ts'
import { openWorld, timeOf } from './world.ts'

const ORDERS = 40

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** How long each placement took, claim included, in milliseconds. */
const timed = async (
  world: Awaited<ReturnType<typeof openWorld>>,
  slot: number,
): Promise<{ took: number[]; placed: number; spooled: number }> => {
  const took: number[] = []
  const engine = await world.openEngine('host', {
    deadlineMs: 5000,
    change: (deps) => {
      const startedAt = new Map<string, number>()
      const { hostClaims, broker } = deps
      return {
        ...deps,
        hostClaims: hostClaims && {
          ...hostClaims,
          take: (order, owner, now) => {
            startedAt.set(order.order_id, performance.now())
            return hostClaims.take(order, owner, now)
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
  /** What the outage adds to that at the median; negative when nothing is waited for at all. */
  added_ms: number
  /** The longest that any placement took. */
  longest_ms: number
  placed: number
  spooled: number
  violations: Violations
}

/** DynamoDB is away for a whole run and comes back for the next. */
export const outage = async (
  how: 'closed' | 'black_hole',
  dedupes: boolean,
): Promise<OutageReport> => {
  await using world = await openWorld({ dedupes, slots: 3, workflows: ORDERS })
  // The first run leaves the copy of the workflows that the outage is run by.
  await timed(world, 0)
  const usual = await timed(world, 1)
  await world.proxy.down(how)
  const during = await timed(world, 2)
  await world.proxy.up()
  const engine = await world.openEngine('host')
  // Hours later: the records must bear the time of the placement all the same.
  await engine.reconcile(timeOf(8))
  await engine.close()
  return {
    orders: ORDERS,
    usual_ms: median(usual.took),
    added_ms: median(during.took) - median(usual.took),
    longest_ms: Math.max(...during.took),
    placed: during.placed,
    spooled: during.spooled,
    violations: merged([await world.violations()]),
  }
}
