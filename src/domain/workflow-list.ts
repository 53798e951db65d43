import type { BrokenWorkflow, IndicatorName, Workflow } from './workflow.ts'

/** What a list of workflows can be sorted by; the minus turns it around. */
export const WORKFLOW_SORTS = [
  'name',
  '-name',
  'last_order',
  '-last_order',
  'end_date',
  '-end_date',
  'updated_at',
  '-updated_at',
  'created_at',
  '-created_at',
] as const
export type WorkflowSort = (typeof WORKFLOW_SORTS)[number]

/** Which workflows, in which order, and which page of them. Texts match in part, in any case. */
export interface WorkflowQuery {
  enabled?: boolean | undefined
  dry_run?: boolean | undefined
  /** In any condition. */
  indicator?: IndicatorName | undefined
  /** Placed an order in the last seven days. */
  traded?: boolean | undefined
  index?: string | undefined
  /** In the name, the index or the cfd. */
  q?: string | undefined
  sort: WorkflowSort
  /** From 1. */
  page: number
  per_page: number
}

/** What a list may hold: also what is stored and no valid workflow, of which only the name is known. */
type Listed = Workflow | BrokenWorkflow
type Compare = (a: Listed, b: Listed) => number

const isBroken = (listed: Listed): listed is BrokenWorkflow => 'problem' in listed

/** As people sort names: 2 comes before 10. */
const compareNames = new Intl.Collator('en', { numeric: true }).compare
const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** Names need not be unique, ids are. */
const byName: Compare = (a, b) => compareNames(a.name, b.name) || compareTexts(a.id, b.id)

/** By a time or a day; workflows that have none come last, whichever way. */
const byDate =
  (dateOf: (workflow: Workflow) => string | null | undefined, direction: 1 | -1): Compare =>
  (a, b) => {
    const [one, other] = [a, b].map((listed) => (isBroken(listed) ? null : dateOf(listed)))
    const order =
      one && other ? direction * compareTexts(one, other) : Number(!one) - Number(!other)
    return order || byName(a, b)
  }

const lastOrder = ({ last_order }: Workflow) => last_order?.placed_at
const endDate = ({ end_date }: Workflow) => end_date
const updatedAt = ({ updated_at }: Workflow) => updated_at
const createdAt = ({ created_at }: Workflow) => created_at

const COMPARE: Record<WorkflowSort, Compare> = {
  name: byName,
  '-name': (a, b) => byName(b, a),
  last_order: byDate(lastOrder, 1),
  '-last_order': byDate(lastOrder, -1),
  end_date: byDate(endDate, 1),
  '-end_date': byDate(endDate, -1),
  updated_at: byDate(updatedAt, 1),
  '-updated_at': byDate(updatedAt, -1),
  created_at: byDate(createdAt, 1),
  '-created_at': byDate(createdAt, -1),
}

const isPart = (part: string | undefined, texts: readonly string[]): boolean =>
  part === undefined || texts.some((text) => text.toLowerCase().includes(part.toLowerCase()))

const matches = (
  workflow: Workflow,
  { enabled, dry_run, indicator, traded, index, q }: WorkflowQuery,
): boolean =>
  (enabled === undefined || workflow.enable === enabled) &&
  (dry_run === undefined || workflow.dry_run === dry_run) &&
  (indicator === undefined ||
    workflow.conditions.some((condition) => condition.indicator.name === indicator)) &&
  (traded === undefined || workflow.orders_by_day.some(({ count }) => count > 0) === traded) &&
  isPart(index, [workflow.index]) &&
  isPart(q, [workflow.name, workflow.index, workflow.cfd])

/** What is asked of anything but the name is not known of it. */
const brokenMatches = (
  { name }: BrokenWorkflow,
  { enabled, dry_run, indicator, traded, index, q }: WorkflowQuery,
): boolean =>
  [enabled, dry_run, indicator, traded, index].every((condition) => condition === undefined) &&
  isPart(q, [name])

/** One page of the workflows that match, and how many there are on all pages. */
export const selectWorkflows = <Item extends Listed>(
  listed: readonly Item[],
  query: WorkflowQuery,
): { workflows: Item[]; total: number } => {
  const { sort, page, per_page } = query
  const found = listed
    .filter((item) => (isBroken(item) ? brokenMatches(item, query) : matches(item, query)))
    .sort(COMPARE[sort])
  return { workflows: found.slice((page - 1) * per_page, page * per_page), total: found.length }
}
