import type { Child } from 'hono/jsx'
import type { ListedOrder } from '../../domain/order.ts'
import { paths, type Query } from '../../paths.ts'
import { formatCount, formatPrice, formatQuantity, formatSpan } from '../format.ts'
import { ORDER_TYPE_NAMES } from '../names.ts'
import { Side } from './side.tsx'
import { ExactTime, RelativeTime } from './time.tsx'

export interface OrderListProps {
  orders: readonly ListedOrder[]
  next_cursor: string | null
  previous_cursor: string | null
  /** The page without its cursor, as parameters. */
  query: Query
  /** Only the latest order of each workflow. */
  latest: boolean
  retention_seconds: number
  now: Date
}

const COLUMNS = [
  { heading: 'Time' },
  { heading: 'Workflow' },
  { heading: 'Side' },
  { heading: 'Quantity', class: 'number' },
  { heading: 'Instrument' },
  { heading: 'Price', class: 'number' },
  { heading: 'Type' },
]

// On a phone a row is a card; `role` keeps it a row of a table for those who hear it.
const OrderRow = ({
  order,
  latest,
  now,
}: Pick<OrderListProps, 'latest' | 'now'> & { order: ListedOrder }): Child => (
  <tr role='row'>
    <th scope='row' role='rowheader' class='when'>
      <a href={paths.order(order.order_id)}>
        <ExactTime at={order.placed_at} />
      </a>{' '}
      <span class='muted'>
        <RelativeTime at={order.placed_at} now={now} />
      </span>
    </th>
    <td role='cell' class='of'>
      <a href={paths.workflow(order.workflow_id)}>{order.workflow_name}</a>
      {latest && (
        <>
          {' '}
          <a class='muted' href={paths.orders({ workflow_id: order.workflow_id })}>
            All orders
            <span class='visually-hidden'>{` of ${order.workflow_name}`}</span>
          </a>
        </>
      )}
    </td>
    <td role='cell'>
      <Side direction={order.direction} />
    </td>
    <td role='cell' class='number'>
      {formatQuantity(order.quantity)}
    </td>
    <td role='cell' class='code'>
      {order.asset.code}
    </td>
    <td role='cell' class='number price'>
      {formatPrice(order.price, 2)}
    </td>
    <td role='cell' class='muted'>
      {ORDER_TYPE_NAMES[order.order_type]}
    </td>
  </tr>
)

const OrderRows = ({ orders, latest, now }: OrderListProps): Child => (
  <>
    {orders.map((order) => (
      <OrderRow order={order} latest={latest} now={now} />
    ))}
  </>
)

/** How far back the list goes, and the way further back. By script what is there comes below. */
const OlderOrders = ({ orders, next_cursor, query, retention_seconds }: OrderListProps): Child => {
  const last = orders.at(-1)
  return (
    <div
      id='older-orders'
      tabindex={-1}
      hx-boost:inherited='target:#order-rows swap:beforeend push:false'
      hx-indicator:inherited='#older-orders'
      hx-sync:inherited='#older-orders:drop'
      {...{
        'hx-status:4xx:inherited': 'target:#older-orders swap:innerHTML',
        'hx-status:5xx:inherited': 'target:#older-orders swap:innerHTML',
      }}
    >
      <p class='loading' role='status'>
        Loading older orders…
      </p>
      <p class='muted' data-announce>
        {next_cursor === null ? (
          `That is all: orders are kept for ${formatSpan(retention_seconds)}.`
        ) : last ? (
          <>
            Down to <ExactTime at={last.placed_at} />.
          </>
        ) : (
          'None so far.'
        )}
      </p>
      {next_cursor !== null && (
        <a
          class='button'
          id='show-older'
          rel='next'
          href={paths.orders({ ...query, cursor: next_cursor })}
        >
          {orders.length > 0 ? 'Show older orders' : 'Search further back'}
        </a>
      )}
    </div>
  )
}

/** Orders of several workflows, newest first, with the ways to newer and older ones. */
export const OrderList = (props: OrderListProps): Child => {
  const { orders, next_cursor, previous_cursor, query, latest } = props
  const single = next_cursor === null && previous_cursor === null
  const count = formatCount(orders.length, latest ? 'workflow' : 'order')
  return (
    <>
      <table class='order-list' role='table' hx-boost:inherited='false'>
        <caption data-announce>
          {single || previous_cursor !== null ? count : `The newest ${count}`}
          {latest ? ', each with its latest order' : ', newest first'}
        </caption>
        <thead role='rowgroup'>
          <tr role='row'>
            {COLUMNS.map(({ heading, ...column }) => (
              <th scope='col' role='columnheader' {...column}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody id='order-rows' role='rowgroup'>
          <OrderRows {...props} />
        </tbody>
      </table>
      {!single && (
        <nav class='order-pages' aria-label='Pages of orders'>
          {previous_cursor !== null && (
            <a class='button' rel='prev' href={paths.orders({ ...query, cursor: previous_cursor })}>
              Show newer orders
            </a>
          )}
          <OlderOrders {...props} />
        </nav>
      )}
    </>
  )
}

/** A further page for a list that stands already: its rows, and how to go on from there. */
export const MoreOrders = (props: OrderListProps): Child => (
  <>
    <OrderRows {...props} />
    <hx-partial hx-target='#older-orders' hx-swap='outerHTML'>
      <OlderOrders {...props} />
    </hx-partial>
  </>
)
