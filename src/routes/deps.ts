import type { People } from '../domain/access.ts'
import type { Chart } from '../domain/chart.ts'
import type { ExecutionContext } from '../domain/order.ts'
import type {
  Access,
  Clock,
  Intents,
  Logger,
  Meter,
  Schedule,
  SignedOutSessions,
  Trail,
  WorkflowRunner,
  Workflows,
} from '../domain/ports.ts'
import type { Workflow } from '../domain/workflow.ts'

/** An OpenID provider, and as whom we are known there. */
export interface OpenIdProvider {
  issuer: string
  client_id: string
  client_secret: () => Promise<string>
}

/** What decides who may come in. */
export interface AccessControl {
  read: Access['read']
  signedOut: SignedOutSessions
  /** The origin that people know us by; null where nobody has said. */
  public_url: string | null
  /** Whoever asks is the user of this machine, and needs no token as long as there is none. */
  is_private: boolean
  /** Who may come in by an e-mail address that the provider vouches for. */
  people: People
  /** The OpenID provider that people can sign in at; null where there is none. */
  provider: OpenIdProvider | null
}

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
  access: AccessControl
  /** Orders go to a paper broker: no money is at stake. */
  paper: boolean
  /** For whom runs are done that are asked for here. */
  caller: Pick<ExecutionContext, 'trigger_source' | 'user'>
  /** Removes what is too old for anybody to ask for, and returns how much there was. */
  purge: () => Promise<number>
  meter: Meter
  clock: Clock
  newId: () => string
  logger: Logger
  /** How many requests a second the API answers one caller; 0 for any number. */
  requests_per_second: number
  /** The origins whose pages may use the API, besides our own. */
  cors_origins: readonly string[]
  /** How long an order stays in the trail. */
  retention_seconds: number
  /** Rejects with `store_unavailable` when the tables cannot be reached. */
  ready: () => Promise<void>
}
