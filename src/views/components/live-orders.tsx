import type { Child } from 'hono/jsx'
import { sortKeyOf, type Order } from '../../domain/order.ts'
import { paths, type Query } from '../../paths.ts'
import { formatPrice } from '../format.ts'

const HOUR_MS = 3_600_000

/**
 * From which point of the trail on orders are looked for that came after this sort key: an hour or two
 * ago at most, so that a question costs little, however long nothing was placed.
 */
export const newsAfter = (key: string, now: Date): string => {
  const recent = new Date((Math.floor(now.getTime() / HOUR_MS) - 1) * HOUR_MS).toISOString()
  return key > recent ? key : recent
}

interface NewsProps {
  /** What `newsAfter` gave. */
  after: string
  /** Which orders the list holds, as parameters of the API. */
  query: Query
  count: number
  /** There are more than `count`. */
  more?: boolean
}

/**
 * How many orders came, as a link that loads the page again. This is all that the URL of the news
 * answers. While nothing comes it stays the same byte for byte, which makes the answer a 304; and as
 * it is morphed into place, what has not changed is not announced and keeps the focus.
 */
export const OrderNews = ({ after, query, count, more = false }: NewsProps): Child => (
  <span
    id='order-news'
    hx-get={paths.orderNews({ ...query, after })}
    hx-trigger='poll'
    hx-swap='outerMorph'
    hx-sync='this:drop'
    hx-indicator='this'
    {...{ 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }}
  >
    {count > 0 && (
      <a class='button' href='' hx-push-url='false'>
        Show {more && 'more than '}
        {formatPrice(count)} new {count === 1 ? 'order' : 'orders'}
      </a>
    )}
  </span>
)

interface Props {
  /** The newest order that there is on the page, or null. */
  newest: Pick<Order, 'order_id' | 'placed_at'> | null
  query?: Query
  now: Date
}

/**
 * Tells when orders have come since the page was made, and has the switch that pauses this. The rows
 * of the page are left alone until its reader asks for the new ones. app.js says when to poll, keeps
 * the switch, and unhides the words for a server that fails; without script there is nothing to see.
 */
export const LiveOrders = ({ newest, query = {}, now }: Props): Child => (
  <div class='live'>
    <p role='status'>
      <OrderNews after={newsAfter(newest ? sortKeyOf(newest) : '', now)} query={query} count={0} />
      <span class='live-failure' hidden>
        Updates paused: the server does not answer
      </span>
    </p>
    <button type='button' role='switch' aria-checked='true'>
      Live updates
    </button>
  </div>
)
