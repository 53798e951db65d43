import type { Chart } from '../domain/chart.ts'
import type { ExecutionContext } from '../domain/order.ts'
import type {
  Clock,
  Intents,
  Logger,
  Meter,
  Schedule,
  Trail,
  WorkflowRunner,
  Workflows,
} from '../domain/ports.ts'
import type { Workflow } from '../domain/workflow.ts'

/** What the routes may touch: stores, the engine's runs, the clock and ids, never a broker. */
export interface AppDeps {
  workflows: Workflows
  trail: Trail
  intents: Pick<Intents, 'needingAttention'>
  engine: WorkflowRunner
  schedule: Schedule
  /**
   * The last candles of what a workflow trades, with its levels.
   * @throws DomainError `market_unavailable`
   */
  chart: (workflow: Workflow, now: Date) => Promise<Chart>
  /** For whom runs are done that are asked for here. */
  caller: Pick<ExecutionContext, 'trigger_source' | 'user'>
  /** Removes what is too old for anybody to ask for, and returns how much there was. */
  purge: () => Promise<number>
  meter: Meter
  clock: Clock
  newId: () => string
  logger: Logger
  /** How many requests a second the API answers one address; 0 for any number. */
  requests_per_second: number
  /** The origins whose pages may use the API, besides our own. */
  cors_origins: readonly string[]
  /** How long an order stays in the trail. */
  retention_seconds: number
  /** Rejects with `store_unavailable` when the tables cannot be reached. */
  ready: () => Promise<void>
}
