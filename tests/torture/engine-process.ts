import { createInterface } from 'node:readline'
import type { EngineDeps } from '../../src/engine/run.ts'
import { openEngine, type EngineConfig } from './engine.ts'
import { dyingAt, type Step } from './steps.ts'

/** One run of an engine that is a process of its own; it dies in it if it is told to. */
export interface Command {
  at: string
  scheduled_at?: string
  die?: { step: Step; nth: number }
}

const config = JSON.parse(process.argv[2] ?? '{}') as EngineConfig

const obey = async ({ at, scheduled_at, die }: Command): Promise<unknown> => {
  const change = (deps: EngineDeps): EngineDeps => (die ? dyingAt(deps, die.step, die.nth) : deps)
  const engine = await openEngine(config, change)
  try {
    return await engine.run(new Date(at), new Date(scheduled_at ?? at))
  } finally {
    await engine.close()
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await obey(JSON.parse(line) as Command).then(
    () => 'done',
    (error: unknown) => `failed: ${String(error)}`,
  )
  process.stdout.write(`${answer}\n`)
}
process.exit(0)
