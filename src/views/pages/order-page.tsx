import type { Child } from 'hono/jsx'
import type { Order } from '../../domain/order.ts'
import { paths } from '../../paths.ts'
import { Facts } from '../components/facts.tsx'
import { OrderDrawings } from '../components/order-drawing.tsx'
import { Sentence } from '../components/sentence.tsx'
import { Side } from '../components/side.tsx'
import { ExactTime, RelativeTime } from '../components/time.tsx'
import { ComparisonList } from '../components/why.tsx'
import { formatPrice, formatQuantity } from '../format.ts'
import { capitalised, candleName, ORDER_TYPE_NAMES } from '../names.ts'
import { conditionSentence, triggerSentence } from '../words.ts'

const SOURCE_NAMES: Record<Order['execution_context']['trigger_source'], string> = {
  lambda: 'Schedule (Lambda)',
  api: 'By request (API)',
  server: 'Schedule (server)',
  cli: 'Command line',
}

/** The title of an order's page: `Buy 0.5 US500.I at 1,846.16`. */
export const orderTitle = ({ direction, quantity, asset, price }: Order): string =>
  `${capitalised(direction.toLowerCase())} ${formatQuantity(quantity)} ${asset.code} at ${formatPrice(price)}`

const OrderFacts = ({ order, now }: { order: Order; now: Date }): Child => {
  const expires_at = new Date(order.ttl * 1000).toISOString()
  return (
    <section class='panel' aria-labelledby='order-title'>
      <h2 id='order-title'>Order</h2>
      <Facts
        facts={[
          ['Side', <Side direction={order.direction} />],
          ['Quantity', formatQuantity(order.quantity)],
          ['Price', formatPrice(order.price)],
          ['Type', `${ORDER_TYPE_NAMES[order.order_type]} (${order.order_type})`],
          ['Instrument', <span class='code'>{order.asset.code}</span>],
          ['Asset type', order.asset.asset_type ?? 'Not known'],
          ['Placed', <ExactTime at={order.placed_at} />],
          [
            'Kept until',
            <>
              <ExactTime at={expires_at} />{' '}
              <span class='muted whole'>
                <RelativeTime at={expires_at} now={now} />
              </span>
            </>,
          ],
          ['Broker order id', <code>{order.broker_order_id}</code>],
          ['Client order id', <code>{order.client_order_id}</code>],
        ]}
      />
    </section>
  )
}

const Origin = ({ order }: { order: Order }): Child => {
  const { trigger_source, request_id, user } = order.execution_context
  return (
    <section class='panel' aria-labelledby='origin-title'>
      <h2 id='origin-title'>Placed by</h2>
      <Facts
        facts={[
          ['Workflow', <a href={paths.workflow(order.workflow_id)}>{order.workflow_name}</a>],
          ['Revision', String(order.revision)],
          ['Run started by', SOURCE_NAMES[trigger_source]],
          ['User', user ?? 'None'],
          ['Run id', <code>{request_id}</code>],
        ]}
      />
      <p>
        <a href={paths.workflowOrders(order.workflow_id)}>All orders of this workflow</a>
      </p>
      <p>
        <a href={paths.api.order(order.order_id)}>This order as JSON</a>
      </p>
    </section>
  )
}

const Why = ({ order }: { order: Order }): Child => {
  const { conditions, trigger } = order.trace
  return (
    <section class='panel' aria-labelledby='why-title'>
      <h2 id='why-title'>Why</h2>
      <div class='lead'>
        {conditions.map((condition) => (
          <Sentence text={conditionSentence(condition)} />
        ))}
        <Sentence text={triggerSentence(trigger)} />
      </div>
      <OrderDrawings order={order} />
      <p class='muted'>
        The order belongs to the {candleName(trigger.candle)}, and was decided at a close of{' '}
        {formatPrice(order.trigger_close)}.
      </p>
      <h3>What was compared</h3>
      <ComparisonList conditions={conditions} />
    </section>
  )
}

/** Everything about one order: what was ordered, by which run, and why. */
export const OrderPage = ({ order, now }: { order: Order; now: Date }): Child => (
  <>
    <nav class='crumbs' aria-label='You are here'>
      <a href={paths.workflows}>Workflows</a>
      <span aria-hidden='true'> / </span>
      <a href={paths.workflow(order.workflow_id)}>{order.workflow_name}</a>
    </nav>
    <div class='page-title'>
      <h1>{orderTitle(order)}</h1>
      <p class='muted'>
        {ORDER_TYPE_NAMES[order.order_type]} order, placed{' '}
        <RelativeTime at={order.placed_at} now={now} />
      </p>
    </div>
    <div class='columns'>
      <Why order={order} />
      <div class='stack'>
        <OrderFacts order={order} now={now} />
        <Origin order={order} />
      </div>
    </div>
  </>
)
