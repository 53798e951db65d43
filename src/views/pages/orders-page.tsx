import type { Child, PropsWithChildren } from 'hono/jsx'
import { paths, type Query } from '../../paths.ts'
import { LiveOrders } from '../components/live-orders.tsx'
import {
  isFiltered,
  OrderFilter,
  queryOf,
  type OrderFilterForm,
} from '../components/order-filter.tsx'
import { OrderList, type OrderListProps } from '../components/order-list.tsx'
import { SwappedRegion } from '../components/swapped-region.tsx'
import { ExactTime } from '../components/time.tsx'
import { formatSpan } from '../format.ts'

interface Props extends Omit<OrderListProps, 'query' | 'latest'> {
  form: OrderFilterForm
  /** What is wrong with the form, by field; nothing is listed then. */
  errors: ReadonlyMap<string, string>
  workflow_name: string | null
  /** No workflow has a name like the one that is asked for. */
  isUnknown: boolean
  /** The page is not the first one of the list. */
  further: boolean
  /** No order that is placed from now on belongs to the list. */
  closed: boolean
  /** Null, or the time before which the latest orders were not searched for. */
  incomplete_before: string | null
  /** The list as parameters of the API. */
  api: Query
}

const Scope = ({ form }: { form: OrderFilterForm }): Child => (
  <nav class='scope' aria-label='Which orders'>
    {[
      { latest: false, text: 'All orders' },
      { latest: true, text: 'Latest of each workflow' },
    ].map(({ latest, text }) => (
      <a
        id={latest ? 'scope-latest' : 'scope-all'}
        href={paths.orders(queryOf({ ...form, latest }))}
        aria-current={latest === form.latest ? 'true' : undefined}
      >
        {text}
      </a>
    ))}
  </nav>
)

const Exports = ({ api }: { api: Query }): Child => (
  <p class='exports'>
    Export all that fit:{' '}
    <a href={paths.api.ordersFile('csv', api)} download hx-boost='false'>
      CSV
    </a>
    {', '}
    <a href={paths.api.ordersFile('ndjson', api)} download hx-boost='false'>
      JSON lines
    </a>
    {', '}
    <a href={paths.api.ordersMatching({ ...api, per_page: '100' })} hx-boost='false'>
      JSON in pages
    </a>
  </p>
)

const Empty = ({ title, children }: PropsWithChildren<{ title: string }>): Child => (
  <div class='notice notice-empty'>
    <p class='notice-title' data-announce>
      {title}
    </p>
    <p>{children}</p>
  </div>
)

/** Why nothing is listed. */
const Nothing = ({ form, isUnknown, further, retention_seconds }: Props): Child => {
  const all = paths.orders({ latest: form.latest ? 'true' : undefined })
  if (isUnknown) {
    return (
      <Empty title='No workflow is called like that'>
        One that was deleted can be found among the{' '}
        <a href={paths.orders({ latest: 'true' })}>latest orders of each workflow</a>.
      </Empty>
    )
  }
  if (further) {
    return (
      <Empty title='Nothing is left here'>
        What was listed has expired, or there was nothing more.{' '}
        <a href={paths.orders(queryOf(form))}>Go to the newest orders</a>
      </Empty>
    )
  }
  if (isFiltered(form)) {
    return (
      <Empty title='No order fits'>
        Orders are kept for {formatSpan(retention_seconds)}. <a href={all}>Clear the filter</a>
      </Empty>
    )
  }
  return (
    <Empty title='No orders yet'>
      An order appears here when the conditions of a workflow hold and the broker has accepted it.
      It is kept for {formatSpan(retention_seconds)}.
    </Empty>
  )
}

/** The list of orders with its filter: all of the page that changes. */
export const Orders = (props: Props): Child => {
  const { form, errors, workflow_name, orders, next_cursor, api, now } = props
  const { further, closed, incomplete_before } = props
  const { workflow_id, direction, order_type, instrument } = api
  return (
    <>
      <OrderFilter
        {...{ form, errors, workflow_name }}
        instruments={[...new Set(orders.map(({ asset }) => asset.code))].toSorted()}
      />
      {errors.size === 0 && (
        <>
          <div class='toolbar'>
            <Scope form={form} />
            {!further && !closed && (
              <LiveOrders
                newest={orders[0] ?? null}
                query={{ workflow_id, direction, order_type, instrument }}
                now={now}
              />
            )}
          </div>
          {incomplete_before && (
            <div class='notice notice-told'>
              <p>
                There are so many orders that only those since <ExactTime at={incomplete_before} />{' '}
                were looked through. Workflows that ordered nothing since are missing.
              </p>
            </div>
          )}
          {orders.length > 0 || next_cursor !== null ? (
            <div class='panel'>
              <Exports api={api} />
              <OrderList {...props} query={queryOf(form)} latest={form.latest} />
            </div>
          ) : (
            <Nothing {...props} />
          )}
        </>
      )}
    </>
  )
}

/** The page of all orders; `children` is what stands in it. */
export const OrdersPage = ({ children }: PropsWithChildren): Child => (
  <>
    <div class='page-title'>
      <h1>Orders</h1>
      <p class='muted'>Of all workflows, deleted ones included</p>
    </div>
    <div id='orders-area'>
      <SwappedRegion
        id='orders'
        around='orders-area'
        label='List of orders'
        loading='Loading the orders…'
        swap='"innerHTML show:none"'
      >
        {children}
      </SwappedRegion>
    </div>
  </>
)
