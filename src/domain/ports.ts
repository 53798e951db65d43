import type { AccessDocument } from './access.ts'
import type { Candle, Market, UnitTime } from './candle.ts'
import type { PagePosition } from './cursor.ts'
import type { ProposedOrder } from './decision.ts'
import type {
  AssetType,
  BrokerOrder,
  ExecutionContext,
  IntendedOrder,
  ListedOrder,
  Order,
  OrderSummary,
  PlacedOrder,
} from './order.ts'
import type { FollowUp, RunSummary } from './run.ts'
import type {
  BrokenWorkflow,
  LastRun,
  Workflow,
  WorkflowDefinition,
  WorkflowRun,
} from './workflow.ts'

/** Where the time comes from. One run, and one request, asks once. */
export interface Clock {
  now: () => Date
}

export interface CandleRequest {
  code: string
  unit_time: UnitTime
  /** How many candles are wanted; fewer come when the market has no more. */
  count: number
  market: Market
  /** Only candles that had closed at this instant are returned. */
  now: Date
}

/** What the price source knows of an instrument; null where it does not know. */
export interface Instrument {
  asset_type: AssetType | null
  tick_size: number | null
}

/** On which days an instrument trades. Days are `YYYY-MM-DD`. */
export interface Calendar {
  /** The market's own date at the time of the run. */
  today: string
  isOpen: (day: string) => boolean
}

/** Prices. Every member throws a DomainError `market_unavailable` for what it cannot give. */
export interface MarketData {
  /** Closed candles, newest first. */
  candles: (request: CandleRequest) => Promise<Candle[]>
  calendar: (code: string, now: Date) => Promise<Calendar>
  instrument: (code: string) => Promise<Instrument>
  /**
   * Where answers are kept for a while: from here on they are not older than this call. A run begins
   * with it, as its candle may have closed a second ago.
   */
  renew?: () => void
}

export interface OrderRequest extends ProposedOrder {
  client_order_id: string
  /** The time of the run that places the order. */
  at: Date
}

/**
 * What came of sending an order. `repeated`: the broker had this order already, and nothing new was
 * placed. `refused`: the broker said no. `unsent`: nothing reached the broker's book, because there
 * was no connection or it takes no more requests. The last two are certain, or they would be thrown.
 */
export type Placement =
  | { kind: 'accepted'; order: BrokerOrder; repeated: boolean }
  | { kind: 'refused' | 'unsent'; reason: string }

export interface Broker {
  /**
   * True when a client order id that the broker has ever accepted is never placed again, so that an
   * order may be sent twice. False when in doubt: then an order is sent once at most.
   */
  dedupesClientOrderIds: boolean
  /**
   * How long after a request was sent look-ups and lists may still not show its order, in
   * milliseconds. What they do not show after that time was surely never placed.
   */
  settleMs: number
  /**
   * Sends an order, once: no layer repeats it. The answer holds the order as it stands in the
   * broker's book. Throws when it is not known whether the order was placed.
   */
  place: (request: OrderRequest) => Promise<Placement>
  /** The order with this client order id, or null when the broker has none. */
  findByClientOrderId: (client_order_id: string) => Promise<BrokerOrder | null>
  /** Every order that was accepted at `since` or later. */
  list: (filter: { since: Date }) => Promise<BrokerOrder[]>
}

/**
 * The claim that decides who places an order, and how far it got: `claimed` until the broker has
 * answered, `placed` until the order is in the trail; the other states are final, unless the broker
 * turns out to have the order after all.
 */
export interface Intent {
  order_id: string
  state: 'claimed' | 'placed' | 'recorded' | 'rejected' | 'abandoned'
  owner: string
  claimed_at: string
  order: IntendedOrder
  /** Once placed. */
  placed_at: string | null
  broker_order_id: string | null
  /** Why it was rejected or abandoned. */
  reason: string | null
}

export interface Intents {
  /** Claims the order for `owner`; null when that succeeded, else the claim that was there before. */
  claim: (order: IntendedOrder, owner: string, now: Date) => Promise<Intent | null>
  /** Another execution goes on with a claim whose order is not placed yet: it dates from `now`. */
  takeOver: (order_id: string, now: Date) => Promise<void>
  /** The order is with the broker; returns the placement time that counts, which is the first one. */
  markPlaced: (order: PlacedOrder) => Promise<string>
  markRecorded: (order: Order, now: Date) => Promise<void>
  /** The broker refused it, or never had it. */
  close: (
    order_id: string,
    state: 'rejected' | 'abandoned',
    reason: string,
    now: Date,
  ) => Promise<void>
  /** Those of these orders that were ever claimed or placed, by order id. */
  find: (order_ids: readonly string[]) => Promise<Map<string, Intent>>
  /** Claims whose order is neither recorded nor closed, oldest first. */
  unresolved: () => Promise<Intent[]>
  /** The unresolved ones, and those given up that were claimed at `since` or later. A change may show a moment later. */
  needingAttention: (since: Date) => Promise<Intent[]>
  /** Up to which broker's time the last complete sweep saw all orders; null before the first one. */
  sweptUntil: () => Promise<string | null>
  saveSweptUntil: (at: string) => Promise<void>
}

