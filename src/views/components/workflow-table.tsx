import { useContext, type Child } from 'hono/jsx'
import type { Schedule } from '../../domain/ports.ts'
import type { BrokenWorkflow, LastOrder, Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { conditionInWords } from '../definition-words.ts'
import { formatPrice, formatQuantity } from '../format.ts'
import { capitalised, statusOf } from '../names.ts'
import { MayChange } from '../viewer.ts'
import { ForOperators } from './for-operators.tsx'
import { AttentionMark, ModePill, StatusPill } from './pills.tsx'
import { RunTimes } from './run-times.tsx'
import { Side } from './side.tsx'
import { Sparkline } from './sparkline.tsx'
import { RelativeTime } from './time.tsx'

interface TableProps {
  workflows: readonly (Workflow | BrokenWorkflow)[]
  /** The ids of those with orders that need attention. */
  marked: ReadonlySet<string>
  /** All workflows of the page are chosen, and not none. */
  selected: boolean
  /** Leads to the same page with the other choice. */
  otherSelection: string
  schedule: Schedule
  now: Date
}

const COLUMNS = [
  { heading: 'Workflow', class: 'name' },
  { heading: 'Condition', class: 'what' },
  { heading: 'Status', class: 'states' },
  { heading: 'Last run', class: 'runs' },
  { heading: 'Last order', class: 'last-order' },
  { heading: 'Orders, 7 days', class: 'week' },
]

const Name = ({
  id,
  name,
  cfd,
  marked,
}: Pick<Workflow, 'id' | 'name'> & Partial<Workflow> & Pick<TableProps, 'marked'>): Child => (
  <>
    <a href={paths.workflow(id)}>{name}</a>{' '}
    {cfd !== undefined && <span class='muted code'>{cfd}</span>}{' '}
    {marked.has(id) && (
      <span class='mark'>
        <AttentionMark workflow_id={id} />
      </span>
    )}
  </>
)

const LastOrderLine = ({ order, now }: { order: LastOrder | null; now: Date }): Child =>
  order === null ? (
    <span class='muted'>No orders yet</span>
  ) : (
    <>
      <a href={paths.order(order.order_id)}>
        <RelativeTime at={order.placed_at} now={now} />
      </a>{' '}
      <span class='deal'>
        <Side direction={order.direction} /> {formatQuantity(order.quantity)} at{' '}
        {formatPrice(order.price)}
      </span>
    </>
  )

// On a phone the rows are cards; `role` keeps them rows of a table for those who hear it.
const WorkflowRow = ({
  workflow,
  marked,
  selected,
  schedule,
  now,
}: Omit<TableProps, 'workflows' | 'otherSelection'> & { workflow: Workflow }): Child => {
  const { id, name, cfd, dry_run, end_date, conditions } = workflow
  return (
    <tr role='row'>
      <ForOperators>
        <td role='cell' class='select'>
          <label>
            <input type='checkbox' name='id' value={id} checked={selected} />
            <span class='visually-hidden'>Select {name}</span>
          </label>
        </td>
      </ForOperators>
      <th scope='row' role='rowheader' class='name'>
        <Name {...{ id, name, cfd, marked }} />
      </th>
      <td role='cell' class='what'>
        {conditions
          .map((condition) => conditionInWords(condition, workflow, { brief: true }))
          .map((words, index) => (
            <span class='condition'>{index === 0 ? capitalised(words) : `and ${words}`}</span>
          ))}
      </td>
      <td role='cell' class='states'>
        <StatusPill status={statusOf(workflow, now)} /> <ModePill dry_run={dry_run} />{' '}
        {end_date && <span class='muted whole'>until {end_date}</span>}
      </td>
      <td role='cell' class='runs'>
        <RunTimes {...{ workflow, schedule, now }} />
      </td>
      <td role='cell' class='last-order'>
        <LastOrderLine order={workflow.last_order} now={now} />
      </td>
      <td role='cell' class='week'>
        <Sparkline days={workflow.orders_by_day} />
      </td>
    </tr>
  )
}

const Mended = ({ id }: { id: string }): Child =>
  useContext(MayChange) ? <a href={paths.workflowEdit(id)}>mended</a> : 'mended'

const BrokenRow = ({
  broken,
  marked,
}: Pick<TableProps, 'marked'> & { broken: BrokenWorkflow }): Child => (
  <tr role='row'>
    <ForOperators>
      <td role='cell' class='select'></td>
    </ForOperators>
    <th scope='row' role='rowheader' class='name'>
      <Name {...broken} marked={marked} />
    </th>
    <td role='cell' class='what'>
      <span class='problem'>{broken.problem}</span>
    </td>
    <td role='cell' class='states'>
      <StatusPill status='broken' />
    </td>
    <td role='cell' class='runs' colspan={3}>
      <span class='muted'>
        Not run until it is <Mended id={broken.id} />
      </span>
    </td>
  </tr>
)

/** Workflows with what they wait for, how they run and what they ordered, to choose some from. */
export const WorkflowTable = ({
  workflows,
  selected,
  otherSelection,
  ...shown
}: TableProps): Child => (
  <table class='workflows' role='table'>
    <caption class='visually-hidden'>Workflows</caption>
    <thead role='rowgroup'>
      <tr role='row'>
        <ForOperators>
          <th scope='col' role='columnheader' class='select'>
            <a
              id='select-all'
              href={otherSelection}
              hx-boost='target:#workflow-list swap:"innerHTML show:none" push:false'
            >
              <span class='visually-hidden'>Select </span>
              {selected ? 'none' : 'all'}
              <span class='visually-hidden'> on this page</span>
            </a>
          </th>
        </ForOperators>
        {COLUMNS.map(({ heading, ...column }) => (
          <th scope='col' role='columnheader' {...column}>
            {heading}
          </th>
        ))}
      </tr>
    </thead>
    <tbody role='rowgroup'>
      {workflows.map((each) =>
        'problem' in each ? (
          <BrokenRow broken={each} {...shown} />
        ) : (
          <WorkflowRow workflow={each} selected={selected} {...shown} />
        ),
      )}
    </tbody>
  </table>
)
