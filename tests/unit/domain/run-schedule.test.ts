import { expect, test } from 'vitest'
import { everyMinutes } from '../../../src/domain/run-schedule.ts'

test.each([
  // 2026-11-27 is a Friday.
  { after: '2026-11-25T09:30:00.000Z', minutes: 30, next: '2026-11-25T10:00:00.000Z' },
  { after: '2026-11-25T09:59:59.999Z', minutes: 30, next: '2026-11-25T10:00:00.000Z' },
  { after: '2026-11-25T09:30:00.000Z', minutes: 240, next: '2026-11-25T12:00:00.000Z' },
  { after: '2026-11-27T23:30:00.000Z', minutes: 30, next: '2026-11-30T00:00:00.000Z' },
  { after: '2026-11-28T12:10:00.000Z', minutes: 30, next: '2026-11-30T00:00:00.000Z' },
])('after $after the run every $minutes minutes is at $next', ({ after, minutes, next }) => {
  const { nextRun } = everyMinutes(minutes, { onWeekends: false })
  expect(nextRun(new Date(after))?.toISOString()).toBe(next)
})

test('on weekends it runs where that is wanted', () => {
  const { nextRun } = everyMinutes(30, { onWeekends: true })
  expect(nextRun(new Date('2026-11-28T12:10:00.000Z'))?.toISOString()).toBe(
    '2026-11-28T12:30:00.000Z',
  )
})
