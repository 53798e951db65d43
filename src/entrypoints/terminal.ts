import type { z } from 'zod'
import type { AttentionEntry } from '../domain/attention.ts'
import type { FollowUp, RunSummary } from '../domain/run.ts'
import { CSV, NDJSON, type OrderRow } from '../routes/api/order-rows.ts'
import type { OrderJson, WorkflowList } from '../routes/api/schemas.ts'
import { relativeTime } from '../views/format.ts'
import { traceSentences } from '../views/words.ts'
import type { Finding } from './doctor.ts'
import type { TokenFacts } from './tokens.ts'

/** Columns as wide as their widest cell and as `least` says, two spaces apart. */
const table = (rows: readonly (readonly string[])[], least: readonly number[] = []): string => {
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    least,
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const ORDER_COLUMNS = ['PLACED AT', 'SIDE', 'QUANTITY', 'PRICE', 'INSTRUMENT', 'WORKFLOW', 'ORDER']
/** For lines that are printed before the widest cell is known. */
const ORDER_WIDTHS = [24, 4, 8, 10, 12, 56, 36]

const orderCells = (order: OrderRow): string[] => [
  order.placed_at,
  order.direction,
  String(order.quantity),
  String(order.price),
  order.asset.code,
  order.workflow_name,
  order.order_id,
]

/** A page of orders, one per line; times are UTC. */
export const ordersTable = ({
  orders,
  next_cursor,
  incomplete_before,
}: {
  orders: readonly OrderRow[]
  next_cursor: string | null
  incomplete_before: string | null
}): string =>
  [
    orders.length === 0 ? 'No orders here' : table([ORDER_COLUMNS, ...orders.map(orderCells)]),
    ...(incomplete_before === null
      ? []
      : [`not searched: what was placed before ${incomplete_before}`]),
    ...(next_cursor === null ? [] : [`more with --cursor ${next_cursor}`]),
  ].join('\n')

/** Orders that are printed as they come: what stands before the first one, and their lines. */
export const FOLLOW_FORMATS: Record<
  'table' | 'csv' | 'ndjson',
  { head: string; rows: (orders: readonly OrderRow[]) => string }
> = {
  table: {
    head: `${table([ORDER_COLUMNS], ORDER_WIDTHS)}\n`,
    rows: (orders) => `${table(orders.map(orderCells), ORDER_WIDTHS)}\n`,
  },
  csv: CSV,
  ndjson: NDJSON,
}

/** All facts about one order and, in words, why it was placed. */
export const orderText = (order: z.infer<typeof OrderJson>): string => {
  const { trace, asset, execution_context: run, ttl: _ttl, ...facts } = order
  const rows = Object.entries({
    ...facts,
    asset: `${asset.code} (index ${asset.index}, ${asset.asset_type ?? 'type unknown'})`,
    run: `${run.request_id} by ${run.trigger_source}${run.user ? ` for ${run.user}` : ''}`,
  }).map(([name, value]) => [name, String(value)])
  const why = traceSentences(trace).map((sentence) => `- ${sentence}`)
  return `${table(rows)}\nwhy\n${why.join('\n')}`
}

/** One workflow per line, by name, with its last order. */
export const workflowsTable = (
  { workflows, broken }: Pick<z.infer<typeof WorkflowList>, 'workflows' | 'broken'>,
  now: Date,
): string => {
  if (workflows.length + broken.length === 0)
    return 'No workflows yet: ordertrail workflows import FILE'
  const lastOrder = ({ last_order: last }: (typeof workflows)[number]): string =>
    last
      ? `${last.direction} ${last.quantity} at ${last.price}, ${relativeTime(new Date(last.placed_at), now)}`
      : 'No orders yet'
  const rows = workflows
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((workflow) => [
      workflow.name,
      workflow.cfd,
      workflow.enable ? 'enabled' : 'disabled',
      workflow.dry_run ? 'dry run' : 'live',
      lastOrder(workflow),
      workflow.id,
    ])
  const brokenRows = broken.map(({ id, name, problem }) => [name, '', 'broken', '', problem, id])
  return table([
    ['NAME', 'TRADES', 'STATUS', 'MODE', 'LAST ORDER', 'WORKFLOW'],
    ...rows,
    ...brokenRows,
  ])
}

/** One token per line, oldest first; times are UTC. */
export const tokensTable = (tokens: readonly TokenFacts[]): string =>
  tokens.length === 0
    ? 'No tokens yet: ordertrail token create --name NAME --role operator'
    : table([
        ['TOKEN', 'NAME', 'ROLE', 'CREATED', 'EXPIRES'],
        ...tokens.map(({ id, name, role, created_at, expires_at }) => [
          id,
          name,
          role,
          created_at,
          expires_at ?? 'never',
        ]),
      ])

/** What a run did, a line per workflow that placed, was skipped or failed. */
export const runText = (summary: RunSummary): string => {
  const { evaluated, placed, duplicate, refused, unknown, unsent, skipped, failed, left } = summary
  const told = summary.workflows.filter(({ outcome }) => outcome !== 'no_signal')
  const rows = told.map(({ outcome, workflow_name, reason }) => [
    outcome.replaceAll('_', ' '),
    workflow_name,
    reason ?? '',
  ])
  const counts = [
    `${evaluated} evaluated, ${placed} placed`,
    `${skipped} skipped (${duplicate} duplicate, ${refused} refused)`,
    `${failed} failed (${unknown} unknown, ${unsent} unsent)`,
    ...(left > 0 ? [`${left} left`] : []),
  ].join(', ')
  const text = `${counts}; ${followUpText(summary)}`
  return rows.length > 0 ? `${table(rows)}\n${text}` : text
}

const followUpText = ({ recorded, spooled, recovered, abandoned }: FollowUp): string =>
  `${recorded} recorded, ${spooled} spooled, ${recovered} recovered, ${abandoned} abandoned`

/** What a reconciliation did, and every order that a person may have to look after. */
export const reconcileText = (done: FollowUp, attention: readonly AttentionEntry[]): string => {
  const strangers = done.unrecognised.map(
    ({ client_order_id, placed_at, direction, quantity, code, price }) =>
      `At the broker, of no workflow: ${direction} ${quantity} ${code} at ${price}, ${placed_at}, client order id ${client_order_id}`,
  )
  const entries = attention.map((entry) => {
    const { order, workflow_name, claimed_at, placed_at, broker_order_id, known, to_do } = entry
    const facts = [
      `${workflow_name}: ${order.direction} ${order.quantity} ${order.code} at ${order.price}`,
      `claimed ${claimed_at}`,
      ...(placed_at === null ? [] : [`accepted ${placed_at}`]),
      ...(broker_order_id === null ? [] : [`broker order id ${broker_order_id}`]),
      `order ${entry.order_id}`,
    ]
    return `${facts.join(', ')}\n  ${known}\n  ${to_do}`
  })
  const heading =
    entries.length === 0 ? 'nothing needs attention' : `needs attention: ${entries.length}`
  return [followUpText(done), ...strangers, heading, ...entries].join('\n')
}

const SIGNS = { ok: 'ok', warning: 'WARNING', failed: 'FAILED' }

/** What the checks of `ordertrail doctor` found, each with what to do about it. */
export const doctorText = (findings: readonly Finding[]): string =>
  table(
    findings.flatMap(({ check, state, found, fix }) => [
      [SIGNS[state], check, found],
      ...(fix === null ? [] : [['', '', `to do: ${fix}`]]),
    ]),
  )
