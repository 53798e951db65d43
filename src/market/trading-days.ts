import type { Calendar } from '../domain/ports.ts'

/** The days on which there are prices, `YYYY-MM-DD`; `oldest` and `newest` are the first and last. */
export interface PricedDays {
  oldest: string
  newest: string
  has: (day: string) => boolean
}

const isWeekday = (day: string): boolean =>
  ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

/**
 * A calendar that reads holidays off the prices: between the oldest and the newest one, a day
 * without a price was closed. Prices say nothing about the days outside, so there every weekday is
 * open; without any prices, every weekday is.
 */
export const calendarOf = (today: string, days: PricedDays | null): Calendar => ({
  today,
  isOpen: (day) =>
    days && day >= days.oldest && day <= days.newest ? days.has(day) : isWeekday(day),
})
