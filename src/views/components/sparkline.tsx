import type { Child } from 'hono/jsx'
import type { OrdersOfDay } from '../../domain/workflow.ts'
import { formatCount } from '../format.ts'

const [BAR, GAP, HEIGHT] = [5, 3, 20]
/** What a bar of full height stands for, at least: a single order is no peak. */
const FEW = 3

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})

const inWords = (days: readonly OrdersOfDay[], total: number): string => {
  if (total === 0) return 'No orders in 7 days'
  const told = days
    .filter(({ count }) => count > 0)
    .map(({ day, count }) => `${count} on ${dayFormat.format(new Date(day)).replace(',', '')}`)
  return `${formatCount(total, 'order')} in 7 days: ${told.join(', ')} (UTC)`
}

/** The orders of the last seven days: how many there were, and a bar for each day. */
export const Sparkline = ({ days }: { days: readonly OrdersOfDay[] }): Child => {
  const counts = days.map(({ count }) => count)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const highest = Math.max(FEW, ...counts)
  const width = days.length * (BAR + GAP) - GAP
  const bars = counts.map((count, index) => {
    const height = Math.ceil((count / highest) * HEIGHT)
    return count > 0 ? `M${index * (BAR + GAP)} ${HEIGHT}v-${height}h${BAR}v${height}z` : ''
  })
  return (
    <>
      <svg class='sparkline' width={width} height={HEIGHT + 1} role='img'>
        <title>{inWords(days, total)}</title>
        <path class='base' d={`M0 ${HEIGHT + 0.5}h${width}`} />
        {total > 0 && <path d={bars.join('')} />}
      </svg>
      <span class={total > 0 ? 'total' : 'total muted'} aria-hidden='true'>
        {total}
      </span>
    </>
  )
}
