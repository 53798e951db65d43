import { createInterface } from 'node:readline'
import { openEngine, type EngineConfig } from './engine.ts'
import { dyingAt, type Death } from './steps.ts'

/** One run of an engine that is a process of its own; it dies in it if it is told to. */
export interface Command {
  at: string
  scheduled_at?: string
  die?: Death
}

const config = JSON.parse(process.argv[2] ?? '{}') as EngineConfig
const order: Parameters<typeof dyingAt>[1] = { death: undefined, calls: 0 }
const engine = await openEngine(config, (deps) => dyingAt(deps, order))

for await (const line of createInterface({ input: process.stdin })) {
  const { at, scheduled_at, die } = JSON.parse(line) as Command
  Object.assign(order, { death: die, calls: 0 })
  const answer = await engine.run(new Date(at), new Date(scheduled_at ?? at)).then(
    () => 'done',
    (error: unknown) => `failed: ${String(error)}`,
  )
  process.stdout.write(`${answer}\n`)
}
process.exit(0)
