import type { Child } from 'hono/jsx'
import type { AttentionEntry } from '../../domain/attention.ts'
import type { OrderSummary } from '../../domain/order.ts'
import type { Schedule } from '../../domain/ports.ts'
import { marketOf, type Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { AttentionSection } from '../components/attention-section.tsx'
import { ChartSection } from '../components/chart-section.tsx'
import { Facts } from '../components/facts.tsx'
import { LastRunSection } from '../components/last-run.tsx'
import { LiveOrders } from '../components/live-orders.tsx'
import { OrderHistorySection } from '../components/order-history-section.tsx'
import { OrdersByDay } from '../components/orders-by-day.tsx'
import { ModePill, StatusPill } from '../components/pills.tsx'
import { Sentence } from '../components/sentence.tsx'
import { ExactTime } from '../components/time.tsx'
import { WorkflowActions } from '../components/workflow-actions.tsx'
import { conditionInWords, triggerInWords, triggerProblem } from '../definition-words.ts'
import { statusOf } from '../names.ts'

const Definition = ({ workflow }: { workflow: Workflow }): Child => {
  const { conditions, dry_run } = workflow
  const problem = triggerProblem(workflow)
  return (
    <section class='panel' aria-labelledby='definition-title'>
      <h2 id='definition-title'>What it does</h2>
      <h3>{conditions.length === 1 ? 'When' : 'When all of these hold'}</h3>
      <div class='rules'>
        {conditions.map((condition) => (
          <Sentence text={conditionInWords(condition, workflow)} />
        ))}
      </div>
      <h3>Then</h3>
      <div class='rules'>
        <Sentence text={triggerInWords(workflow)} />
        {dry_run && (
          <p class='muted'>As a dry run: the last run tells the result, nothing is sent.</p>
        )}
        {problem && <p class='problem'>{problem}</p>}
      </div>
    </section>
  )
}

const FactsSection = ({ workflow }: { workflow: Workflow }): Child => (
  <section class='panel' aria-labelledby='facts-title'>
    <h2 id='facts-title'>Facts</h2>
    <Facts
      facts={[
        ['Traded (cfd)', <span class='code'>{workflow.cfd}</span>],
        ['Level (index)', <span class='code'>{workflow.index}</span>],
        ['Market hours', marketOf(workflow) === 'US' ? 'New York' : 'Europe'],
        ['End date', workflow.end_date ?? 'None'],
        ['Revision', String(workflow.revision)],
        ['Changed', <ExactTime at={workflow.updated_at} />],
        ['Created', <ExactTime at={workflow.created_at} />],
        ['Id', <code>{workflow.id}</code>],
        ['Record', <a href={paths.api.workflow(workflow.id)}>JSON</a>],
      ]}
    />
  </section>
)

interface Props {
  workflow: Workflow
  attention: readonly AttentionEntry[]
  summary: { count: number; latest: OrderSummary | null }
  retention_seconds: number
  schedule: Schedule
  now: Date
}

/** Everything about one workflow: what it waits for, why it did or did not order, what it ordered. */
export const WorkflowPage = ({
  workflow,
  attention,
  summary,
  retention_seconds,
  schedule,
  now,
}: Props): Child => (
  <>
    <nav class='crumbs' aria-label='You are here'>
      <a href={paths.workflows}>Workflows</a>
    </nav>
    <div class='page-title'>
      <h1>{workflow.name}</h1>
      <p class='pills'>
        <StatusPill status={statusOf(workflow, now)} /> <ModePill dry_run={workflow.dry_run} />
      </p>
      <WorkflowActions id={workflow.id} enabled={workflow.enable} />
    </div>
    <AttentionSection entries={attention} now={now} />
    <div class='columns'>
      <div class='stack'>
        <LastRunSection {...{ workflow, schedule, now }} />
        <Definition workflow={workflow} />
        <ChartSection workflow={workflow} />
        <OrderHistorySection
          {...{ workflow_id: workflow.id, summary, retention_seconds, now }}
          live={
            <LiveOrders newest={summary.latest} query={{ workflow_id: workflow.id }} now={now} />
          }
        >
          <OrdersByDay days={workflow.orders_by_day} />
        </OrderHistorySection>
      </div>
      <FactsSection workflow={workflow} />
    </div>
  </>
)
