import { describe, expect, test } from 'vitest'
import {
  conditionSentence,
  lookedFor,
  traceSentences,
  triggerSentence,
} from '../../../src/views/words.ts'
import { aCandle, aConditionTrace, aTrace, within } from './samples.ts'

const candle = aCandle({ code: 'DAX.I', date: '2016-03-04T00:00:00.000Z', unit_time: 'weekly' })
const aDax = (given: Parameters<typeof aConditionTrace>[0]) =>
  aConditionTrace({ indicator_code: 'DAX.I', candle, ...given })

describe('a condition that holds', () => {
  test.each([
    ['ma7', 'the daily MA7'],
    ['ma50', 'the daily MA50'],
    ['bbb', 'the daily lower Bollinger band'],
    ['bbh', 'the daily upper Bollinger band'],
    ['inclined', 'the line'],
    ['polarite', 'the level'],
  ])('tells where the price was: %s from below', (indicator, name) => {
    const condition = aDax({
      indicator,
      indicator_value: 7860.1,
      direction: 'below',
      spread: 40,
      checks: [within('close', 7845.5, [7820.1, 7860.1])],
    })
    expect(conditionSentence(condition)).toBe(
      `close 7,845.5 was within 40 points below ${name} at 7,860.1 (weekly candle of 2016-03-04)`,
    )
  })

  test.each(['ma7', 'ma50', 'bbb', 'bbh', 'inclined', 'polarite'])(
    'tells where the price was: %s from above',
    (indicator) => {
      const condition = aDax({
        indicator,
        indicator_value: 7820,
        spread: 40,
        element: 'low',
        checks: [within('low', 7845.5, [7820, 7860])],
      })
      expect(conditionSentence(condition)).toMatch(
        /^low 7,845.5 was within 40 points above the .* at 7,820 \(/,
      )
    },
  )

  test('tells the price that decided, not the one that failed', () => {
    const condition = aDax({
      indicator_value: 7860.1,
      spread: 40,
      checks: [within('close', 7790, [7820.1, 7860.1]), within('high', 7850, [7820.1, 7860.1])],
    })
    expect(conditionSentence(condition)).toMatch(/^high 7,850 was within 40 points below/)
  })

  test('a zone has bounds instead of a spread', () => {
    const condition = aDax({
      indicator: 'zone',
      indicator_value: [7820, 7833.2],
      checks: [within('close', 7825, [7820, 7833.2])],
    })
    expect(conditionSentence(condition)).toBe(
      'close 7,825 was in the zone 7,820 to 7,833.2 (weekly candle of 2016-03-04)',
    )
  })

  test('without a spread the price was exactly there', () => {
    const condition = aDax({
      indicator_value: 7820,
      spread: 0,
      checks: [within('close', 7820, [7820, 7820])],
    })
    expect(conditionSentence(condition)).toMatch(
      /^close 7,820 was exactly at the daily MA50 at 7,820/,
    )
  })

  test.each([
    [
      'high',
      7905,
      7890,
      'high 7,905 reached the level at 7,900 and the candle closed below it at 7,890',
    ],
    [
      'low',
      7880,
      7912,
      'low 7,880 reached the level at 7,900 and the candle closed above it at 7,912',
    ],
    ['low', 7880, 7900, 'low 7,880 reached the level at 7,900 and the candle closed at it'],
  ] as const)('a straddle from the %s', (reached, reached_value, close, text) => {
    const condition = aDax({
      indicator: 'polarite',
      indicator_value: 7900,
      checks: [{ rule: 'straddles', reached, reached_value, close, level: 7900, holds: true }],
    })
    expect(conditionSentence(condition)).toBe(`${text} (weekly candle of 2016-03-04)`)
  })

  test('a combo tells its signal', () => {
    const condition = aDax({
      indicator: 'combo',
      indicator_value: 'BUY',
      checks: [{ rule: 'signal', expected: 'BUY', actual: 'BUY', holds: true }],
    })
    expect(conditionSentence(condition)).toBe(
      'the daily combo signal said buy (weekly candle of 2016-03-04)',
    )
  })

  test('names the instrument of a level that is not the traded one', () => {
    const condition = aDax({ indicator_code: 'FDAX' })
    expect(conditionSentence(condition)).toMatch(/above the daily MA50 of FDAX at 1,840.08/)
  })

  test('an intraday candle is told by its time', () => {
    const at = aCandle({ unit_time: 'h1', date: '2026-11-23T09:00:00.000Z' })
    expect(conditionSentence(aConditionTrace({ candle: at }))).toMatch(
      /\(hourly candle of 2026-11-23 09:00 UTC\)$/,
    )
  })
})

describe('a condition that does not hold', () => {
  test('tells how far each price was from the band', () => {
    const condition = aDax({
      indicator_value: 7833.2,
      direction: 'below',
      spread: 13.2,
      checks: [within('close', 7845.5, [7820, 7833.2]), within('high', 7851, [7820, 7833.2])],
    })
    expect(conditionSentence(condition)).toBe(
      'close 7,845.5 was 12.3 points above the band 7,820 to 7,833.2, and high 7,851 was 17.8 points above it (weekly candle of 2016-03-04)',
    )
    expect(lookedFor(condition)).toBe(
      'close or high within 13.2 points below the daily MA50 at 7,833.2',
    )
  })

  test('tells a price that was too low', () => {
    const condition = aDax({
      indicator_value: 7833.2,
      checks: [within('close', 7819, [7820, 7833.2])],
    })
    expect(conditionSentence(condition)).toMatch(/^close 7,819 was 1 point below the band/)
  })

  test('measures from a zone and from a bare level too', () => {
    const inZone = aDax({
      indicator: 'zone',
      indicator_value: [98, 99.5],
      checks: [within('close', 97.2, [98, 99.5])],
    })
    expect(conditionSentence(inZone)).toMatch(
      /^close 97.2 was 0.8 points below the zone 98 to 99.5/,
    )
    expect(lookedFor(inZone)).toBe('close in the zone 98 to 99.5')
    const atLevel = aDax({
      indicator_value: 100,
      spread: 0,
      checks: [within('close', 97, [100, 100])],
    })
    expect(conditionSentence(atLevel)).toMatch(/^close 97 was 3 points below the daily MA50 at 100/)
  })

  test.each([
    ['high', 7880, 7870, 'high 7,880 stayed 20 points below the level at 7,900'],
    ['low', 7910, 7915, 'low 7,910 stayed 10 points above the level at 7,900'],
    [
      'high',
      7920,
      7910,
      'high 7,920 reached the level at 7,900, but close 7,910 was 10 points above it',
    ],
    [
      'low',
      7880,
      7885,
      'low 7,880 reached the level at 7,900, but close 7,885 was 15 points below it',
    ],
  ] as const)('a straddle that failed from the %s at %d', (reached, reached_value, close, text) => {
    const condition = aDax({
      indicator: 'polarite',
      indicator_value: 7900,
      checks: [{ rule: 'straddles', reached, reached_value, close, level: 7900, holds: false }],
    })
    expect(conditionSentence(condition)).toBe(`${text} (weekly candle of 2016-03-04)`)
  })

  test('a level that was neither crossed nor near tells both ways', () => {
    const condition = aDax({
      indicator: 'polarite',
      indicator_value: 7900,
      spread: 10,
      checks: [
        {
          rule: 'straddles',
          reached: 'high',
          reached_value: 7880,
          close: 7870,
          level: 7900,
          holds: false,
        },
        within('high', 7880, [7890, 7900]),
      ],
    })
    expect(conditionSentence(condition)).toMatch(
      /^high 7,880 stayed 20 points below the level at 7,900, and high 7,880 was 10 points below the band 7,890 to 7,900/,
    )
    expect(lookedFor(condition)).toBe(
      'high reaching the level at 7,900 and close at or below it, or high within 10 points below the level at 7,900',
    )
  })

  test.each([
    [null, 'there was no daily combo signal, and sell was wanted'],
    ['BUY', 'the daily combo signal said buy, and sell was wanted'],
  ] as const)('a combo that gave %s', (actual, text) => {
    const condition = aDax({
      indicator: 'combo',
      indicator_value: actual,
      checks: [{ rule: 'signal', expected: 'SELL', actual, holds: false }],
    })
    expect(conditionSentence(condition)).toBe(`${text} (weekly candle of 2016-03-04)`)
    expect(lookedFor(condition)).toBeNull()
  })
})

describe('the price of an order', () => {
  const trigger = aTrace().trigger

  test.each([
    [
      trigger,
      'the price 1,854.07 is 1 point above the high 1,853.07 of the daily candle of 2014-02-03',
    ],
    [
      { ...trigger, location: 'lower' as const, offset: 2, price: 1832.92 },
      'the price 1,832.92 is 2 points below the low 1,834.92 of the daily candle of 2014-02-03',
    ],
    [
      { ...trigger, offset: 0, price: 1853.07 },
      'the price 1,853.07 is at the high 1,853.07 of the daily candle of 2014-02-03',
    ],
  ])('comes from the trigger candle', (given, text) => {
    expect(triggerSentence(given)).toBe(text)
  })

  test('tells that it was rounded to a tick', () => {
    expect(triggerSentence({ ...trigger, price: 1854, tick_size: 0.25 })).toBe(
      'the price 1,854 is 1 point above the high 1,853.07 of the daily candle of 2014-02-03, rounded to the tick of 0.25',
    )
  })

  test('a price that was on a tick already was not rounded', () => {
    expect(triggerSentence({ ...trigger, tick_size: 0.01 })).not.toContain('tick')
  })
})

test('a decision has a sentence per condition and one for the price', () => {
  const sentences = traceSentences(aTrace(aConditionTrace(), aConditionTrace({ indicator: 'ma7' })))
  expect(sentences).toHaveLength(3)
  expect(sentences[1]).toContain('the daily MA7')
  expect(sentences[2]).toMatch(/^the price 1,854.07/)
})
