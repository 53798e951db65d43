import { DYNAMODB_FAULTS, type DynamoDbFault } from '../support/dynamodb-proxy.ts'
import { PLACE_FAULTS, type PlaceFault } from '../support/fault-broker.ts'
import { merged, type Violations } from './checker.ts'
import { openWorld, timeOf } from './world.ts'

/** Every call that the protocol makes to DynamoDB in a run and its sweep. */
const CALLS = [
  'Scan workflows',
  'PutItem order_intents', // the claim, and the mark of the sweep
  'GetItem order_intents',
  'UpdateItem order_intents', // R1 and R3
  'PutItem workflow_orders', // R2
  'UpdateItem workflows',
  'Query order_intents',
  'BatchGetItem order_intents',
] as const

const BROKER_FAULTS: PlaceFault[] = [...(Object.keys(PLACE_FAULTS) as PlaceFault[]), 'book_late']
const READ_FAULTS = ['error', 'reset', 'no_answer', 'empty'] as const

export interface FaultReport {
  cells: number
  placed: number
  violations: Violations
  /** Cells in which an order was not placed although nothing but DynamoDB failed. */
  missed: string[]
}

const minutes = (count: number): number => count * 60_000

/** Each fault of the broker, alone and with each fault of the look-up that follows it. */
export const brokerFaults = async (dedupes: boolean): Promise<FaultReport> => {
  const cells = BROKER_FAULTS.flatMap((fault) =>
    [null, ...READ_FAULTS].map((look) => ({ fault, look })),
  )
  await using world = await openWorld({ dedupes, slots: cells.length })
  const engine = await world.openEngine('host')
  for (const [slot, { fault, look }] of cells.entries()) {
    world.broker.inject('place', fault)
    if (look) world.broker.inject('find', look)
    await engine.run(timeOf(slot))
    world.broker.clear()
    // The same candle again, which must not place twice, and once more when all must have settled.
    await engine.run(timeOf(slot, minutes(0.5)))
    await engine.run(timeOf(slot, minutes(3)))
  }
  await engine.reconcile(timeOf(cells.length))
  await engine.close()
  return {
    cells: cells.length,
    placed: world.broker.book().length,
    violations: await world.violations(),
    missed: [],
  }
}

interface Cell {
  call: string
  fault: DynamoDbFault
  times: number
}

/** These faults, one after the other in a world of their own, each in a slot of its own. */
const inOneWorld = async (dedupes: boolean, cells: readonly Cell[]): Promise<FaultReport> => {
  const missed: string[] = []
  await using world = await openWorld({ dedupes, slots: cells.length })
  for (const [slot, { call, fault, times }] of cells.entries()) {
    // An engine of its own: what failed in one cell is not what the next one starts from.
    const engine = await world.openEngine('host')
    const before = world.broker.book().length
    world.proxy.inject(fault, call, times)
    await engine.run(timeOf(slot)).catch(() => undefined)
    if (fault === 'late') await world.proxy.settled()
    world.proxy.clear()
    await engine.run(timeOf(slot, minutes(1.5)))
    await engine.close()
    if (world.broker.book().length === before) missed.push(`${call} ${fault} x${times}`)
  }
  const engine = await world.openEngine('host')
  await engine.reconcile(timeOf(cells.length))
  await engine.close()
  return {
    cells: cells.length,
    placed: world.broker.book().length,
    violations: await world.violations(),
    missed,
  }
}

/** Most of the time is spent waiting for deadlines. */
const WORLDS_AT_ONCE = 6

/** Each fault of DynamoDB at each call, once and so often that no second try helps. */
export const dynamoDbFaults = async (dedupes: boolean): Promise<FaultReport> => {
  const cells = CALLS.flatMap((call) =>
    DYNAMODB_FAULTS.flatMap((fault) => [1, 2].map((times) => ({ call, fault, times }))),
  )
  const reports = await Promise.all(
    Array.from({ length: WORLDS_AT_ONCE }, (_, lane) =>
      inOneWorld(
        dedupes,
        cells.filter((__, index) => index % WORLDS_AT_ONCE === lane),
      ),
    ),
  )
  return {
    cells: cells.length,
    placed: reports.reduce((sum, { placed }) => sum + placed, 0),
    violations: merged(reports.map(({ violations }) => violations)),
    missed: reports.flatMap(({ missed }) => missed),
  }
}
