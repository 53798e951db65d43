import type { Child } from 'hono/jsx'
import { paths } from '../../paths.ts'
import { capitalised } from '../names.ts'

interface Props {
  status: number
  title: string
  detail: string
  request_id?: string | undefined
  /** What was typed stands below, from where it can be sent again. */
  withTyped: boolean
}

/** A failure instead of a page. An empty `href` is the page that was asked for. */
export const ErrorPage = ({ status, title, detail, request_id, withTyped }: Props): Child => (
  <div class='error-page'>
    <p class='muted'>Error {status}</p>
    <h1>{title}</h1>
    <p class='lead'>{capitalised(detail)}</p>
    {withTyped && <p>What you typed is kept below and can be saved again.</p>}
    <p class='notice-actions'>
      {status >= 500 && !withTyped && (
        <a class='button' href=''>
          Try again
        </a>
      )}
      <a class='button' href={paths.workflows}>
        All workflows
      </a>
      <a class='button' href={paths.orders()}>
        All orders
      </a>
    </p>
    {request_id && (
      <p class='muted'>
        Request <code>{request_id}</code>
      </p>
    )}
  </div>
)
