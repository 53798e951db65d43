import type { ExecutionContext } from '../domain/order.ts'
import type { Clock, Intents, Meter, Trail, WorkflowRunner, Workflows } from '../domain/ports.ts'

/** What the routes may touch: stores, the engine's runs, the clock and ids, never a broker. */
export interface AppDeps {
  workflows: Workflows
  trail: Trail
  intents: Pick<Intents, 'needingAttention'>
  engine: WorkflowRunner
  /** For whom runs are done that are asked for here. */
  caller: Pick<ExecutionContext, 'trigger_source' | 'user'>
  /** Removes what is too old for anybody to ask for, and returns how much there was. */
  purge: () => Promise<number>
  meter: Meter
  clock: Clock
  newId: () => string
  /** How long an order stays in the trail. */
  retention_seconds: number
  /** Rejects with `store_unavailable` when the tables cannot be reached. */
  ready: () => Promise<void>
}
