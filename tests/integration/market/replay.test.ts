import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { CandleRequest } from '../../../src/domain/ports.ts'
import { createReplay } from '../../../src/market/replay.ts'

const US500 = 'US500.I'
const AAPL = 'AAPL:xnas'
const AAPL_CANDLES = 1260

/** A state file at this position; without one, a file in a folder that is not there yet. */
const aStateFile = async (position?: number): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'replay-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  if (position === undefined) return join(directory, 'state', 'replay.json')
  const file = join(directory, 'replay.json')
  await writeFile(file, JSON.stringify({ position }))
  return file
}

const aRequest = (changes: Partial<CandleRequest> = {}): CandleRequest => ({
  code: US500,
  unit_time: 'daily',
  count: 1,
  market: 'EU',
  now: new Date('2026-11-23T09:00:00.000Z'),
  ...changes,
})

test('the replay begins on one day for both instruments, with a long history before it', async () => {
  const replay = createReplay({ stateFile: await aStateFile() })

  const daily = await replay.candles(aRequest({ code: AAPL, count: 5000 }))
  const weekly = await replay.candles(aRequest({ code: AAPL, unit_time: 'weekly', count: 5000 }))
  const [index] = await replay.candles(aRequest())

  expect(await replay.position()).toBe(0)
  expect(daily.length).toBeGreaterThanOrEqual(300)
  expect(weekly.length).toBeGreaterThanOrEqual(60)
  expect(daily[0]?.date).toBe(index?.date)
})

test('each advance closes the next trading day of every instrument', async () => {
  const replay = createReplay({ stateFile: await aStateFile() })
  const before = await Promise.all(
    [US500, AAPL].map((code) => replay.candles(aRequest({ code, count: 3 }))),
  )

  await replay.advance()

  expect(await replay.position()).toBe(1)
  for (const [index, code] of [US500, AAPL].entries()) {
    const [newest, ...rest] = await replay.candles(aRequest({ code, count: 4 }))
    expect(rest).toEqual(before[index])
    expect(newest?.date && newest.date > (rest[0]?.date ?? '')).toBe(true)
  }
})

test('the time of the request does not change which candle is the current one', async () => {
  const replay = createReplay({ stateFile: await aStateFile() })

  const today = await replay.candles(aRequest())
  const longAgo = await replay.candles(aRequest({ now: new Date('2001-01-01T00:00:00.000Z') }))

  expect(longAgo).toEqual(today)
})

test('another replay on the same file goes on where the first one is, and sees it move', async () => {
  const stateFile = await aStateFile()
  const server = createReplay({ stateFile })
  const commandLine = createReplay({ stateFile })

  await server.advance()
  await commandLine.advance()

  expect(await server.position()).toBe(2)
  expect(await server.candles(aRequest({ count: 3 }))).toEqual(
    await commandLine.candles(aRequest({ count: 3 })),
  )
})

test('advances that are asked for at once all count, and leave one whole file behind', async () => {
  const stateFile = await aStateFile()
  const replay = createReplay({ stateFile })

  await Promise.all(Array.from({ length: 5 }, () => replay.advance()))

  expect(await readFile(stateFile, 'utf8')).toBe('{"position":5}\n')
  expect(await readdir(dirname(stateFile))).toEqual(['replay.json'])
})

test.each(['', '{"position":', '{"position":-1}', '{"position":1.5}', '[]'])(
  'the state file %j is an error that names it, and is left as it is',
  async (text) => {
    const stateFile = await aStateFile(0)
    await writeFile(stateFile, text)
    const replay = createReplay({ stateFile })

    const error = { code: 'market_unavailable', message: expect.stringContaining(stateFile) }
    await expect(replay.candles(aRequest())).rejects.toMatchObject(error)
    await expect(replay.position()).rejects.toMatchObject(error)
    await expect(replay.advance()).rejects.toMatchObject(error)
    expect(await readFile(stateFile, 'utf8')).toBe(text)
  },
)

test('a week counts once its last trading day has closed, and not before', async () => {
  const replay = createReplay({ stateFile: await aStateFile() })
  const changes: { weekday: number; sameClose: boolean }[] = []

  let [before] = await replay.candles(aRequest({ unit_time: 'weekly' }))
  for (let day = 0; day < 40; day += 1) {
    await replay.advance()
    const [week] = await replay.candles(aRequest({ unit_time: 'weekly' }))
    const [today] = await replay.candles(aRequest())
    if (week?.date === before?.date) continue
    before = week
    const weekday = new Date(today?.date ?? '').getUTCDay()
    changes.push({ weekday, sameClose: week?.close === today?.close })
  }

  // Eight weeks of August and September 2014, without a holiday on a Friday.
  expect(changes).toEqual(Array.from({ length: 8 }, () => ({ weekday: 5, sameClose: true })))
})

