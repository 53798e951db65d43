import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPaperBroker } from '../../src/brokers/paper.ts'
import { aFolder } from '../support/installation.ts'
import { ordertrail, startPaperBroker, startServer } from '../support/command.ts'
import { ID, prepare, WORKFLOWS } from '../support/trader.ts'

const parsed = <T>({ stdout }: { stdout: string }): T => JSON.parse(stdout) as T

test('a trader imports workflows, runs them twice and reads the trail', async () => {
  await using folder = await aFolder()
  const { file, environment } = await prepare(folder.path)
  const imported = await ordertrail(['workflows', 'import', file], environment)
  expect(imported).toMatchObject({ code: 0, stderr: '' })
  expect(imported.stdout).toBe('1 created, 0 updated, 0 unchanged; 1 workflows in all\n')
  const again = await ordertrail(['workflows', 'import', file, '--json'], environment)
  expect(parsed(again)).toEqual({ created: 0, updated: 0, unchanged: 1, total: 1 })

  const first = await ordertrail(['run', '--json'], environment)
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(parsed(first)).toMatchObject({ placed: 1, recorded: 1 })
  expect(parsed(await ordertrail(['run', '--json'], environment))).toMatchObject({ placed: 0 })

  const listed = await ordertrail(
    ['orders', 'list', '--workflow', ID, '--format', 'json'],
    environment,
  )
  const { orders } = parsed<{ orders: { order_id: string }[] }>(listed)
  expect(orders).toMatchObject([{ workflow_id: ID, price: 96, quantity: 2, direction: 'SELL' }])
  const shown = await ordertrail(['orders', 'show', orders[0]?.order_id ?? ''], environment)
  expect(shown.code).toBe(0)
  expect(shown.stdout).toContain('Sell under 100')
  expect(shown.stdout).toContain(
    'high 100.5 reached the level at 100 and the candle closed below it at 98',
  )
  const table = await ordertrail(['workflows', 'list'], environment)
  expect(table.stdout).toMatch(/Sell under 100 +TEST +enabled +live +SELL 2 at 96, just now/)
  expect((await ordertrail(['tables', 'create'], environment)).stdout).toMatch(/was there/)
})

test('what is exported can be imported elsewhere', async () => {
  await using folder = await aFolder()
  await using other = await aFolder()
  const { file, environment } = await prepare(folder.path)
  await ordertrail(['workflows', 'import', file], environment)
  const { stdout } = await ordertrail(['workflows', 'export'], environment)
  const copy = join(other.path, 'copy.yaml')
  await writeFile(copy, stdout)
  const elsewhere = { ...environment, DATA_DIR: other.path }
  const imported = await ordertrail(['workflows', 'import', copy, '--json'], elsewhere)
  expect(parsed(imported)).toMatchObject({ created: 1 })
  expect((await ordertrail(['workflows', 'export'], elsewhere)).stdout).toBe(stdout)
})

test('two entries that mean one workflow are refused, as each import would change it again', async () => {
  await using folder = await aFolder()
  const { file, environment } = await prepare(folder.path)
  await ordertrail(['workflows', 'import', file], environment)
  const twin = WORKFLOWS.replace(/- id: .*\n {2}name/, '- name').replace('value: 100', 'value: 90')
  await writeFile(file, WORKFLOWS + twin)
  const result = await ordertrail(['workflows', 'import', file], environment)
  expect(result).toMatchObject({ code: 2, stdout: '' })
  expect(result.stderr).toMatch(/line 10: this entry and the one at line 1 mean the same workflow/)
  expect(parsed(await ordertrail(['workflows', 'list', '--json'], environment))).toMatchObject({
    workflows: [{ revision: 1 }],
  })
})

