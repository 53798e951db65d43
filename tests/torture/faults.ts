import { DYNAMODB_FAULTS, type DynamoDbFault } from '../support/dynamodb-proxy.ts'
import { PLACE_FAULTS, type PlaceFault, type ReadFault } from '../support/fault-broker.ts'
import { merged, type Violations } from './checker.ts'
import type { openEngine } from './engine.ts'
import { openWorld, timeOf } from './world.ts'

/** Every call that the protocol makes to DynamoDB in a run and its sweep. */
export const CALLS = [
  'Scan workflows',
  'PutItem order_intents', // the claim, and the mark of the sweep
  'GetItem order_intents',
  'UpdateItem order_intents', // R1 and R3
  'PutItem workflow_orders', // R2
  'UpdateItem workflows',
  'Query order_intents',
  'BatchGetItem order_intents',
] as const

const ALL_PLACE_FAULTS = [...(Object.keys(PLACE_FAULTS) as PlaceFault[]), 'book_late'] as const
/** One of each kind: refused, not sent, no answer with and without an order, a late one. */
const SECOND_FAULTS = [
  'refuse',
  'too_many',
  'reset_before',
  'error_after',
  'accept_no_answer',
  'book_late',
] as const
const READ_FAULTS = ['error', 'reset', 'no_answer', 'empty'] as const

export interface FaultReport {
  cells: number
  placed: number
  violations: Violations
  /** Cells in which an order was not placed although nothing but DynamoDB failed. */
  missed: string[]
  /** The calls to DynamoDB that were seen. */
  calls: string[]
}

interface FaultOptions {
  dedupes: boolean
  /** False is Lambda. */
  disk?: boolean
  /** Only cells in whose name this occurs. */
  only?: string
  engine?: typeof openEngine
}

type World = Awaited<ReturnType<typeof openWorld>>

interface Cell {
  name: string
  /** Runs the slot with its fault, and as often as it takes until all must have settled. */
  play: (world: World, slot: number) => Promise<void>
}

const minutes = (count: number): number => count * 60_000

/** Most of the time is spent waiting for deadlines. */
const WORLDS_AT_ONCE = 16

/** These cells one after the other, each in a slot of its own. */
const inOneWorld = async (
  { dedupes, disk, engine }: FaultOptions,
  cells: readonly Cell[],
): Promise<FaultReport> => {
  await using world = await openWorld({
    dedupes,
    slots: cells.length,
    ...(engine ? { engine } : {}),
  })
  const missed: string[] = []
  for (const [slot, { name, play }] of cells.entries()) {
    const before = world.broker.book().length
    await play(world, slot)
    if (world.broker.book().length === before) missed.push(name)
  }
  const last = await world.openEngine('host', disk === undefined ? {} : { disk })
  await last.reconcile(timeOf(cells.length))
  await last.close()
  return {
    cells: cells.length,
    placed: world.broker.book().length,
    violations: await world.violations(),
    missed,
    calls: [...new Set(world.proxy.requests)],
  }
}

const inWorlds = async (options: FaultOptions, all: readonly Cell[]): Promise<FaultReport> => {
  const cells = all.filter(({ name }) => name.includes(options.only ?? ''))
  const reports = await Promise.all(
    Array.from({ length: Math.min(WORLDS_AT_ONCE, cells.length) }, (_, lane) =>
      inOneWorld(
        options,
        cells.filter((__, index) => index % WORLDS_AT_ONCE === lane),
      ),
    ),
  )
  return {
    cells: cells.length,
    placed: reports.reduce((sum, { placed }) => sum + placed, 0),
    violations: merged(reports.map(({ violations }) => violations)),
    missed: reports.flatMap(({ missed }) => missed),
    calls: [...new Set(reports.flatMap(({ calls }) => calls))].sort(),
  }
}

interface BrokerFaults {
  /** Of the first request, and of the second one, which only a broker that dedupes gets. */
  place: readonly PlaceFault[]
  find?: ReadFault
  list?: ReadFault
  /** Look-ups and lists do not show the order until long after it was given up. */
  lags?: boolean
}

const brokerCell = ({ place, find, list, lags = false }: BrokerFaults, disk: boolean): Cell => ({
  name: [...place, find && `find ${find}`, list && `list ${list}`, lags && 'lags']
    .filter(Boolean)
    .join(', '),
  play: async ({ broker, openEngine }, slot) => {
    for (const fault of place) broker.inject('place', fault)
    if (find) broker.inject('find', find, 2)
    if (list) broker.inject('list', list)
    broker.settings.lags = lags
    const engine = await openEngine('host', { disk })
    await engine.run(timeOf(slot))
    broker.clear()
    // The same candle again, which must not place twice, and once more when all must have settled.
    await engine.run(timeOf(slot, minutes(0.5)), timeOf(slot))
    await engine.run(timeOf(slot, minutes(3)), timeOf(slot))
    if (lags) {
      broker.catchUp()
      await engine.run(timeOf(slot, minutes(5)), timeOf(slot))
    }
    await engine.close()
  },
})

/** Each fault of the broker, alone, with each fault of what is asked next, and twice in a row. */
export const brokerFaults = (options: FaultOptions): Promise<FaultReport> => {
  const { dedupes, disk = true } = options
  const cells = ALL_PLACE_FAULTS.flatMap((fault): BrokerFaults[] => [
    { place: [fault] },
    { place: [fault], lags: true },
    ...READ_FAULTS.flatMap((read): BrokerFaults[] => [
      { place: [fault], find: read },
      { place: [fault], find: 'error', list: read },
    ]),
    ...(dedupes ? SECOND_FAULTS : (['too_many'] as const)).map((second): BrokerFaults => ({
      place: [fault, second],
      find: 'empty',
    })),
  ])
  return inWorlds(
    options,
    cells.map((cell) => brokerCell(cell, disk)),
  )
}

const dynamoDbCell = (
  { call, fault, times }: { call: string; fault: DynamoDbFault; times: number },
  disk: boolean,
): Cell => ({
  name: `${call} ${fault} x${times}`,
  play: async ({ proxy, openEngine }, slot) => {
    // An engine of its own: what failed in one cell is not what the next one starts from.
    const engine = await openEngine('host', { disk })
    proxy.inject(fault, call, times)
    await engine.run(timeOf(slot)).catch(() => undefined)
    if (fault === 'late') await proxy.settled()
    proxy.clear()
    await engine.run(timeOf(slot, minutes(1.5)), timeOf(slot)).catch(() => undefined)
    await engine.close()
    // A process of before has seen the store fail, and may have left it alone for a while.
    const next = await openEngine('host', { disk })
    await next.run(timeOf(slot, minutes(3)), timeOf(slot))
    await next.close()
  },
})

/** Each fault of DynamoDB at each call, once and so often that no second try helps. */
export const dynamoDbFaults = (options: FaultOptions): Promise<FaultReport> => {
  const { disk = true } = options
  const cells = CALLS.flatMap((call) =>
    DYNAMODB_FAULTS.flatMap((fault) => [1, 2].map((times) => ({ call, fault, times }))),
  )
  return inWorlds(
    options,
    cells.map((cell) => dynamoDbCell(cell, disk)),
  )
}
