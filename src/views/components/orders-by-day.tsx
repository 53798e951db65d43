import type { Child } from 'hono/jsx'
import type { OrdersOfDay } from '../../domain/workflow.ts'

const HEIGHT = 32
/** What a bar of full height stands for, at least: a single order is no peak. */
const FEW = 4

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  timeZone: 'UTC',
})

/** The orders of the last seven days, day by day; nothing when there are none. */
export const OrdersByDay = ({ days }: { days: readonly OrdersOfDay[] }): Child => {
  const highest = Math.max(FEW, ...days.map(({ count }) => count))
  if (days.every(({ count }) => count === 0)) return null
  return (
    <table class='by-day'>
      <caption class='visually-hidden'>Orders per day in UTC</caption>
      <thead>
        <tr>
          {days.map(({ day }) => (
            <th scope='col'>{dayFormat.format(new Date(day))}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          {days.map(({ count }) => {
            const height = Math.ceil((count / highest) * HEIGHT)
            return (
              <td>
                <svg width='100%' height={HEIGHT} aria-hidden='true'>
                  <rect y={HEIGHT - height} width='100%' height={height} />
                </svg>
                {count}
              </td>
            )
          })}
        </tr>
      </tbody>
    </table>
  )
}
