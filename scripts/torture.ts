import { parseArgs } from 'node:util'
import { bundleProcess } from '../tests/torture/bundle.ts'
import { NO_VIOLATIONS, type Violations } from '../tests/torture/checker.ts'
import { clockJumps } from '../tests/torture/clock.ts'
import { runTogether } from '../tests/torture/concurrent.ts'
import { brokerFaults, dynamoDbFaults } from '../tests/torture/faults.ts'
import { killEverywhere } from '../tests/torture/kill.ts'
import { outage } from '../tests/torture/outage.ts'

const usage = (problem: string): never => {
  process.stderr.write(`torture: ${problem}\nusage: npm run torture -- --minutes N\n`)
  process.exit(2)
}

const minutesOf = (): number => {
  try {
    const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
    const minutes = Number(values.minutes)
    if (!(minutes > 0 && minutes <= 1440)) {
      usage(`--minutes: expected a number above 0 and up to 1440, got "${values.minutes}"`)
    }
    return minutes
  } catch (error) {
    return usage(String(error))
  }
}

interface Round {
  /** What was done to the engines, and how often. */
  name: string
  attacks: number
  placed: number
  violations: Violations
}

const bundle = await bundleProcess()

/** One round is every experiment of the tests, with each kind of broker, on a host and on Lambda. */
const experiments = [true, false].flatMap((dedupes) =>
  [true, false].flatMap((disk): (() => Promise<Round>)[] => [
    async () => {
      const report = await killEverywhere({ dedupes, disk, repetitions: 4, bundle })
      return { name: 'kill -9', attacks: report.kills, ...report }
    },
    async () => {
      const report = await brokerFaults({ dedupes, disk })
      return { name: 'faults of the broker', attacks: report.cells, ...report }
    },
    async () => {
      const report = await dynamoDbFaults({ dedupes, disk })
      return { name: 'faults of DynamoDB', attacks: report.cells, ...report }
    },
    async () => {
      const report = await outage({ how: disk ? 'closed' : 'black_hole', dedupes, disk })
      return { name: 'orders in an outage', attacks: report.orders, ...report }
    },
    async () => {
      const report = await clockJumps(dedupes)
      return { name: 'clock jumps', attacks: report.jumps, ...report }
    },
    async () => {
      const report = await runTogether({ dedupes, disk, candles: 10, bundle })
      return { name: 'slots of 16 processes', attacks: report.slots, ...report }
    },
  ]),
)

const KINDS = Object.keys(NO_VIOLATIONS) as (keyof Violations)[]
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const endsAt = performance.now() + minutesOf() * 60_000
const totals = new Map<string, { attacks: number; placed: number }>()
const found: string[] = []
for (let next = 0; performance.now() < endsAt; next += 1) {
  const { name, attacks, placed, violations } = await experiments[next % experiments.length]!()
  const before = totals.get(name) ?? { attacks: 0, placed: 0 }
  totals.set(name, { attacks: before.attacks + attacks, placed: before.placed + placed })
  const bad = KINDS.flatMap((kind) => violations[kind].map((one) => `${kind}: ${one}`))
  for (const one of bad) print(`VIOLATION in ${name}: ${one}`)
  found.push(...bad)
}
const width = Math.max(...[...totals.keys()].map(({ length }) => length))
for (const [name, { attacks, placed }] of totals) {
  print(`${name.padEnd(width)}  ${attacks} (${placed} orders placed)`)
}
print(`${found.length} violations`)
process.exitCode = found.length > 0 ? 1 : 0
