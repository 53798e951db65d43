import type { Child } from 'hono/jsx'
import type { Candle } from '../../domain/candle.ts'
import type { Chart, ChartLevel } from '../../domain/chart.ts'
import type { OrderSummary } from '../../domain/order.ts'
import { paths } from '../../paths.ts'
import { formatPrice, formatQuantity, formatRounded } from '../format.ts'
import { candleTime, capitalised, UNIT_TIME_NAMES } from '../names.ts'
import { Side } from './side.tsx'

/** A level in figures: `2,044.13`, `98 to 99.5`, `BUY`; a dash where there is none. */
const levelInFigures = (known: ChartLevel | null | undefined, decimals: number): string => {
  const level = known?.level ?? null
  if (level === null || typeof level === 'string') return level ?? '–'
  return [level]
    .flat()
    .map((price) => formatRounded(price, decimals))
    .join(' to ')
}

interface Props {
  chart: Chart
  /** The names of the levels, in the order of the conditions. */
  levelNames: readonly string[]
  orderAt: (candle: Candle) => OrderSummary | undefined
  decimals: number
}

const Row = ({ chart, slot, orderAt, decimals }: Omit<Props, 'levelNames'> & { slot: number }) => {
  const candle = chart.candles[slot]
  if (!candle) return null
  const { date, open, high, low, close } = candle
  const order = orderAt(candle)
  return (
    <tr>
      <th scope='row'>{candleTime({ unit_time: chart.unit_time, date })}</th>
      {[open, high, low, close].map((price) => (
        <td class='number'>{formatPrice(price, decimals)}</td>
      ))}
      {chart.conditions.map(({ levels }) => (
        <td class='number'>{levelInFigures(levels[slot], decimals)}</td>
      ))}
      <td>
        {order && (
          <a href={paths.order(order.order_id)} hx-boost='false'>
            <Side direction={order.direction} /> {formatQuantity(order.quantity)} at{' '}
            {formatPrice(order.price)}
          </a>
        )}
      </td>
    </tr>
  )
}

/** A chart in figures, newest first, for those who cannot see it or want to know exactly. */
export const ChartFigures = ({ levelNames, ...props }: Props): Child => {
  const { candles, unit_time } = props.chart
  const headings = ['Open', 'High', 'Low', 'Close', ...levelNames.map(capitalised)]
  return (
    <details class='fold'>
      <summary>The figures</summary>
      <div class='scroll' tabindex={0} role='region' aria-label='Figures of the chart'>
        <table class='figures'>
          <thead>
            <tr>
              <th scope='col'>{capitalised(UNIT_TIME_NAMES[unit_time])} candle</th>
              {headings.map((heading) => (
                <th scope='col' class='number'>
                  {heading}
                </th>
              ))}
              <th scope='col'>Order</th>
            </tr>
          </thead>
          <tbody>
            {candles.map((_, index) => (
              <Row {...props} slot={candles.length - 1 - index} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
