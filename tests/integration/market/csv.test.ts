import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { CandleRequest } from '../../../src/domain/ports.ts'
import { createCsvMarket } from '../../../src/market/csv.ts'

const HEADER = 'date,open,high,low,close'

const aFolder = async (files: Record<string, string>): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'csv-market-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
  return directory
}

const aRequest = (changes: Partial<CandleRequest> = {}): CandleRequest => ({
  code: 'DAX.I',
  unit_time: 'daily',
  count: 10,
  market: 'EU',
  now: new Date('2026-11-23T09:00:00.000Z'),
  ...changes,
})

const datesOf = async (directory: string, changes: Partial<CandleRequest> = {}) =>
  (await createCsvMarket({ directory }).candles(aRequest(changes))).map(({ date }) => date)

test('candles come newest first, whatever the order of the lines', async () => {
  const directory = await aFolder({
    'DAX.I_daily.csv': `${HEADER}\n2026-11-19,10,12,9,11\n2026-11-20,11,13,10,12.5\n2026-11-18,9,10,8,10\n`,
  })

  const candles = await createCsvMarket({ directory }).candles(aRequest({ count: 2 }))

  expect(candles).toEqual([
    { date: '2026-11-20T00:00:00.000Z', open: 11, high: 13, low: 10, close: 12.5 },
    { date: '2026-11-19T00:00:00.000Z', open: 10, high: 12, low: 9, close: 11 },
  ])
})

test('a file from a spreadsheet is read: byte order mark, CRLF, blank lines and spaces', async () => {
  const directory = await aFolder({
    'DAX.I_daily.csv': `\uFEFF${HEADER}\r\n\r\n 2026-11-20, 11, 13, 10, 12\r\n\r\n`,
  })

  expect(await datesOf(directory)).toEqual(['2026-11-20T00:00:00.000Z'])
})

test('the candle of the running day stays out until the day is over', async () => {
  const directory = await aFolder({
    'DAX.I_daily.csv': `${HEADER}\n2026-11-20,11,13,10,12\n2026-11-23,12,14,11,13\n`,
  })

  expect(await datesOf(directory)).toEqual(['2026-11-20T00:00:00.000Z'])
  expect(await datesOf(directory, { now: new Date('2026-11-24T09:00:00.000Z') })).toEqual([
    '2026-11-23T00:00:00.000Z',
    '2026-11-20T00:00:00.000Z',
  ])
})

test('hourly candles are dated by their opening time, and the running hour stays out', async () => {
  const directory = await aFolder({
    'DAX.I_h1.csv': `${HEADER}\n2026-11-23T07:00:00Z,1,2,1,2\n2026-11-23T08:00:00.000Z,2,3,2,3\n2026-11-23T09:00:00Z,3,4,3,4\n`,
  })

  expect(
    await datesOf(directory, { unit_time: 'h1', now: new Date('2026-11-23T09:30:00.000Z') }),
  ).toEqual(['2026-11-23T08:00:00.000Z', '2026-11-23T07:00:00.000Z'])
})

test('a code with a colon may be written with an underscore, but its exact name comes first', async () => {
  const underscore = { 'AAPL_xnas_daily.csv': `${HEADER}\n2026-11-20,1,1,1,1\n` }
  const exact = { 'AAPL:xnas_daily.csv': `${HEADER}\n2026-11-19,1,1,1,1\n` }

  const request = { code: 'AAPL:xnas' }
  expect(await datesOf(await aFolder(underscore), request)).toEqual(['2026-11-20T00:00:00.000Z'])
  expect(await datesOf(await aFolder({ ...underscore, ...exact }), request)).toEqual([
    '2026-11-19T00:00:00.000Z',
  ])
})

test('a file that was changed is read anew', async () => {
  const directory = await aFolder({ 'DAX.I_daily.csv': `${HEADER}\n2026-11-19,1,1,1,1\n` })
  const market = createCsvMarket({ directory })
  await market.candles(aRequest())

  const file = join(directory, 'DAX.I_daily.csv')
  await writeFile(file, `${HEADER}\n2026-11-20,1,1,1,1\n`)
  await utimes(file, new Date(), new Date('2026-11-23T08:00:00.000Z'))

  expect(await market.candles(aRequest())).toMatchObject([{ date: '2026-11-20T00:00:00.000Z' }])
})

