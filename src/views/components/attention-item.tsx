import type { Child, PropsWithChildren } from 'hono/jsx'
import type { AttentionEntry } from '../../domain/attention.ts'
import { formatPrice, formatQuantity } from '../format.ts'
import { candleName, ORDER_TYPE_NAMES } from '../names.ts'
import { AttentionPill } from './pills.tsx'
import { Side } from './side.tsx'
import { ExactTime, RelativeTime } from './time.tsx'

const ToDo = ({ text }: { text: string }): Child => (
  <p>
    <strong>What to do:</strong>{' '}
    {text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}
  </p>
)

/** By what the order is found at the broker; one that is not there is not looked for. */
const AtTheBroker = ({ entry }: { entry: AttentionEntry }): Child => {
  const { state, order_id, placed_at, broker_order_id } = entry
  if (state === 'abandoned') return null
  return (
    <p class='muted facts-line'>
      {placed_at && (
        <span>
          Accepted <ExactTime at={placed_at} />
        </span>
      )}
      {broker_order_id && (
        <span>
          Broker order id <code>{broker_order_id}</code>
        </span>
      )}
      <span>
        Client order id <code class='whole'>{order_id}</code>
      </span>
    </p>
  )
}

/** One order that needs attention; `children` says of which workflow, where that is not plain. */
export const AttentionItem = ({
  entry,
  now,
  children,
}: PropsWithChildren<{ entry: AttentionEntry; now: Date }>): Child => {
  const { state, claimed_at, known, to_do, order } = entry
  const { direction, quantity, code, price, order_type, unit_time, slot } = order
  return (
    <li>
      <div>
        <h3>
          <Side direction={direction} /> {formatQuantity(quantity)} <span class='code'>{code}</span>{' '}
          at {formatPrice(price)}
        </h3>
        {children}
        <p class='muted'>
          {ORDER_TYPE_NAMES[order_type]} order,{' '}
          <span class='whole'>{candleName({ unit_time, date: slot })}</span>
        </p>
        <p class='muted progress'>
          <AttentionPill state={state} />
          <span>
            tried <RelativeTime at={claimed_at} now={now} />
          </span>
        </p>
      </div>
      <div class='advice'>
        <p>{known}</p>
        <ToDo text={to_do} />
        <AtTheBroker entry={entry} />
      </div>
    </li>
  )
}
