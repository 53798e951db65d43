import type { Child } from 'hono/jsx'
import type { AttentionEntry } from '../../domain/attention.ts'
import type { BrokenWorkflow, LastOrder, Workflow } from '../../domain/workflow.ts'
import { compareNames } from '../../domain/workflow-list.ts'
import { paths } from '../../paths.ts'
import { AttentionSection } from '../components/attention-section.tsx'
import { AttentionMark, ModePill, StatusPill } from '../components/pills.tsx'
import { Side } from '../components/side.tsx'
import { RelativeTime } from '../components/time.tsx'
import { conditionInWords } from '../definition-words.ts'
import { formatCount, formatPrice, formatQuantity } from '../format.ts'
import { capitalised, statusOf } from '../names.ts'

interface Props {
  workflows: readonly Workflow[]
  broken: readonly BrokenWorkflow[]
  /** Newest first. */
  attention: readonly AttentionEntry[]
  now: Date
}

const COLUMNS = ['Workflow', 'Instrument', 'Condition', 'Status', 'Mode', 'Last order']

const LastOrderLine = ({ order, now }: { order: LastOrder | null; now: Date }): Child =>
  order === null ? (
    <span class='muted'>No orders yet</span>
  ) : (
    <>
      <a href={paths.order(order.order_id)}>
        <RelativeTime at={order.placed_at} now={now} />
      </a>
      <span class='deal'>
        <Side direction={order.direction} /> {formatQuantity(order.quantity)} at{' '}
        {formatPrice(order.price)}
      </span>
    </>
  )

// On a phone the rows are cards; `role` keeps them rows of a table for those who hear them.
const WorkflowRow = ({
  workflow,
  mark,
  now,
}: {
  workflow: Workflow
  mark: Child
  now: Date
}): Child => (
  <tr role='row'>
    <th scope='row' role='rowheader'>
      <a href={paths.workflow(workflow.id)}>{workflow.name}</a>
      {mark}
    </th>
    <td role='cell' class='instrument code'>
      {workflow.cfd}
    </td>
    <td role='cell' class='what'>
      {workflow.conditions
        .map((condition) => conditionInWords(condition, workflow, { brief: true }))
        .map((words, index) => (
          <span class='condition'>{index === 0 ? capitalised(words) : `and ${words}`}</span>
        ))}
    </td>
    <td role='cell' class='word'>
      <StatusPill status={statusOf(workflow, now)} />
    </td>
    <td role='cell' class='word'>
      <ModePill dry_run={workflow.dry_run} />
    </td>
    <td role='cell' class='last-order'>
      <LastOrderLine order={workflow.last_order} now={now} />
    </td>
  </tr>
)

const BrokenRow = ({ broken, mark }: { broken: BrokenWorkflow; mark: Child }): Child => (
  <tr role='row'>
    <th scope='row' role='rowheader'>
      {broken.name}
      {mark}
    </th>
    <td role='cell' class='what' colspan={2}>
      <span class='problem'>{broken.problem}</span>{' '}
      <span class='muted'>
        Id <code>{broken.id}</code>
      </span>
    </td>
    <td role='cell' class='word'>
      <StatusPill status='broken' />
    </td>
    <td role='cell' class='last-order' colspan={2}>
      <span class='muted'>Not run until it is mended</span>
    </td>
  </tr>
)

const NoWorkflows = (): Child => (
  <div class='notice notice-empty'>
    <p class='notice-title'>No workflows yet</p>
    <p>
      Load some from a YAML file with <code>ordertrail workflows import FILE</code>.
    </p>
  </div>
)

const countsInWords = ({ workflows, broken, now }: Props): string => {
  const states = [...workflows.map((each) => statusOf(each, now)), ...broken.map(() => 'broken')]
  const counts = ['enabled', 'disabled', 'ended', 'broken']
    .map((status) => ({ status, count: states.filter((state) => state === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status}`)
  return `${formatCount(states.length, 'workflow')}: ${counts.join(', ')}`
}

/** Of which workflow an entry is. One that is not there any more has the name that it had. */
const EntryWorkflow = ({
  entry: { workflow_id, workflow_name },
  name,
}: {
  entry: AttentionEntry
  name: string | undefined
}): Child => (
  <p>
    <a href={paths.workflow(workflow_id)}>{name ?? workflow_name}</a>
    {name === undefined && <span class='muted'> (deleted)</span>}
  </p>
)

const Attention = ({ workflows, broken, attention, now }: Props): Child => {
  const names = new Map([...workflows, ...broken].map(({ id, name }) => [id, name]))
  return (
    <AttentionSection
      entries={attention}
      workflowOf={(entry) => <EntryWorkflow entry={entry} name={names.get(entry.workflow_id)} />}
      now={now}
    />
  )
}

const WorkflowTable = ({ workflows, broken, attention, now }: Props): Child => {
  const marked = new Set(attention.map(({ workflow_id }) => workflow_id))
  const markOf = ({ id }: { id: string }): Child =>
    marked.has(id) && (
      <span class='mark'>
        <AttentionMark workflow_id={id} />
      </span>
    )
  const rows = [
    ...workflows.map((each) => ({
      name: each.name,
      row: <WorkflowRow workflow={each} mark={markOf(each)} now={now} />,
    })),
    ...broken.map((each) => ({
      name: each.name,
      row: <BrokenRow broken={each} mark={markOf(each)} />,
    })),
  ]
  return (
    <table class='workflows' role='table'>
      <caption class='visually-hidden'>Workflows by name, each with its last order</caption>
      <thead role='rowgroup'>
        <tr role='row'>
          {COLUMNS.map((heading) => (
            <th scope='col' role='columnheader'>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role='rowgroup'>
        {rows.toSorted((a, b) => compareNames(a.name, b.name)).map(({ row }) => row)}
      </tbody>
    </table>
  )
}

/** All workflows by name, with what they wait for and what they ordered last; first, what needs attention. */
export const WorkflowsPage = (props: Props): Child => {
  const isEmpty = props.workflows.length + props.broken.length === 0
  return (
    <>
      <div class='page-title'>
        <h1>Workflows</h1>
        {!isEmpty && <p class='muted'>{countsInWords(props)}</p>}
      </div>
      <Attention {...props} />
      {isEmpty ? <NoWorkflows /> : <WorkflowTable {...props} />}
    </>
  )
}
