import type { Child } from 'hono/jsx'
import type { AttentionEntry } from '../../domain/attention.ts'
import type { OrderSummary } from '../../domain/order.ts'
import { paths } from '../../paths.ts'
import { ExactTime } from '../components/time.tsx'
import { formatCount } from '../format.ts'

interface Props {
  id: string
  name: string
  /** What is deleted and no other; empty for a stored item that has none. */
  revision: string
  summary: { count: number; latest: OrderSummary | null }
  attention: readonly AttentionEntry[]
  retention_seconds: number
  /** The workflow was changed since its deletion was asked for. */
  changed: boolean
}

const Orders = ({ id, summary: { count, latest }, retention_seconds }: Props): Child => {
  if (!latest) return <li>It has no orders that could stay.</li>
  const until = new Date(Date.parse(latest.placed_at) + retention_seconds * 1000).toISOString()
  return (
    <li>
      <a href={paths.workflowOrders(id)}>{formatCount(count, 'order')}</a>{' '}
      {count === 1 ? 'stays readable until it expires' : 'stay readable until they expire'}, the
      newest on <ExactTime at={until} />.
    </li>
  )
}

/** Asks whether a workflow is to be deleted, and says what stays. */
export const WorkflowDeletePage = (props: Props): Child => {
  const { id, name, revision, attention, changed } = props
  return (
    <>
      <nav class='crumbs' aria-label='You are here'>
        <a href={paths.workflows}>Workflows</a>
        <span aria-hidden='true'> / </span>
        <a href={paths.workflow(id)}>{name}</a>
      </nav>
      {changed && (
        <div class='notice notice-told' role='alert' tabindex={-1} autofocus>
          <p class='notice-title'>Not deleted: it was changed since you asked</p>
          <p>
            Look at <a href={paths.workflow(id)}>what it does now</a> first.
          </p>
        </div>
      )}
      <div class='panel ask'>
        <h1>Delete “{name}”?</h1>
        <ul>
          <li>Its definition is gone for good, and no run evaluates it any more.</li>
          <Orders {...props} />
          {attention.length > 0 && (
            <li>
              {formatCount(attention.length, 'order')} of it{' '}
              {attention.length === 1 ? 'needs' : 'need'} attention, and will go on to do so.
            </li>
          )}
          <li>What was sent to the broker stays there.</li>
        </ul>
        <form method='post' action={paths.workflowDelete(id)}>
          <input type='hidden' name='revision' value={revision} />
          <p class='notice-actions'>
            <button class='button button-danger'>Delete workflow</button>
            <a class='button' href={paths.workflow(id)}>
              Keep it
            </a>
          </p>
        </form>
      </div>
    </>
  )
}
