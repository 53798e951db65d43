import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { expect, test } from 'vitest'
import { createHttpMarket } from '../../../src/market/http.ts'
import { startServer } from '../../support/lambda.ts'
import { startBlackHole } from '../../support/sqs.ts'

const HEADER = 'date,open,high,low,close'

/** Files on a web server, and what was asked for: names, with 304 for what was not sent again. */
const aWebServer = async (files: Record<string, string>) => {
  const asked: string[] = []
  const app = new Hono()
    .use(async (c, next) => {
      await next()
      const name = decodeURIComponent(new URL(c.req.url).pathname.slice(1))
      asked.push(c.res.status === 200 ? name : `${name} ${c.res.status}`)
    })
    .use(etag())
    .get('/old_daily.csv', (c) => c.redirect('/DAX.I_daily.csv'))
    .get('/broken_daily.csv', (c) => c.body(null, 500))
    .get('/:name', (c) => {
      const text = files[c.req.param('name')]
      return text === undefined ? c.notFound() : c.body(text)
    })
  const server = await startServer(app)
  return { ...server, asked, files }
}

/** A market whose clock can be moved on. */
const aMarket = (url: string, deadlineMs = 2000) => {
  let ms = 0
  const market = createHttpMarket({ url, now: () => ms, deadlineMs })
  const candles = async (code: string) => {
    const now = new Date('2026-11-23T09:00:00.000Z')
    const request = { code, unit_time: 'daily', count: 10, market: 'EU', now } as const
    return (await market.candles(request)).map(({ close }) => close)
  }
  return { ...market, candles, later: (by: number) => void (ms += by) }
}

test('a file is fetched once for a run, and later only if it has changed', async () => {
  await using server = await aWebServer({ 'DAX.I_daily.csv': `${HEADER}\n2026-11-20,9,13,8,12\n` })
  const market = aMarket(server.url)

  expect(await Promise.all([market.candles('DAX.I'), market.candles('DAX.I')])).toEqual([
    [12],
    [12],
  ])
  expect((await market.calendar('DAX.I', new Date())).isOpen('2026-11-20')).toBe(true)
  expect(server.asked).toEqual(['DAX.I_daily.csv'])

  market.later(10_000)
  expect(await market.candles('DAX.I')).toEqual([12])
  expect(server.asked.at(-1)).toBe('DAX.I_daily.csv 304')

  server.files['DAX.I_daily.csv'] += '2026-11-19,9,13,8,11\n'
  market.later(10_000)
  expect(await market.candles('DAX.I')).toEqual([12, 11])
})

test('a file is asked for again as soon as a run begins, and then once', async () => {
  await using server = await aWebServer({ 'DAX.I_daily.csv': `${HEADER}\n2026-11-20,9,13,8,12\n` })
  const market = aMarket(server.url)
  await market.candles('DAX.I')

  market.renew?.()
  await market.candles('DAX.I')
  await market.candles('DAX.I')

  expect(server.asked).toEqual(['DAX.I_daily.csv', 'DAX.I_daily.csv 304'])
})

test('a code with a colon may be in the name of its file as an underscore', async () => {
  await using server = await aWebServer({
    'AAPL_xnas_daily.csv': `${HEADER}\n2026-11-20,9,13,8,12\n`,
  })

  expect(await aMarket(server.url).candles('AAPL:xnas')).toEqual([12])
})

test.each([
  ['is not there', 'NONE', /expected the file NONE_daily\.csv at http:\/\//],
  ['fails', 'broken', /cannot fetch http:\S+\/broken_daily\.csv: it was answered with 500/],
  ['redirects', 'old', /cannot fetch http:\S+\/old_daily\.csv: .*redirect/],
  ['is no list of candles', 'page', /page_daily\.csv: line 1: expected the header/],
])('what %s is told with its address', async (_what, code, problem) => {
  await using server = await aWebServer({ 'page_daily.csv': '<html>' })

  await expect(aMarket(server.url).candles(code)).rejects.toMatchObject({
    code: 'market_unavailable',
    message: expect.stringMatching(problem) as string,
  })
})

test('a server that never answers is not waited for, and an outage is over when it is', async () => {
  await using hole = await startBlackHole()
  await expect(aMarket(hole.url, 100).candles('DAX.I')).rejects.toMatchObject({
    code: 'market_unavailable',
    message: expect.stringContaining('timeout') as string,
  })

  await using server = await aWebServer({})
  const market = aMarket(server.url)
  await expect(market.candles('DAX.I')).rejects.toThrow('there are no daily candles of DAX.I')
  server.files['DAX.I_daily.csv'] = `${HEADER}\n2026-11-20,9,13,8,12\n`
  market.later(10_000)
  expect(await market.candles('DAX.I')).toEqual([12])
})