test('weekly candles hold the open, the extremes and the close of their days', async () => {
  const replay = createReplay({ stateFile: await aStateFile() })
  const [week, weekBefore] = await replay.candles(aRequest({ unit_time: 'weekly', count: 2 }))
  const daily = await replay.candles(aRequest({ count: 30 }))

  const days = daily.filter(
    ({ date }) => date < (week?.date ?? '') && date >= (weekBefore?.date ?? ''),
  )

  expect(days).toHaveLength(5)
  expect(weekBefore).toEqual({
    date: days.at(-1)?.date,
    open: days.at(-1)?.open,
    high: Math.max(...days.map(({ high }) => high)),
    low: Math.min(...days.map(({ low }) => low)),
    close: days[0]?.close,
  })
})

test.each([1, 7, 50, 750])('%i weeks that are asked for are whole weeks', async (count) => {
  const replay = createReplay({ stateFile: await aStateFile(3) })

  const weeks = await replay.candles(aRequest({ unit_time: 'weekly', count }))
  const more = await replay.candles(aRequest({ unit_time: 'weekly', count: count + 5 }))

  expect(weeks.length).toBe(Math.min(count, more.length))
  expect(more.slice(0, count)).toEqual(weeks)
})

test('a series that ends starts again under later dates, on the same weekdays', async () => {
  const replay = createReplay({ stateFile: await aStateFile(2 * AAPL_CANDLES) })

  const candles = await replay.candles(aRequest({ code: AAPL, count: 2 * AAPL_CANDLES }))
  const days = candles.map(({ date }) => date.slice(0, 10)).toReversed()

  expect(new Set(days).size).toBe(2 * AAPL_CANDLES)
  expect(days.toSorted()).toEqual(days)
  expect(days.every((day) => ![0, 6].includes(new Date(day).getUTCDay()))).toBe(true)
  const pauses = days.slice(1).map((day, index) => Date.parse(day) - Date.parse(days[index] ?? ''))
  // A long weekend is the longest pause, also where the series starts again.
  expect(Math.max(...pauses)).toBe(4 * 86_400_000)
  const [again] = candles
  const before = candles[AAPL_CANDLES]
  expect({ ...again, date: '' }).toEqual({ ...before, date: '' })
  expect(new Date(again?.date ?? '').getUTCDay()).toBe(new Date(before?.date ?? '').getUTCDay())
})

test('no week appears twice when a series starts again', async () => {
  const replay = createReplay({ stateFile: await aStateFile(1100) })

  const weeks = await replay.candles(aRequest({ code: AAPL, unit_time: 'weekly', count: 200 }))

  expect(new Set(weeks.map(({ date }) => date)).size).toBe(200)
  expect(weeks.map(({ date }) => date)).toEqual(
    weeks
      .map(({ date }) => date)
      .toSorted()
      .toReversed(),
  )
})

test.each([0, 1100])('at position %i the calendar is that of the prices', async (position) => {
  const replay = createReplay({ stateFile: await aStateFile(position) })
  const candles = await replay.candles(aRequest({ code: AAPL, count: 250 }))
  const days = candles.map(({ date }) => date.slice(0, 10))

  const { today, isOpen } = await replay.calendar(AAPL, new Date('2026-11-23T09:00:00.000Z'))

  expect(today).toBe(days[0])
  const start = Date.parse(`${days.at(-1)}T00:00:00Z`)
  const end = Date.parse(`${today}T00:00:00Z`)
  const open: string[] = []
  for (let at = start; at <= end; at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10)
    if (isOpen(day)) open.push(day)
  }
  expect(open.toReversed()).toEqual(days)
  // Nobody knows the holidays to come: after today, every weekday is open.
  const coming = [1, 2, 3, 4, 5, 6, 7].map((day) => new Date(end + day * 86_400_000))
  expect(coming.filter((day) => isOpen(day.toISOString().slice(0, 10)))).toHaveLength(5)
})

test('a holiday is closed: Independence Day of 2014', async () => {
  const { isOpen } = await createReplay({ stateFile: await aStateFile() }).calendar(
    US500,
    new Date('2026-11-23T09:00:00.000Z'),
  )

  expect(['2014-07-03', '2014-07-04', '2014-07-07'].map(isOpen)).toEqual([true, false, true])
})

test('what the replay has not is an error that says what it has', async () => {
  const replay = createReplay({ stateFile: await aStateFile() })

  const unknownCode = 'the replay has no DAX.I: it has US500.I and AAPL:xnas'
  await expect(replay.candles(aRequest({ code: 'DAX.I' }))).rejects.toThrow(unknownCode)
  await expect(replay.calendar('DAX.I', new Date(0))).rejects.toThrow(unknownCode)
  await expect(replay.instrument('DAX.I')).rejects.toMatchObject({ code: 'market_unavailable' })
  await expect(replay.candles(aRequest({ unit_time: 'h1' }))).rejects.toMatchObject({
    code: 'market_unavailable',
    message: 'the replay has no h1 candles of US500.I: it has daily and weekly ones',
  })
})

test('the instruments have an asset type and a tick size', async () => {
  const replay = createReplay({ stateFile: await aStateFile() })

  expect(await replay.instrument(US500)).toEqual({ asset_type: 'CfdOnIndex', tick_size: 0.01 })
  expect(await replay.instrument(AAPL)).toEqual({ asset_type: 'Stock', tick_size: 0.01 })
})
