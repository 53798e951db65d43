import type { OrderSummary, Order } from '../domain/order.ts'
import type { BrokenWorkflow, Workflow } from '../domain/workflow.ts'
import type { AttentionEntry } from '../domain/attention.ts'
import type { FollowUp, RunSummary } from '../domain/run.ts'
import { orderJson } from '../routes/api/schemas.ts'
import { relativeTime } from '../views/format.ts'
import { traceSentences } from '../views/words.ts'

/** Columns as wide as their widest cell, two spaces apart. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
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

/** One order per line; times are UTC. */
export const ordersTable = (
  { orders, total }: { orders: OrderSummary[]; total: number },
  { page, per_page }: { page: number; per_page: number },
): string => {
  if (total === 0) return 'No orders yet'
  const rows = orders.map(({ placed_at, direction, quantity, price, order_id }) => [
    placed_at,
    direction,
    String(quantity),
    String(price),
    order_id,
  ])
  const pages = Math.ceil(total / per_page)
  return `${table([['PLACED AT', 'SIDE', 'QUANTITY', 'PRICE', 'ORDER'], ...rows])}\n${total} orders, page ${page} of ${pages}`
}

/** All facts about one order and, in words, why it was placed. */
export const orderText = (order: Order): string => {
  const { trace, asset, execution_context: run, ttl: _ttl, ...facts } = orderJson(order)
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
  { workflows, broken }: { workflows: Workflow[]; broken: BrokenWorkflow[] },
  now: Date,
): string => {
  if (workflows.length + broken.length === 0)
    return 'No workflows yet: ordertrail workflows import FILE'
  const lastOrder = ({ last_order: last }: Workflow): string =>
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

/** What a run did, a line per workflow that placed, was skipped or failed. */
export const runText = (summary: RunSummary): string => {
  const { evaluated, placed, duplicate, refused, unknown, skipped, failed } = summary
  const told = summary.workflows.filter(({ outcome }) => outcome !== 'no_signal')
  const rows = told.map(({ outcome, workflow_name, reason }) => [
    outcome.replaceAll('_', ' '),
    workflow_name,
    reason ?? '',
  ])
  const counts = [
    `${evaluated} evaluated, ${placed} placed`,
    `${skipped} skipped (${duplicate} duplicate, ${refused} refused)`,
    `${failed} failed (${unknown} unknown)`,
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
