import type { Child, PropsWithChildren } from 'hono/jsx'
import { paths } from '../../paths.ts'
import { StateNote, type SubjectState } from '../components/state-note.tsx'

/** Whose history it is. Orders outlive their workflow, and one that is broken or deleted has no page. */
export interface HistorySubject {
  workflow_id: string
  /** Null when not even the newest order tells it. */
  name: string | null
  state: SubjectState
}

/** The order history as a page of its own; `children` is the history, below what is `live`. */
export const WorkflowOrdersPage = ({
  subject,
  live,
  children,
}: PropsWithChildren<{ subject: HistorySubject; live: Child }>): Child => {
  const { workflow_id, name, state } = subject
  return (
    <>
      <nav class='crumbs' aria-label='You are here'>
        <a href={paths.workflows}>Workflows</a>
        {state === 'stored' && (
          <>
            <span aria-hidden='true'> / </span>
            <a href={paths.workflow(workflow_id)}>{name}</a>
          </>
        )}
      </nav>
      <div class='page-title'>
        <h1>Order history</h1>
        <p class='muted'>{name ?? workflow_id}</p>
      </div>
      <StateNote state={state} />
      <div class='panel'>
        {live}
        {children}
      </div>
    </>
  )
}
