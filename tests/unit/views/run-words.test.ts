import { describe, expect, test } from 'vitest'
import type { Decision } from '../../../src/domain/decision.ts'
import { LastRun } from '../../../src/domain/workflow.ts'
import { runAdvice, runSentence, sinceThen } from '../../../src/views/run-words.ts'
import { aConditionTrace, aLastRun, aTrace, aWorkflow, NOW, within } from './samples.ts'

const SLOT = '2014-02-03T00:00:00.000Z'

const wanted: Decision = {
  kind: 'order',
  slot: SLOT,
  trigger_close: 1845.16,
  order: {
    code: 'US500.I',
    direction: 'BUY',
    order_type: 'OPEN_STOP',
    price: 1854.07,
    quantity: 0.5,
  },
  trace: aTrace(),
}
const missed: Decision = {
  kind: 'no_signal',
  slot: SLOT,
  trace: aTrace(aConditionTrace({ checks: [within('close', 1866, [1840.08, 1852.08])] })),
}

describe('the last run in a sentence', () => {
  test.each([
    [{ outcome: 'placed', decision: wanted }, 'traded: buy 0.5 US500.I at 1,854.07'],
    [
      { outcome: 'duplicate', decision: wanted, reason: 'the order of this candle is placed' },
      'no new order: the order of this candle is placed',
    ],
    [{ outcome: 'dry_run', decision: wanted }, 'would have traded: buy 0.5 US500.I at 1,854.07'],
    [
      { outcome: 'no_signal', decision: missed },
      'not traded: the close 1,866.00 was 13.92 points above 1,840.08 to 1,852.08, where it fires (within 12 points above the daily MA50)',
    ],
    [
      { outcome: 'unsupported_trigger', reason: 'a trigger at the lower side does not fit' },
      'not traded: all conditions hold; a trigger at the lower side does not fit',
    ],
    [
      { outcome: 'refused', decision: wanted, reason: 'the broker refused it: no margin' },
      'not traded: the broker refused it: no margin',
    ],
    [
      { outcome: 'unsent', decision: wanted, reason: 'it could not be sent to the broker: ECONN' },
      'not traded: it could not be sent to the broker: ECONN',
    ],
    [
      { outcome: 'unknown', decision: wanted, reason: 'no clear answer from the broker: 502' },
      'it is not known whether it traded: no clear answer from the broker: 502',
    ],
    [
      { outcome: 'late', decision: wanted, reason: 'the run came too late' },
      'not traded: the run came too late',
    ],
    [
      { outcome: 'left', decision: wanted, reason: 'the run had no time for it' },
      'not traded: the run had no time for it',
    ],
    [
      { outcome: 'failed', reason: 'there are no daily candles of SPX' },
      'not evaluated: there are no daily candles of SPX',
    ],
    [{ outcome: 'failed', decision: wanted, reason: 'EIO' }, 'not traded: EIO'],
    [{ outcome: 'disabled' }, 'not evaluated: it was switched off'],
    [
      { outcome: 'expired', reason: 'its end date 2026-08-31 has passed' },
      'not evaluated: its end date 2026-08-31 has passed',
    ],
  ] as const)('tells %o', (run, sentence) => {
    expect(runSentence(aLastRun(run))).toBe(sentence)
  })
})

describe('what to do about it', () => {
  test.each(LastRun.shape.outcome.options)(
    'is told for %s wherever there is something',
    (outcome) => {
      const gated = { disabled: { enable: false }, expired: { end_date: '2026-08-31' } }
      const workflow = aWorkflow(outcome in gated ? gated[outcome as keyof typeof gated] : {})
      const advice = runAdvice(workflow, aLastRun({ outcome }), NOW)
      expect(advice === null).toBe(outcome === 'placed' || outcome === 'no_signal')
    },
  )

  test('is nothing more for a workflow that was switched on again', () => {
    expect(runAdvice(aWorkflow(), aLastRun({ outcome: 'disabled' }), NOW)).toBe(
      'It is switched on since then, and the next run evaluates it.',
    )
  })
})

describe('what has become of the workflow since the last run', () => {
  test('is nothing for one that is still as that run found it', () => {
    expect(sinceThen(aWorkflow({ last_run: aLastRun() }), NOW)).toBeNull()
    expect(sinceThen(aWorkflow(), NOW)).toBeNull()
    const last_run = aLastRun({ outcome: 'disabled' })
    expect(sinceThen(aWorkflow({ enable: false, last_run }), NOW)).toBeNull()
  })

  test('is that it was switched off', () => {
    expect(sinceThen(aWorkflow({ enable: false, last_run: aLastRun() }), NOW)).toBe(
      'it is switched off now, so it does not trade',
    )
    expect(sinceThen(aWorkflow({ enable: false }), NOW)).not.toBeNull()
  })

  test('is that it ended', () => {
    expect(sinceThen(aWorkflow({ end_date: '2026-08-31', last_run: aLastRun() }), NOW)).toBe(
      'its end date 2026-08-31 has passed, so it does not trade any more',
    )
  })

  test('is that it was changed', () => {
    const workflow = aWorkflow({ updated_at: '2026-11-23T11:45:00.000Z', last_run: aLastRun() })
    expect(sinceThen(workflow, NOW)).toMatch(/^the workflow was changed since then/)
  })
})
