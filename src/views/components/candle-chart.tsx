import type { Child } from 'hono/jsx'
import {
  bandPath,
  bodyPath,
  linePath,
  round,
  SLOT,
  wickPath,
  type Bounds,
  type PlacedCandle,
  type Y,
} from '../plot-paths.ts'
import { shareOf, spreadOut, withMargin, type Extent } from '../scale.ts'

/** Keeps what lies at the ends off the edges, as a share of the extent. */
const MARGIN = 0.06
/** Below the plot, for the times. */
const FOOT = 20
/** Between the lines of text beside the plot, and the width of a letter in it at most. */
const LINE = 15
const LETTER = 7
/** How far a mark stands off its price, so that it does not cover the end of the candle. */
const OFF = 8

interface DrawnCandle extends PlacedCandle {
  /** Shown while the pointer rests on it. */
  title: string
}

/** A level over the slots, with the prices at which it counts; null where there is none. */
interface DrawnLevel {
  lines: readonly (number | null)[]
  bands: readonly (Bounds | null)[]
}

/** An order at its price. It leads to its page; the pointer alone gets there, others by the table. */
export interface DrawnOrder {
  slot: number
  price: number
  direction: 'BUY' | 'SELL'
  title: string
  href: string
}

/** A price that is named beside the plot; where the text is empty, it is only drawn. */
export interface PriceLabel {
  price: number
  text: string
  /** `grid` and `order` are drawn across the plot, the first quietly. */
  kind: 'grid' | 'level' | 'close' | 'order'
}

interface Props {
  /** The beginning of the ids in it. */
  id: string
  title: string
  /** Says in words what is drawn. */
  description: string
  /** Of the plot, in pixels. */
  height: number
  slots: number
  extent: Extent
  candles: readonly DrawnCandle[]
  levels: readonly DrawnLevel[]
  /** Slots that are marked as a whole. */
  columns?: readonly number[]
  orders?: readonly DrawnOrder[]
  labels: readonly PriceLabel[]
  times: readonly { slot: number; text: string }[]
}

const rulePath = (
  labels: readonly PriceLabel[],
  kind: PriceLabel['kind'],
  { width, y }: { width: number; y: Y },
): string =>
  labels
    .filter((label) => label.kind === kind)
    .map(({ price }) => `M0 ${y(price)}h${width}`)
    .join('')

const Candles = ({
  candles,
  direction,
  y,
}: {
  candles: readonly DrawnCandle[]
  direction: 'up' | 'down'
  y: Y
}): Child =>
  candles.length > 0 && (
    <g class={`candles ${direction}`}>
      <path d={wickPath(candles, y)} />
      <path class='body' d={bodyPath(candles, y)} />
    </g>
  )

interface PlotProps extends Omit<Props, 'id' | 'title' | 'description' | 'extent'> {
  y: Y
}

