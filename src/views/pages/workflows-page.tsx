import type { Child, PropsWithChildren } from 'hono/jsx'
import type { AttentionEntry } from '../../domain/attention.ts'
import type { BrokenWorkflow, Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { AttentionSection } from '../components/attention-section.tsx'
import { ForOperators } from '../components/for-operators.tsx'
import { SwappedRegion } from '../components/swapped-region.tsx'
import { WorkflowFilter, type WorkflowListQuery } from '../components/workflow-filter.tsx'
import { formatCount, formatPrice } from '../format.ts'
import { statusOf } from '../names.ts'

interface Props {
  query: WorkflowListQuery
  /** All that there are, whatever the list shows. */
  workflows: readonly Workflow[]
  broken: readonly BrokenWorkflow[]
  /** Newest first. */
  attention: readonly AttentionEntry[]
  now: Date
}

const NoWorkflows = (): Child => (
  <div class='notice notice-empty'>
    <p class='notice-title'>No workflows yet</p>
    <ForOperators>
      <p>
        <a href={paths.workflowNew()}>Create one</a>, or load some from a YAML file with{' '}
        <code>ordertrail workflows import FILE</code>.
      </p>
    </ForOperators>
  </div>
)

const countsInWords = ({ workflows, broken, now }: Props): string => {
  const states = [...workflows.map((each) => statusOf(each, now)), ...broken.map(() => 'broken')]
  const counts = ['enabled', 'disabled', 'ended', 'broken']
    .map((status) => ({ status, count: states.filter((state) => state === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${formatPrice(count)} ${status}`)
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

/**
 * The workflows: first what needs attention, then those that the filter asks for, which are the
 * `children`.
 */
export const WorkflowsPage = ({ children, ...props }: PropsWithChildren<Props>): Child => {
  const isEmpty = props.workflows.length + props.broken.length === 0
  return (
    <>
      <div class='page-title'>
        <h1>Workflows</h1>
        {!isEmpty && <p class='muted'>{countsInWords(props)}</p>}
        <ForOperators>
          <a class='button' href={paths.workflowNew()}>
            New workflow
          </a>
        </ForOperators>
      </div>
      <Attention {...props} />
      {isEmpty ? (
        <NoWorkflows />
      ) : (
        <>
          <WorkflowFilter query={props.query} />
          <div id='workflows'>
            <SwappedRegion
              id='workflow-list'
              around='workflows'
              label='List of workflows'
              loading='Loading the workflows…'
            >
              {children}
            </SwappedRegion>
          </div>
        </>
      )}
    </>
  )
}
