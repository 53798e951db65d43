import type { Child } from 'hono/jsx'
import { capitalised } from '../names.ts'

interface Props {
  title: string
  detail: string
  /** The URL to ask again; null where asking again would lose what was typed. */
  retry: string | null
  request_id?: string | undefined
}

/**
 * A failure in place of the part of a page that could not be had. It never looks like an empty list.
 * The link is boosted by the part that it stands in; without script it opens that part as a page.
 */
export const ErrorNotice = ({ title, detail, retry, request_id }: Props): Child => (
  <div class='notice notice-failed' role='alert'>
    <p class='notice-title'>{title}</p>
    <p>{capitalised(detail)}</p>
    <p class='notice-actions'>
      {retry !== null && (
        <a class='button' href={retry}>
          Try again
        </a>
      )}
      {request_id && (
        <span class='muted'>
          Request <code>{request_id}</code>
        </span>
      )}
    </p>
  </div>
)
