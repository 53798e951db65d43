import type { Child } from 'hono/jsx'
import type { Order } from '../../domain/order.ts'

/** The side of an order, told by word, sign and colour. */
export const Side = ({ direction }: Pick<Order, 'direction'>): Child => (
  <span class={direction === 'BUY' ? 'side side-buy' : 'side side-sell'}>
    <span class='sign' aria-hidden='true'>
      {direction === 'BUY' ? '▲' : '▼'}
    </span>
    {direction}
  </span>
)
