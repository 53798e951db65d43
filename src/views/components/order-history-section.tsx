import type { Child, PropsWithChildren } from 'hono/jsx'
import type { OrderSummary } from '../../domain/order.ts'
import { paths } from '../../paths.ts'
import { formatCount, formatPrice, formatQuantity, formatSpan } from '../format.ts'
import { HistorySkeleton } from './history-pages.tsx'
import { Side } from './side.tsx'
import { SwappedRegion } from './swapped-region.tsx'
import { RelativeTime } from './time.tsx'

interface Props {
  workflow_id: string
  summary: { count: number; latest: OrderSummary | null }
  retention_seconds: number
  /** Tells of new orders, where there can be any. */
  live?: Child
  now: Date
}

const Summary = ({
  summary: { count, latest },
  retention_seconds,
  now,
}: Omit<Props, 'workflow_id' | 'live'>): Child => (
  <p class='summary'>
    <strong>{count === 0 ? 'No orders' : formatCount(count, 'order')}</strong> in the last{' '}
    {formatSpan(retention_seconds)}
    {latest && (
      <>
        {', the newest '}
        <a href={paths.order(latest.order_id)}>
          <RelativeTime at={latest.placed_at} now={now} />
        </a>
        {': '}
        <span class='whole'>
          <Side direction={latest.direction} /> {formatQuantity(latest.quantity)} at{' '}
          {formatPrice(latest.price)}
        </span>
      </>
    )}
  </p>
)

/**
 * The place in the workflow page where the order history comes on demand. Demand is a click, not a
 * scroll: how many orders there are and which one is the newest stands on the page already, so most
 * visits need no query for more, and nothing moves under a reader's hand. `children` says more of them.
 *
 * Without script the link opens the history as a page. With it, the history lands in
 * `#order-history`, and so does a retry; a new click replaces a request that is under way.
 */
export const OrderHistorySection = ({
  workflow_id,
  summary,
  retention_seconds,
  live,
  now,
  children,
}: PropsWithChildren<Props>): Child => (
  <section id='history' class='panel' aria-labelledby='history-title'>
    <div class='panel-title'>
      <h2 id='history-title'>Order history</h2>
      {live}
    </div>
    <Summary {...{ summary, retention_seconds, now }} />
    {children}
    <SwappedRegion
      id='order-history'
      around='history'
      label='Orders'
      loading='Loading the orders…'
      swap='innerHTML push:false'
    >
      <a class='button' href={paths.workflowOrders(workflow_id)}>
        Show order history
      </a>
    </SwappedRegion>
    <HistorySkeleton page={1} total={summary.count} />
  </section>
)