describe('an error is one line on stderr and an exit code', () => {
  test.each([
    ['an unknown command', ['orders', 'lst'], 2, /unknown command 'lst'/],
    [
      'a format that there is none of',
      ['orders', 'list', '--format', 'xml'],
      2,
      /--format .*csv, ndjson/,
    ],
    [
      'a side that there is none of',
      ['orders', 'list', '--direction', 'UP'],
      2,
      /direction: .*got "UP"/,
    ],
    ['a cursor of another list', ['orders', 'list', '--cursor', 'abc'], 2, /cursor: /],
    [
      'a page of what is whole',
      ['orders', 'list', '--format', 'csv', '--per-page', '5'],
      2,
      /per_page: .*whole list/,
    ],
    ['the orders of an unknown workflow', ['orders', 'list', '--workflow', ID], 3, /no workflow/],
    [
      'a trail that nobody writes to',
      ['orders', 'list', '--follow'],
      1,
      /nobody writes to this trail/,
    ],
    [
      'a clock for another machine',
      ['run', '--at', '2026-11-20', '--url', 'http://127.0.0.1:1'],
      2,
      /expected an ISO/,
    ],
    ['an id that is no UUID', ['orders', 'show', '42'], 2, /order_id: expected a UUID, got "42"/],
    ['a bad size of a page', ['orders', 'list', '--per-page', '0'], 2, /per_page: .*got "0"/],
    ['a bad time', ['run', '--at', 'yesterday'], 2, /expected an ISO 8601 time/],
    [
      'a day that does not exist',
      ['run', '--at', '2026-02-30T00:00:00Z'],
      2,
      /expected an ISO 8601 time/,
    ],
    ['an unknown order', ['orders', 'show', ID], 3, /no order/],
    ['an unknown workflow', ['run', '--workflow', ID], 3, /no workflow/],
    ['a file that is not there', ['workflows', 'import', 'nowhere.yaml'], 2, /nowhere\.yaml/],
  ])('for %s', async (_case, args, code, message) => {
    await using folder = await aFolder()
    const { environment } = await prepare(folder.path)
    const result = await ordertrail(args, environment)
    expect(result.code).toBe(code)
    expect(result.stdout).toBe('')
    expect(result.stderr).toMatch(/^ordertrail: [^\n]+\n$/)
    expect(result.stderr).toMatch(message)
  })

  test('for a bad setting', async () => {
    const result = await ordertrail(['workflows', 'list'], { PORT: 'many' })
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toBe(
      'ordertrail: configuration: PORT: expected a whole number from 0 to 65535, got "many"\n',
    )
  })

  test('for a file with invalid entries, of which none is imported', async () => {
    await using folder = await aFolder()
    const { file, environment } = await prepare(folder.path)
    await writeFile(file, `${WORKFLOWS}- name: broken\n  index: A\n  cfd: A\n  conditions: []\n`)
    const result = await ordertrail(['workflows', 'import', file], environment)
    expect(result.code).toBe(2)
    expect(result.stderr).toMatch(
      /entry 2 \(line 10\): conditions: expected at least one condition/,
    )
    expect(parsed(await ordertrail(['workflows', 'list', '--json'], environment))).toMatchObject({
      workflows: [],
    })
  })

  test('for a store that is away', async () => {
    await using folder = await aFolder()
    const { environment } = await prepare(folder.path)
    const away = { ...environment, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' }
    const result = await ordertrail(['workflows', 'list'], away)
    expect(result).toMatchObject({ code: 4, stdout: '' })
    expect(result.stderr.split('\n')).toHaveLength(2)
  })

  test('and 5 when some workflows failed in the run', async () => {
    await using folder = await aFolder()
    const { file, environment } = await prepare(folder.path)
    await writeFile(file, WORKFLOWS.replaceAll('TEST', 'MISSING'))
    await ordertrail(['workflows', 'import', file], environment)
    const result = await ordertrail(['run'], environment)
    expect(result.code).toBe(5)
    expect(result.stdout).toMatch(/^failed +Sell under 100 +.*MISSING/)
  })
})

test('with DynamoDB at a closed port a run places, exits 0 with a warning, and the next run records', async () => {
  await using folder = await aFolder()
  const { file, environment } = await prepare(folder.path)
  await ordertrail(['workflows', 'import', file], environment)
  const away = { ...environment, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' }

  const placing = await ordertrail(['run', '--json'], away)
  expect(placing.code).toBe(0)
  expect(parsed(placing)).toMatchObject({ placed: 1, recorded: 0, spooled: 1 })
  expect(placing.stderr).toMatch(/^ordertrail: warning: /)

  const { at } = parsed<{ at: string }>(placing)
  const recording = await ordertrail(['run', '--json'], environment)
  expect(parsed(recording)).toMatchObject({ placed: 0, recorded: 1, spooled: 0 })
  const listed = await ordertrail(
    ['orders', 'list', '--workflow', ID, '--format', 'json'],
    environment,
  )
  expect(parsed(listed)).toMatchObject({ orders: [{ placed_at: at }] })
})

test('orders of a run that lies further back than the retention are visible nowhere', async () => {
  await using folder = await aFolder()
  const { file, environment } = await prepare(folder.path)
  await ordertrail(['workflows', 'import', file], environment)
  const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000).toISOString()
  const short = { ...environment, RETENTION_SECONDS: '3600' }
  const run = await ordertrail(['run', '--at', twoHoursAgo, '--json'], short)
  expect(parsed(run)).toMatchObject({ placed: 1, recorded: 1, at: twoHoursAgo })

  const broker = createPaperBroker({ file: join(folder.path, 'paper-broker.sqlite') })
  const [order] = await broker.list()
  broker.close()
  const order_id = order?.client_order_id ?? ''

  // With the default retention too: what was written for an hour is gone after an hour.
  for (const settings of [short, environment]) {
    const listed = await ordertrail(
      ['orders', 'list', '--workflow', ID, '--format', 'json'],
      settings,
    )
    expect(parsed(listed)).toMatchObject({ orders: [] })
    expect((await ordertrail(['orders', 'show', order_id], settings)).code).toBe(3)
    const workflows = await ordertrail(['workflows', 'list', '--json'], settings)
    expect(parsed(workflows)).toMatchObject({ workflows: [{ last_order: null }] })
  }
  await using server = await startServer({ ...environment, TICK_SECONDS: '3600' })
  expect((await fetch(`${server.url}/orders/${order_id}`)).status).toBe(404)
  expect(await (await fetch(`${server.url}/workflows`)).text()).toContain('No orders yet')
  for (const path of [
    `/workflows/${ID}`,
    `/workflows/${ID}/orders`,
    `/api/workflow/workflows/${ID}`,
  ]) {
    const text = await (await fetch(server.url + path)).text()
    expect(text).not.toContain(order_id)
    expect(text).not.toMatch(/Ordered:|"kind":"order"/)
  }
})

test("a command joins the running server's database", async () => {
  await using folder = await aFolder()
  const { file, environment } = await prepare(folder.path)
  await using server = await startServer({ ...environment, TICK_SECONDS: '3600' })
  const imported = await ordertrail(['workflows', 'import', file, '--json'], environment)
  expect(imported).toMatchObject({ code: 0, stderr: '' })
  const response = await fetch(`${server.url}/api/workflow/workflows/${ID}`)
  expect(await response.json()).toMatchObject({ name: 'Sell under 100' })
  expect(parsed(await ordertrail(['run', '--json'], environment))).toMatchObject({ placed: 1 })
  const history = await fetch(`${server.url}/api/workflow/workflows/${ID}/orders`)
  expect(await history.json()).toMatchObject({ total: 1 })
})

test("engines in two folders share the paper broker's book over HTTP, and place an order once", async () => {
  await using shared = await aFolder()
  await using one = await aFolder()
  await using other = await aFolder()
  const broker = await startPaperBroker({ DATA_DIR: shared.path })
  await using _ends = broker
  for (const [folder, placed] of [
    [one, 1],
    [other, 0],
  ] as const) {
    const { file, environment } = await prepare(folder.path)
    const settings = {
      ...environment,
      BROKER: 'http',
      BROKER_URL: broker.url,
      BROKER_DEDUPES: 'true',
    }
    await ordertrail(['workflows', 'import', file], settings)
    const run = await ordertrail(['run', '--json'], settings)
    // The second trail has it as well, with the time of the first placement.
    expect(parsed(run)).toMatchObject({ placed, recorded: 1, failed: 0 })
  }
  const { orders } = (await (await fetch(`${broker.url}/orders`)).json()) as { orders: unknown[] }
  expect(orders).toMatchObject([{ price: 96, quantity: 2, direction: 'SELL' }])

  // A page that its user looks at is none of those who may ask it.
  const fromAPage = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }
  expect((await fetch(`${broker.url}/orders`, { method: 'POST', headers: fromAPage })).status).toBe(
    403,
  )
  const long = await fetch(`${broker.url}/orders`, { method: 'POST', body: 'x'.repeat(70_000) })
  expect(long.status).toBe(413)
  expect(await broker.stop()).toBe(0)
})

test('the example workflows of the README are valid', async () => {
  await using folder = await aFolder()
  const { environment } = await prepare(folder.path)
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const example = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const file = join(folder.path, 'readme.yaml')
  await writeFile(file, example)
  const result = await ordertrail(['workflows', 'import', file, '--json'], environment)
  expect(parsed(result)).toMatchObject({ created: 1 })
})
