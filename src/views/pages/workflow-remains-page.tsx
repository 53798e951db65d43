import type { Child } from 'hono/jsx'
import type { AttentionEntry } from '../../domain/attention.ts'
import type { OrderSummary } from '../../domain/order.ts'
import { paths } from '../../paths.ts'
import { AttentionSection } from '../components/attention-section.tsx'
import { OrderHistorySection } from '../components/order-history-section.tsx'
import { Sentence } from '../components/sentence.tsx'
import { StateNote } from '../components/state-note.tsx'
import { WorkflowActions } from '../components/workflow-actions.tsx'

interface Props {
  workflow_id: string
  /** The name that the workflow had. */
  name: string
  /** What is wrong with the stored definition; null when there is none any more. */
  problem: string | null
  attention: readonly AttentionEntry[]
  summary: { count: number; latest: OrderSummary | null }
  retention_seconds: number
  now: Date
}

/** What is left of a workflow that cannot be shown: orders that need attention, and its history. */
export const WorkflowRemainsPage = ({
  workflow_id,
  name,
  problem,
  attention,
  summary,
  retention_seconds,
  now,
}: Props): Child => (
  <>
    <nav class='crumbs' aria-label='You are here'>
      <a href={paths.workflows}>Workflows</a>
    </nav>
    <div class='page-title'>
      <h1>{name}</h1>
      {problem !== null && <WorkflowActions id={workflow_id} enabled={null} />}
    </div>
    <StateNote state={problem === null ? 'deleted' : 'broken'}>
      {problem !== null && <Sentence text={problem} />}
    </StateNote>
    <AttentionSection entries={attention} now={now} />
    {/* Where there are no orders there is no history to ask for. */}
    {summary.count > 0 && (
      <OrderHistorySection {...{ workflow_id, summary, retention_seconds, now }} />
    )}
  </>
)