/** A claim on the disk of this host. */
export interface HostClaim {
  order: IntendedOrder
  owner: string
  claimed_at: string
  /** The order is recorded or closed. */
  settled: boolean
}

/** Claims on a disk: they tell the executions of one host apart while the store is away. */
export interface HostClaims {
  /** Claims the order for `owner`; null when that succeeded, else the claim that was there before. */
  take: (order: IntendedOrder, owner: string, now: Date) => Promise<HostClaim | null>
  /** The claims that are not settled, oldest first. */
  open: () => Promise<HostClaim[]>
  /** The order is recorded or closed. The claim goes on to keep others away. */
  settle: (order_id: string) => Promise<void>
  /** Removes claims that no execution can ask for any more, and returns how many there were. */
  purge: (now: Date) => Promise<number>
}

export interface HistoryQuery {
  workflow_id: string
  page: number
  per_page: number
  sort: 'placed_at' | '-placed_at'
  /**
   * Leaves out what was placed after this instant: with the newest order of the first page, the pages
   * stay what they are while orders arrive.
   */
  until?: string | undefined
  now: Date
}

/** Which orders a list holds. What is not given, or is an empty list, leaves nothing out. */
export type OrderFilter = {
  /** At most 100. */
  workflow_ids?: readonly string[] | undefined
  direction?: Order['direction'] | undefined
  order_type?: Order['order_type'] | undefined
  /** The instrument that was traded, `asset.code`. */
  instrument?: string | undefined
  /** Placed at this instant or later. */
  from?: string | undefined
  /** Placed before this instant. */
  to?: string | undefined
  /** Order ids, at most 100. */
  ids?: readonly string[] | undefined
}

export type OrdersQuery = OrderFilter & {
  sort: 'placed_at' | '-placed_at'
  /** How many orders a page has at most, 1 to 100. */
  limit: number
  /** What another page of the same list gave as its `next` or `previous`; null for the first page. */
  position: PagePosition | null
  now: Date
}

export interface OrdersPage {
  orders: ListedOrder[]
  /** Where the following page begins; null at the end of the list. */
  next: PagePosition | null
  /** Where the page before ends; null at the beginning of the list. That page may turn out empty. */
  previous: PagePosition | null
}

/** The trail: the orders that brokers accepted. No member returns an order past its ttl. */
export interface Trail {
  /** Writes the record of a placed order once and returns it; the same order again changes nothing. */
  recordWorkflowOrder: (order: PlacedOrder) => Promise<Order>
  /** One page of a workflow's orders, and how many there are on all pages. */
  getWorkflowOrders: (query: HistoryQuery) => Promise<{ orders: OrderSummary[]; total: number }>
  /** How many orders a workflow has, and the newest one. */
  summarizeWorkflowOrders: (
    workflow_id: string,
    now: Date,
  ) => Promise<{ count: number; latest: OrderSummary | null }>
  /**
   * One page of a list. Following `next` to the end gives every order that was there all the time
   * exactly once, whatever is placed meanwhile. A page without a filter costs one request, and one
   * more for each further day that it reads; no page costs more than 16. A page may therefore be short
   * or empty and still have a `next`: the filter left out too much, and the next page searches on.
   */
  listOrders: (query: OrdersQuery) => Promise<OrdersPage>
  /**
   * The newest order of every workflow that has any, newest first, under the name that the workflow
   * had then. It reads the whole trail: one request for each day of it, and one for each further
   * megabyte (some 600 orders). After 32 of these it gives up: `since` is then how far it got, and
   * workflows that placed nothing after that instant are missing. Else `since` is null.
   */
  latestOrders: (now: Date) => Promise<{ orders: ListedOrder[]; since: string | null }>
  getOrder: (order_id: string, now: Date) => Promise<Order | null>
}

