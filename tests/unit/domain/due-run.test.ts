import { describe, expect, test } from 'vitest'
import { dueRun } from '../../../src/domain/due-run.ts'
import type { Schedule } from '../../../src/domain/ports.ts'
import { aLastRun, aWorkflow } from '../../support/builders.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')
const CHANGED = '2026-11-20T12:00:00.000Z'

const ago = (seconds: number): string => new Date(NOW.getTime() - seconds * 1000).toISOString()

const everySeconds = (seconds: number): Schedule => ({
  nextRun: (after) => new Date(after.getTime() + seconds * 1000),
})

/** On the hour, on weekdays from 8 to 20, as a cron may have it. */
const hourly: Schedule = {
  nextRun: (after) => {
    const at = new Date(after)
    do at.setUTCHours(at.getUTCHours() + 1, 0, 0, 0)
    while (at.getUTCHours() < 8 || at.getUTCHours() > 20 || [0, 6].includes(at.getUTCDay()))
    return at
  },
}

const ranAt = (at: string, changes: Parameters<typeof aWorkflow>[0] = {}) =>
  aWorkflow({ updated_at: CHANGED, last_run: aLastRun({ at }), ...changes })

const dueAt = (workflow: ReturnType<typeof aWorkflow>, schedule: Schedule, now = NOW) => {
  const due = dueRun(workflow, schedule, now)
  return due && { at: due.at.toISOString(), overdue: due.overdue }
}

describe('the next run of a workflow', () => {
  test('comes when the schedule says, counted from the last one', () => {
    expect(dueAt(ranAt(ago(20)), everySeconds(60))).toEqual({ at: ago(-40), overdue: false })
    expect(dueAt(ranAt(ago(600)), hourly)).toEqual({
      at: '2026-11-23T12:00:00.000Z',
      overdue: false,
    })
  })

  test.each([
    { seconds: 60 + 120, overdue: false },
    { seconds: 60 + 121, overdue: true },
    { seconds: 7200, overdue: true },
  ])('is overdue when it is two minutes late: $seconds s ago, $overdue', ({ seconds, overdue }) => {
    expect(dueAt(ranAt(ago(seconds)), everySeconds(60))).toEqual({ at: ago(seconds - 60), overdue })
  })

  test('is not overdue because nothing runs at night or at the weekend', () => {
    const ran = ranAt('2026-11-20T20:00:10.000Z')
    const at = '2026-11-23T08:00:00.000Z'
    expect(dueAt(ran, hourly, new Date('2026-11-22T12:00:00.000Z'))).toEqual({ at, overdue: false })
    expect(dueAt(ran, hourly, new Date('2026-11-23T08:01:00.000Z'))).toEqual({ at, overdue: false })
    expect(dueAt(ran, hourly, new Date('2026-11-23T08:03:00.000Z'))).toEqual({ at, overdue: true })
  })

  test('of one that was never run, or was changed since, counts from the change', () => {
    const never = aWorkflow({ updated_at: ago(30), last_run: null })
    expect(dueAt(never, everySeconds(60))).toEqual({ at: ago(-30), overdue: false })
    // It was switched off for a month, and has just been switched on.
    const again = ranAt(ago(30 * 86_400), { updated_at: ago(30) })
    expect(dueAt(again, everySeconds(60))).toEqual({ at: ago(-30), overdue: false })
    const forgotten = aWorkflow({ updated_at: ago(900), last_run: null })
    expect(dueAt(forgotten, everySeconds(60))).toEqual({ at: ago(840), overdue: true })
  })

  test.each([
    ['is disabled', { enable: false }],
    ['has ended', { end_date: '2026-11-22' }],
  ])('is not to be expected of one that %s', (_what, changes) => {
    expect(dueAt(ranAt(ago(7200), changes), everySeconds(60))).toBeNull()
  })

  test('is not to be expected when it would come after the end date', () => {
    const lastDay = { end_date: '2026-11-23' }
    expect(dueAt(ranAt(ago(30), lastDay), everySeconds(60))).not.toBeNull()
    expect(dueAt(ranAt(ago(30), lastDay), everySeconds(86_400))).toBeNull()
  })

  test('is not to be expected where nothing runs by itself', () => {
    expect(dueAt(ranAt(ago(7200)), { nextRun: () => null })).toBeNull()
  })
})
