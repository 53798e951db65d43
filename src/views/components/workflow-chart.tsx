import type { Child } from 'hono/jsx'
import type { Candle, UnitTime } from '../../domain/candle.ts'
import type { Chart, ChartLevel } from '../../domain/chart.ts'
import { orderIdOf, type OrderSummary } from '../../domain/order.ts'
import type { Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import {
  formatCount,
  formatPrice,
  formatQuantity,
  formatRounded,
  glanceDecimals,
  sharedDecimals,
} from '../format.ts'
import { candleTime, capitalised, levelLabel, UNIT_TIME_NAMES } from '../names.ts'
import { extentOf, roundPrices, shareOf, withNear, type Extent } from '../scale.ts'
import { CandleChart, type DrawnOrder, type PriceLabel } from './candle-chart.tsx'
import { ChartFigures } from './chart-figures.tsx'
import { chartTitle } from './chart-legend.tsx'

const HEIGHT = 300
const MOST_GRID_LINES = 8
/** How near a line of the grid may come to a price that is named, as a share of the height. */
const CLEARANCE = 0.05

const pricesIn = (known: ChartLevel | null): number[] =>
  known
    ? [known.level, ...(known.bounds ?? [])].flat().filter((each) => typeof each === 'number')
    : []

/** The range of the candles and orders, and of those levels that are not far from them. */
const extentOfChart = (
  { candles, conditions }: Chart,
  orders: readonly Pick<DrawnOrder, 'price'>[],
): Extent =>
  conditions
    .map(({ levels }) => levels.flatMap(pricesIn))
    .reduce<Extent>(
      withNear,
      extentOf([
        ...candles.flatMap(({ low, high }) => [low, high]),
        ...orders.map(({ price }) => price),
      ]),
    )

/** The last close and the newest levels, and round prices where there is room between them. */
const labelsOf = (
  { candles, conditions }: Chart,
  { extent, decimals }: { extent: Extent; decimals: number },
): PriceLabel[] => {
  const levels = conditions.flatMap((condition, index) =>
    [condition.levels.at(-1)?.level ?? []].flat().flatMap((price): PriceLabel[] => {
      const number = conditions.length > 1 ? ` (${index + 1})` : ''
      const text = `${formatRounded(Number(price), decimals)}${number}`
      return typeof price === 'number' ? [{ price, text, kind: 'level' }] : []
    }),
  )
  const closes = candles.slice(-1).map(({ close }): PriceLabel => ({
    price: close,
    text: formatRounded(close, decimals),
    kind: 'close',
  }))
  const named = [...levels, ...closes]
  const grid = roundPrices(extent, MOST_GRID_LINES)
  const gridDecimals = sharedDecimals(grid)
  const isClear = (price: number): boolean =>
    named.every(
      (each) => Math.abs(shareOf(price, extent) - shareOf(each.price, extent)) > CLEARANCE,
    )
  return [
    ...named,
    ...grid.map((price): PriceLabel => ({
      price,
      text: isClear(price) ? formatPrice(price, gridDecimals) : '',
      kind: 'grid',
    })),
  ]
}

/** The beginning, the end, and what lies between them at equal distances. */
const timesOf = ({ candles, unit_time }: Chart): { slot: number; text: string }[] => {
  const last = candles.length - 1
  const slots = [...new Set([0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * last)))]
  return slots.map((slot) => {
    const time = candleTime({ unit_time, date: candles[slot]?.date ?? '' })
    // Beside a time of day there is no room for the year, which the figures have.
    return { slot, text: time.endsWith('UTC') ? time.slice('2026-'.length) : time }
  })
}

/** Where a condition that waits for a signal had the one that it waits for. */
const signalledSlots = (chart: Chart, { conditions }: Workflow): number[] =>
  chart.conditions.flatMap(({ levels }, index) => {
    const wanted = conditions[index]?.close.direction === 'below' ? 'SELL' : 'BUY'
    return levels.flatMap((known, slot) => (known?.level === wanted ? [slot] : []))
  })