export interface Workflows {
  /** All workflows, and the stored items that are no valid workflow. One request per megabyte. */
  list: (now: Date) => Promise<{ workflows: Workflow[]; broken: BrokenWorkflow[] }>
  /** Throws `invalid` when the stored item is broken. */
  find: (id: string, now: Date) => Promise<Workflow | null>
  /** What is stored, valid or not, so that it can be mended; null when there is nothing. */
  findRaw: (id: string) => Promise<Record<string, unknown> | null>
  create: (id: string, definition: WorkflowDefinition, now: Date) => Promise<Workflow>
  /**
   * Null when there is no such workflow. With a `revision`, replaces that one only.
   * @throws DomainError `precondition_failed` when the workflow is at another revision
   */
  replace: (
    id: string,
    definition: WorkflowDefinition,
    now: Date,
    revision?: number,
  ) => Promise<Workflow | null>
  /**
   * False when there was no such workflow. With a `revision`, removes that one only.
   * @throws DomainError `precondition_failed` when the workflow is at another revision
   */
  remove: (id: string, revision?: number) => Promise<boolean>
  saveLastRun: (id: string, lastRun: LastRun) => Promise<void>
  /**
   * Keeps the order as the workflow's last one, unless a newer one is there, and counts it on its
   * day. The same order again changes nothing, nor does the sequence of orders matter.
   */
  saveLastOrder: (order: Order) => Promise<void>
}

/** When the engine runs by itself. */
export interface Schedule {
  /** When the run that follows this instant should begin; null when none is to be expected. */
  nextRun: (after: Date) => Date | null
}

/** When and for whom the engine does something. */
export interface Execution {
  /** The one time of this execution. */
  now: Date
  context: ExecutionContext
  /**
   * How many milliseconds it may still take; without it, any number. What there is no time for is
   * not begun: it is left to the next execution.
   */
  remainingMs?: (() => number) | undefined
}

/** The engine as those see it who ask for a run outside of the schedule. */
export interface WorkflowRunner {
  /**
   * Evaluates every workflow, or the one with this id, places, then records. One workflow's failure
   * never stops another.
   * @throws DomainError `not_found` for an unknown `workflow_id` and `invalid` for one whose stored
   *   item is broken, `store_unavailable` when the workflows cannot be read and none are known from
   *   before
   */
  run: (request: Execution & { workflow_id?: string | undefined }) => Promise<RunSummary>
  /**
   * Does what a run does, for this workflow alone, and tells the decision behind it. With `dry_run`
   * it only explains: nothing is claimed, sent or saved. An explanation of a disabled or ended
   * workflow has the decision as well, and the outcome that a run would have.
   * @throws DomainError `not_found`, `invalid` when the stored item is broken, `store_unavailable`
   */
  runOne: (request: Execution & { workflow_id: string; dry_run: boolean }) => Promise<WorkflowRun>
  /**
   * Delivers what waits and compares the broker's whole book with the trail; places nothing.
   * @throws DomainError `store_unavailable`
   */
  reconcile: (request: Execution) => Promise<FollowUp>
}

/** Placed orders that are not in the trail yet, where a crash does not lose them. */
export interface Journal {
  /** True for a disk, which has every order before it is recorded; a queue has what could not be. */
  keepsEveryOrder: boolean
  append: (order: PlacedOrder) => Promise<void>
  pending: () => Promise<PlacedOrder[]>
  remove: (order_id: string) => Promise<void>
}

/** Where the tokens and session keys of this installation are kept. */
export interface Access {
  /**
   * The document as it is, or was a moment ago; without tokens when none was ever made.
   * @throws DomainError `access_unavailable` that names the problem
   */
  read: () => Promise<AccessDocument>
  /**
   * Changes the document as it is now, and returns what `change` did.
   * @throws DomainError `access_unavailable`, `conflict` when somebody else changed it meanwhile, and
   *   what `change` throws
   */
  update: <Changed extends { document: AccessDocument }>(
    change: (document: AccessDocument) => Changed,
  ) => Promise<Changed>
}

/** The sessions that were signed out before their time was over. */
export interface SignedOutSessions {
  /** @throws DomainError `store_unavailable` or `tables_missing` */
  has: (session_id: string) => Promise<boolean>
  /**
   * Remembers it for as long as the session could be used, until `end`.
   * @throws DomainError `store_unavailable` or `tables_missing`
   */
  add: (session_id: string, end: Date) => Promise<void>
}

/** Tells what work cost at the store: how many requests, and their time together in milliseconds. */
export interface Meter {
  measure: (work: () => Promise<void>) => Promise<{ count: number; ms: number }>
}

/** One line per thing that happened. */
export interface Logger {
  info: (event: string, fields?: Record<string, unknown>) => void
  warn: (event: string, fields?: Record<string, unknown>) => void
  error: (event: string, fields?: Record<string, unknown>) => void
}
