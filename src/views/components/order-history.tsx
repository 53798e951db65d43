import type { Child } from 'hono/jsx'
import type { OrderSummary } from '../../domain/order.ts'
import { paths } from '../../paths.ts'
import { exactTime, formatCount, formatPrice, formatQuantity, sharedDecimals } from '../format.ts'
import { OlderOrders, ORDERS_PER_PAGE } from './history-pages.tsx'
import { Side } from './side.tsx'
import { ExactTime, RelativeTime } from './time.tsx'

interface Props {
  workflow_id: string
  orders: readonly OrderSummary[]
  total: number
  page: number
  /** The newest order that the pages were begun with, by its time; nothing for a new beginning. */
  until?: string | undefined
  now: Date
}

// On a phone a row takes two lines; `role` keeps it a row of a table for those who hear it.
const OrderRow = ({
  order,
  decimals,
  now,
}: {
  order: OrderSummary
  decimals: number
  now: Date
}): Child => (
  <tr role='row'>
    <td role='cell' class='when'>
      <ExactTime at={order.placed_at} />
      <span class='muted ago'>
        <RelativeTime at={order.placed_at} now={now} />
      </span>
    </td>
    <td role='cell'>
      <Side direction={order.direction} />
    </td>
    <td role='cell' class='number quantity'>
      {formatQuantity(order.quantity)}
    </td>
    <td role='cell' class='number price'>
      {formatPrice(order.price, decimals)}
    </td>
    <td role='cell' class='more'>
      {/* An order is a page of its own, also from a history that stands in another page. */}
      <a href={paths.order(order.order_id)} hx-boost='false'>
        Details
        <span class='visually-hidden'>
          {` of the ${order.direction.toLowerCase()} order of ${exactTime(new Date(order.placed_at))}`}
        </span>
      </a>
    </td>
  </tr>
)

const OrderTable = ({ orders, total, page, now }: Props): Child => {
  const first = (page - 1) * ORDERS_PER_PAGE + 1
  const decimals = sharedDecimals(orders.map(({ price }) => price))
  return (
    <table class='orders' role='table'>
      <caption>
        {formatCount(total, 'order')}, newest first
        {total > orders.length && ` · showing ${first} to ${first + orders.length - 1}`}
      </caption>
      <thead role='rowgroup'>
        <tr role='row'>
          <th scope='col' role='columnheader'>
            Time
          </th>
          <th scope='col' role='columnheader'>
            Side
          </th>
          <th scope='col' role='columnheader' class='number'>
            Quantity
          </th>
          <th scope='col' role='columnheader' class='number'>
            Price
          </th>
          <th scope='col' role='columnheader'>
            Order
          </th>
        </tr>
      </thead>
      <tbody role='rowgroup'>
        {orders.map((order) => (
          <OrderRow order={order} decimals={decimals} now={now} />
        ))}
      </tbody>
    </table>
  )
}

const NoOrders = ({ workflow_id, total, until }: Props): Child => {
  if (until !== undefined) {
    return (
      <div class='notice notice-empty'>
        <p class='notice-title'>These orders have expired</p>
        <p>
          They were kept for their time, which ended while you were reading.{' '}
          <a href={paths.workflowOrders(workflow_id)} hx-boost='false'>
            Go to the newest orders
          </a>
        </p>
      </div>
    )
  }
  const pages = Math.ceil(total / ORDERS_PER_PAGE)
  return total === 0 ? (
    <div class='notice notice-empty'>
      <p class='notice-title'>No orders yet</p>
      <p>An order appears here when the conditions hold and the broker has accepted it.</p>
    </div>
  ) : (
    <div class='notice notice-empty'>
      <p class='notice-title'>There is no such page</p>
      <p>
        The history has {formatCount(total, 'order')}.{' '}
        <a href={paths.workflowOrders(workflow_id, pages)}>Go to page {pages}</a>
      </p>
    </div>
  )
}

/**
 * One page of a workflow's orders. This is all that htmx gets, and stands unchanged in the page that
 * everyone else gets. Its last part leads to older orders: by script they come below, page after page.
 */
export const OrderHistory = (props: Props): Child => {
  const { workflow_id, orders, total, page, until } = props
  const [newest] = orders
  return (
    <div class='order-history'>
      {newest ? (
        <>
          <OrderTable {...props} />
          <OlderOrders {...{ workflow_id, page, total }} until={until ?? newest.placed_at} />
        </>
      ) : (
        <NoOrders {...props} />
      )}
    </div>
  )
}