const orderTitle = ({ direction, quantity, price }: OrderSummary): string =>
  `${capitalised(direction.toLowerCase())} ${formatQuantity(quantity)} at ${formatPrice(price)}`

/** What is shown while the pointer rests on a candle, a line for each figure. */
const candleTitle = (unit_time: UnitTime, { date, ...prices }: Candle): string =>
  [
    candleTime({ unit_time, date }),
    ...(['open', 'high', 'low', 'close'] as const).map(
      (name) => `${name} ${formatPrice(prices[name])}`,
    ),
  ].join('\n')

const describe = ({ candles, code, unit_time }: Chart, orders: number): string => {
  const [first, last] = [candles[0], candles.at(-1)]
  if (!first || !last) return ''
  const { low, high } = extentOf(candles.flatMap((candle) => [candle.low, candle.high]))
  const time = ({ date }: Candle): string => candleTime({ unit_time, date })
  const marked =
    orders === 0 ? 'No order was placed on them.' : `${formatCount(orders, 'order')} on them.`
  return `${formatCount(candles.length, 'candle')} of ${code} from ${time(first)} to ${time(last)}, between ${formatPrice(low)} and ${formatPrice(high)}, the last one closed at ${formatPrice(last.close)}. ${marked} The table after it has the figures.`
}

interface Props {
  workflow: Workflow
  chart: Chart
  /** The newest ones: each is marked at the candle that it was placed on. */
  orders: readonly OrderSummary[]
}

const NoCandles = ({ code, unit_time }: Chart): Child => (
  <div class='notice notice-empty'>
    <p class='notice-title'>No candles yet</p>
    <p>
      The price source has no closed {UNIT_TIME_NAMES[unit_time]} candle of {code}.
    </p>
  </div>
)

/** The newest candles of what a workflow trades, with its levels as the runs computed them. */
export const WorkflowChart = ({ workflow, chart, orders }: Props): Child => {
  const { candles, conditions, unit_time } = chart
  if (candles.length === 0) return <NoCandles {...chart} />
  const byId = new Map(orders.map((order) => [order.order_id, order]))
  // There is one order per candle, and its id follows from the two.
  const orderAt = ({ date }: Candle) => byId.get(orderIdOf(workflow.id, date))
  const drawnOrders = candles.flatMap((candle, slot): DrawnOrder[] => {
    const order = orderAt(candle)
    if (!order) return []
    const { direction, price, order_id } = order
    return [{ slot, price, direction, title: orderTitle(order), href: paths.order(order_id) }]
  })
  const extent = extentOfChart(chart, drawnOrders)
  const decimals = glanceDecimals(candles.flatMap(({ high, low, close }) => [high, low, close]))
  const levelNames = workflow.conditions.map(({ indicator }) => levelLabel(indicator.name))
  const problems = conditions.flatMap(({ problem }, index) =>
    problem === null ? [] : [`The ${levelNames[index] ?? 'level'} is not shown: ${problem}.`],
  )
  return (
    <div class='workflow-chart'>
      <CandleChart
        id='chart'
        title={chartTitle(workflow)}
        description={describe(chart, drawnOrders.length)}
        height={HEIGHT}
        slots={candles.length}
        extent={extent}
        candles={candles.map((candle, slot) => ({
          ...candle,
          slot,
          title: candleTitle(unit_time, candle),
        }))}
        levels={conditions.map(({ levels }) => ({
          lines: levels.map((known) => (typeof known?.level === 'number' ? known.level : null)),
          bands: levels.map((known) => known?.bounds ?? null),
        }))}
        columns={signalledSlots(chart, workflow)}
        orders={drawnOrders}
        labels={labelsOf(chart, { extent, decimals })}
        times={timesOf(chart)}
      />
      {problems.length > 0 && <p class='chart-note'>{problems.join(' ')}</p>}
      <ChartFigures {...{ chart, levelNames, orderAt, decimals }} />
    </div>
  )
}
