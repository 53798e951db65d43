import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { eventually, ordertrail, startOrdertrail, startServer } from '../support/command.ts'
import { aFolder } from '../support/installation.ts'
import { ID, prepare, WORKFLOWS } from '../support/trader.ts'

/** Answers every request by `answer`, on loopback, until the test ends. */
const serveBy = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const IDLE = `- name: "@SUM, not now"
  index: TEST
  cfd: TEST
  conditions:
    - indicator: {name: polarite, unit_time: daily, value: 10}
      close: {direction: below, unit_time: daily, spread: 5}
  trigger: {unit_time: daily, location: lower, order_direction: sell, quantity: 2}
`

/** A server whose market holds the candle that the first workflow waits for. */
const aServer = async (folder: string) => {
  const { file, environment } = await prepare(folder)
  await writeFile(file, WORKFLOWS + IDLE)
  const server = await startServer({ ...environment, TICK_SECONDS: '3600' })
  return { ...server, environment, file }
}

describe('a command with --url', () => {
  test('does and says there what it does and says on the machine itself', async () => {
    await using folder = await aFolder()
    await using server = await aServer(folder.path)
    const there = (...command: string[]) => ordertrail([...command, '--url', server.url], {})
    const imported = await there('workflows', 'import', server.file)
    expect(imported.stdout).toMatch(/^2 created, 0 updated, 0 unchanged; 2 workflows in all/)
    const again = await there('workflows', 'import', server.file)
    expect(again.stdout).toMatch(/^0 created, 0 updated, 2 unchanged/)
    expect(JSON.parse((await there('run', '--json')).stdout)).toMatchObject({ placed: 1 })
    expect(JSON.parse((await there('run', '--json')).stdout)).toMatchObject({ placed: 0 })

    const listed = await there('orders', 'list', '--format', 'json')
    const { orders } = JSON.parse(listed.stdout) as {
      orders: { order_id: string; workflow_id: string }[]
    }
    expect(orders).toMatchObject([{ workflow_name: 'Sell under 100', price: 96 }])
    const [order] = orders
    for (const command of [
      ['orders', 'list', '--direction', 'SELL', '--per-page', '3'],
      ['orders', 'list', '--workflow', order?.workflow_id ?? '', '--format', 'csv'],
      ['orders', 'show', order?.order_id ?? ''],
      ['orders', 'show', ID],
      ['workflows', 'list'],
      ['workflows', 'export'],
      ['reconcile'],
    ]) {
      const [here, remote] = await Promise.all([
        ordertrail(command, server.environment),
        there(...command),
      ])
      expect(remote).toEqual(here)
    }
  })

  test('follows the orders as they are placed, each once', async () => {
    await using folder = await aFolder()
    await using server = await startServer({ DATA_DIR: folder.path, TICK_SECONDS: '1' })
    await using follow = startOrdertrail(
      ['orders', 'list', '--follow', '--format', 'ndjson', '--url', server.url],
      {},
    )
    const lines = () => follow.stdout().split('\n').filter(Boolean)
    await eventually(async () => lines().length >= 12, {
      within_ms: 60_000,
      what: 'a dozen orders',
    })
    expect(await follow.stop()).toBe(0)
    const ids = lines().map((line) => (JSON.parse(line) as { order_id: string }).order_id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(follow.stderr()).toBe('')
  })

  test('sends ORDERTRAIL_TOKEN, and asks again when the server has no time', async () => {
    const seen: (string | undefined)[] = []
    await using server = await serveBy((request, response) => {
      seen.push(request.headers.authorization)
      const body = {
        orders: [],
        next_cursor: null,
        previous_cursor: null,
        per_page: 20,
        incomplete_before: null,
      }
      if (seen.length < 3) response.writeHead(429, { 'Retry-After': '0' }).end()
      else response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body))
    })
    const result = await ordertrail(['orders', 'list', '--url', server.url], {
      ORDERTRAIL_TOKEN: 'secret-of-ada',
    })
    expect(result).toEqual({ code: 0, stdout: 'No orders here\n', stderr: '' })
    expect(seen).toEqual(['Bearer secret-of-ada', 'Bearer secret-of-ada', 'Bearer secret-of-ada'])
  })

  test('does not take a list for whole that breaks off', async () => {
    await using server = await serveBy((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/csv' })
      response.write('order_id,workflow_id\r\n', () => response.destroy())
    })
    const result = await ordertrail(['orders', 'list', '--format', 'csv', '--url', server.url], {})
    expect(result.code).toBe(4)
    expect(result.stderr).toMatch(/^ordertrail: the list broke off: [^\n]+\n$/)
  })

  test.each([
    ['nobody listens', 'http://127.0.0.1:9', {}, 4, /cannot reach http:\/\/127\.0\.0\.1:9: /],
    [
      'it is no address',
      'example',
      {},
      2,
      /--url: expected an http or https address, got "example"/,
    ],
    [
      'the token would go in the clear',
      'http://ordertrail.example',
      { ORDERTRAIL_TOKEN: 'secret-of-ada' },
      2,
      /--url: expected https/,
    ],
  ])('is an error in one line when %s', async (_case, url, environment, code, message) => {
    const result = await ordertrail(['workflows', 'list', '--url', url], environment)
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(/^ordertrail: [^\n]+\n$/)
    expect(result.stderr).toMatch(message)
    expect(result.stderr).not.toContain('secret-of-ada')
  })

  test.each([
    ['another page', 200, 'text/html', 2, /--url: expected ordertrail at .*, got text\/html/],
    ['nothing at all', 404, 'text/html', 2, /--url: expected ordertrail at .*answered 404/],
    ['a gateway that fails', 502, 'text/html', 4, /answered 502/],
  ])('tells what it found when there is %s', async (_case, status, type, code, message) => {
    await using server = await serveBy((_request, response) => {
      response.writeHead(status, { 'Content-Type': type }).end('<p>hello</p>')
    })
    const result = await ordertrail(['orders', 'list', '--url', server.url], {})
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(message)
  })
})
