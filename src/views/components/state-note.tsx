import type { Child, PropsWithChildren } from 'hono/jsx'

/** What became of the workflow that orders belong to; they outlive it. */
export type SubjectState = 'stored' | 'broken' | 'deleted'

const NOTES: Record<SubjectState, string | null> = {
  stored: null,
  broken:
    'The stored definition of this workflow is broken, so it is not run. Its orders remain until they expire.',
  deleted: 'This workflow was deleted. Its orders remain until they expire.',
}

/** Says why a workflow is not run any more, and `children`; nothing for one that is run. */
export const StateNote = ({
  state,
  children,
}: PropsWithChildren<{ state: SubjectState }>): Child => {
  const note = NOTES[state]
  return (
    note && (
      <div class='notice notice-told'>
        <p>{note}</p>
        {children}
      </div>
    )
  )
}
