import type { Child } from 'hono/jsx'
import { dueRun } from '../../domain/due-run.ts'
import type { Schedule } from '../../domain/ports.ts'
import type { LastOrder, Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { formatCount, formatPrice, formatQuantity } from '../format.ts'
import { hasGoneWrong } from './pills.tsx'
import { Side } from './side.tsx'
import { RelativeTime } from './time.tsx'

/** How many workflows are named; the others are counted. */
const NAMED = 2

type Traded = Workflow & { last_order: LastOrder }

/** The workflow that placed the newest order, or null when none has any. */
export const lastTraded = (workflows: readonly Workflow[]): Traded | null =>
  workflows
    .filter((workflow): workflow is Traded => workflow.last_order !== null)
    .reduce<Traded | null>(
      (newest, each) =>
        newest && newest.last_order.placed_at >= each.last_order.placed_at ? newest : each,
      null,
    )

const Named = ({ workflows }: { workflows: readonly Workflow[] }): Child => {
  const rest = workflows.length - NAMED
  return (
    <>
      {workflows.slice(0, NAMED).map(({ id, name }, index) => (
        <>
          {index > 0 && ', '}
          <a href={paths.workflow(id)}>{name}</a>
        </>
      ))}
      {rest > 0 && ` and ${formatPrice(rest)} more`}
    </>
  )
}

const Trouble = ({ kind, workflows }: { kind: string; workflows: readonly Workflow[] }): Child =>
  workflows.length > 0 && (
    <p>
      <span class='pill pill-warn'>{kind}</span> {formatCount(workflows.length, 'workflow')}:{' '}
      <Named workflows={workflows} />
    </p>
  )

interface Props {
  /** All of them, whatever the list shows. */
  workflows: readonly Workflow[]
  /** Of these, the one that placed the newest order. */
  traded: Traded | null
  schedule: Schedule
  now: Date
}

/** Which workflow traded last, and whether the runs are on time and went well. */
export const AtAGlance = ({ workflows, traded, schedule, now }: Props): Child => {
  const due = workflows.flatMap((workflow) => {
    const run = dueRun(workflow, schedule, now)
    return run ? [{ workflow, run }] : []
  })
  const overdue = due.filter(({ run }) => run.overdue).map(({ workflow }) => workflow)
  const wrong = workflows.filter(
    ({ enable, last_run }) => enable && last_run && hasGoneWrong(last_run.outcome),
  )
  const isFine = due.length > 0 && overdue.length + wrong.length === 0
  if (!traded && !isFine && overdue.length + wrong.length === 0) return null
  return (
    <div class='glance'>
      {traded && (
        <p>
          Last order{' '}
          <a href={paths.order(traded.last_order.order_id)}>
            <RelativeTime at={traded.last_order.placed_at} now={now} />
          </a>
          : <Side direction={traded.last_order.direction} />{' '}
          {formatQuantity(traded.last_order.quantity)} <span class='code'>{traded.cfd}</span> at{' '}
          {formatPrice(traded.last_order.price)},{' '}
          <a href={paths.workflow(traded.id)}>{traded.name}</a>
        </p>
      )}
      <Trouble kind='Overdue' workflows={overdue} />
      <Trouble kind='Last run failed' workflows={wrong} />
      {isFine && <p class='muted'>All runs are on time, and none has failed.</p>}
    </div>
  )
}