/** All that may be stretched: lines keep their width, and there is no text in it. */
const Plot = ({ slots, height, candles, levels, columns = [], labels, y }: PlotProps): Child => {
  const width = slots * SLOT
  const column = (slot: number): string => `M${slot * SLOT} 0h${SLOT}v${height}h-${SLOT}z`
  return (
    <svg
      class='plot'
      width='100%'
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio='none'
    >
      <path class='grid' d={rulePath(labels, 'grid', { width, y })} />
      <path class='band' d={columns.map(column).join('')} />
      {levels.map(({ bands }) => (
        <path class='band' d={bandPath(bands, y)} />
      ))}
      <Candles candles={candles.filter(({ open, close }) => close >= open)} direction='up' y={y} />
      <Candles candles={candles.filter(({ open, close }) => close < open)} direction='down' y={y} />
      {levels.map(({ lines }, index) => (
        <path class={`level level-${index % 4}`} d={linePath(lines, y)} />
      ))}
      <path class='rule' d={rulePath(labels, 'order', { width, y })} />
      {candles.map(({ slot, title }) => (
        <rect x={slot * SLOT} width={SLOT} height={height} fill-opacity='0'>
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  )
}

const shareOfWidth = (slot: number, slots: number): string =>
  `${round(((slot + 0.5) / slots) * 100)}%`

/** Outside of the candle where it can be: over its high, or under its low. */
const placeOf = ({ slot, price }: DrawnOrder, candles: readonly DrawnCandle[], y: Y): number => {
  const candle = candles.find((each) => each.slot === slot)
  if (candle && price <= candle.low) return y(price) + OFF
  return candle && price >= candle.high ? y(price) - OFF : y(price)
}

const OrderMark = ({ order, x, y }: { order: DrawnOrder; x: string; y: number }): Child => (
  <a href={order.href} tabindex={-1} hx-boost='false'>
    <svg x={x} y={y} overflow='visible' class={`mark mark-${order.direction.toLowerCase()}`}>
      <title>{order.title}</title>
      <path d={order.direction === 'BUY' ? 'M0-6L6 5H-6z' : 'M0 6L6-5H-6z'} />
    </svg>
  </a>
)

/**
 * The times under the plot, the first and the last at its ends. Of five, the three between go one
 * after the other where there is little room.
 */
const Times = ({ times, slots, height }: PlotProps): Child =>
  times.map(({ slot, text }, index, { length }) => {
    const anchor =
      length === 1 ? 'middle' : ({ 0: 'start', [length - 1]: 'end' }[index] ?? 'middle')
    const x = { start: '0', middle: shareOfWidth(slot, slots), end: '100%' }[anchor]
    return (
      <text
        class={anchor === 'middle' && length > 1 && (index % 2 === 1 ? 'wide' : 'medium')}
        x={x}
        y={height + FOOT - 6}
        text-anchor={anchor}
      >
        {text}
      </text>
    )
  })

/** A price beyond the plot stands at its edge, with an arrow. */
const withinPlot = (label: PriceLabel, { low, high }: Extent): PriceLabel => {
  if (label.price > high) return { ...label, price: high, text: `↑ ${label.text}` }
  return label.price < low ? { ...label, price: low, text: `↓ ${label.text}` } : label
}

/** The named prices beside the plot, moved apart where they are too near, each led to its place. */
const PriceAxis = ({ labels, height, y }: PlotProps): Child => {
  const named = labels.filter(({ text }) => text !== '')
  const places = spreadOut(
    named.map(({ price }) => y(price) - LINE / 2),
    { gap: LINE, length: height - LINE },
  ).map((place) => round(place + LINE / 2))
  const letters = Math.max(0, ...named.map(({ text }) => text.length))
  return (
    <svg class='axis' width={letters * LETTER + 22} height={height + FOOT} aria-hidden='true'>
      <path d={named.map(({ price }, n) => `M0 ${y(price)}h4L12 ${places[n]}h4`).join('')} />
      {named.map(({ text, kind }, n) => (
        <text class={kind} x='20' y={(places[n] ?? 0) + 4}>
          {text}
        </text>
      ))}
    </svg>
  )
}

/**
 * Candles with levels, bands, orders and named prices. It takes the width that there is, while texts
 * and lines keep their size. What is drawn has to be told in words beside it as well.
 */
export const CandleChart = ({ id, title, description, extent, ...given }: Props): Child => {
  const drawn = { ...given, labels: given.labels.map((label) => withinPlot(label, extent)) }
  const { height, slots, candles, orders = [] } = drawn
  const shown = withMargin(extent, MARGIN)
  const y: Y = (price) => round((1 - shareOf(price, shown)) * height)
  return (
    <div class='candle-chart'>
      <svg
        width='100%'
        height={height + FOOT}
        role='group'
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-description`}
      >
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-description`}>{description}</desc>
        <g aria-hidden='true'>
          <Plot {...drawn} y={y} />
          {orders.map((order) => (
            <OrderMark
              order={order}
              x={shareOfWidth(order.slot, slots)}
              y={placeOf(order, candles, y)}
            />
          ))}
          <Times {...drawn} y={y} />
        </g>
      </svg>
      <PriceAxis {...drawn} y={y} />
    </div>
  )
}