test('a series without a file is an error that says which file was expected', async () => {
  const directory = await aFolder({})

  await expect(
    datesOf(directory, { code: 'AAPL:xnas', unit_time: 'weekly' }),
  ).rejects.toMatchObject({
    code: 'market_unavailable',
    message: `there are no weekly candles of AAPL:xnas: expected the file AAPL:xnas_weekly.csv or AAPL_xnas_weekly.csv in ${directory}`,
  })
})

test.each(['../secret', 'a/b', String.raw`a\b`, 'a..b', 'a\0b'])(
  'the code %j cannot name a file',
  async (code) => {
    await expect(datesOf(await aFolder({}), { code })).rejects.toMatchObject({
      code: 'market_unavailable',
      message: expect.stringContaining('cannot name a file of candles'),
    })
  },
)

test.each([
  ['2026-11-20,x,13,10,12', 'line 2, open: expected a number such as 101.25, got "x"'],
  ['2026-11-20,11,,10,12', 'line 2, high: expected a number such as 101.25, got ""'],
  ['2026-11-20,11,0x1F,10,12', 'line 2, high: expected a number such as 101.25, got "0x1F"'],
  ['2026-11-20,11,1e999,10,12', 'line 2, high: expected a finite number, got "1e999"'],
  ['2026-02-30,11,13,10,12', 'line 2, date: expected a date as YYYY-MM-DD or'],
  ['20/11/2026,11,13,10,12', 'line 2, date: expected a date as YYYY-MM-DD or'],
  ['2026-11-20T10:00:00+01:00,1,1,1,1', 'line 2, date: expected a date as YYYY-MM-DD or'],
  ['2026-11-20,11,10,9,12', 'line 2: expected low <= open, close <= high, got "2026-11-20,11'],
  ['2026-11-20,11,13,10', `line 2: expected the 5 values ${HEADER}, got 4`],
  [
    '2026-11-20,1,1,1,1\n\n2026-11-20T00:00:00Z,2,2,2,2',
    'line 4, date: expected each date once, got 2026-11-20T00:00:00.000Z, which is on line 2 too',
  ],
])('the line %j is an error that names file, line and column', async (lines, message) => {
  const directory = await aFolder({ 'DAX.I_daily.csv': `${HEADER}\n${lines}\n` })

  await expect(datesOf(directory)).rejects.toMatchObject({
    code: 'market_unavailable',
    message: expect.stringContaining(`${join(directory, 'DAX.I_daily.csv')}: ${message}`),
  })
})

test('of many bad lines the first three are told, and how many more there are', async () => {
  const lines = [18, 19, 20, 21, 22].map((day) => `2026-11-${day},x,1,1,1`).join('\n')
  const directory = await aFolder({ 'DAX.I_daily.csv': `${HEADER}\n${lines}\n` })

  await expect(datesOf(directory)).rejects.toThrow(
    /line 2, open: .*line 3, open: .*line 4, open: [^;]*; and 2 more$/,
  )
})

test('another header is an error that shows both', async () => {
  const directory = await aFolder({ 'DAX.I_daily.csv': 'Date,Close\n2026-11-20,12\n' })

  await expect(datesOf(directory)).rejects.toThrow(
    `line 1: expected the header ${HEADER}, got "Date,Close"`,
  )
})

test('holidays are the days that the daily file leaves out', async () => {
  const directory = await aFolder({
    // Thursday the 19th is missing; the file begins on a Tuesday and ends on a Friday.
    'DAX.I_daily.csv': `${HEADER}\n2026-11-17,1,1,1,1\n2026-11-18,1,1,1,1\n2026-11-20,1,1,1,1\n`,
  })

  const now = new Date('2026-11-23T09:00:00.000Z')
  const { today, isOpen } = await createCsvMarket({ directory }).calendar('DAX.I', now)

  expect(today).toBe('2026-11-23')
  expect(['2026-11-18', '2026-11-19', '2026-11-20'].map(isOpen)).toEqual([true, false, true])
  // Outside of the file, every weekday is open.
  expect(['2026-11-16', '2026-11-15', '2026-11-23', '2026-11-22'].map(isOpen)).toEqual([
    true,
    false,
    true,
    false,
  ])
})

test('without a daily file every weekday is open', async () => {
  const market = createCsvMarket({ directory: await aFolder({}) })

  const { isOpen } = await market.calendar('DAX.I', new Date('2026-11-23T09:00:00.000Z'))

  expect(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map(isOpen)).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('asset types and tick sizes are unknown to files', async () => {
  const market = createCsvMarket({ directory: await aFolder({}) })

  expect(await market.instrument('DAX.I')).toEqual({ asset_type: null, tick_size: null })
})
