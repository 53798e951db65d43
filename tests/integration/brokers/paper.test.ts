import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { createPaperBroker, type PaperBroker } from '../../../src/brokers/paper.ts'
import type { OrderRequest } from '../../../src/domain/ports.ts'

const anOrder = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
  client_order_id: 'order-1',
  code: 'US500.I',
  direction: 'BUY',
  order_type: 'LIMIT',
  price: 1924.15,
  quantity: 0.5,
  at: new Date('2026-11-23T09:30:00.000Z'),
  ...changes,
})

const aFolder = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'paper-broker-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

const aFile = async (): Promise<string> => join(await aFolder(), 'book', 'paper.sqlite')

const open = (file: string): PaperBroker => {
  const broker = createPaperBroker({ file })
  onTestFinished(broker.close)
  return broker
}

/** A program for another process, in which `broker` has the book of `file` open. */
const program = (file: string, body: string): string[] => [
  '--import',
  'tsx',
  '--input-type=module',
  '--eval',
  `const { createPaperBroker } = await import(${JSON.stringify(new URL('../../../src/brokers/paper.ts', import.meta.url).href)})
   const broker = createPaperBroker({ file: ${JSON.stringify(file)} })
   const order = (request) => ({ ...request, at: new Date(request.at) })
   ${body}`,
]

/** Starts `body` in as many processes as there are, lets all of them go at once, and collects. */
const race = async (file: string, bodies: string[]): Promise<unknown[]> => {
  const children = bodies.map((body) => {
    const wait = `console.log('ready')
      await new Promise((go) => process.stdin.once('data', go))`
    const child = spawn(process.execPath, program(file, `${wait}\n${body}\nprocess.exit()`), {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
  })
  for (const { lines } of children) await lines.next()
  for (const { child } of children) child.stdin.write('go\n')
  const answers = await Promise.all(children.map(({ lines }) => lines.next()))
  return answers.map(({ value }) => JSON.parse(String(value)) as unknown)
}

test('an accepted order is in the book, with the time of the run as its time', async () => {
  const broker = open(await aFile())

  const placement = await broker.place(anOrder())

  const { at: _at, ...placed } = anOrder()
  const order = { ...placed, broker_order_id: 'paper-1', placed_at: '2026-11-23T09:30:00.000Z' }
  expect(placement).toEqual({ kind: 'accepted', order, repeated: false })
  expect(await broker.findByClientOrderId('order-1')).toEqual(order)
})

test('the same client order id again is the order as it was first placed', async () => {
  const broker = open(await aFile())
  await broker.place(anOrder({ price: 100 }))

  const again = await broker.place(
    anOrder({ price: 200, at: new Date('2026-11-24T00:00:00.000Z') }),
  )

  expect(again).toMatchObject({
    kind: 'accepted',
    repeated: true,
    order: { broker_order_id: 'paper-1', price: 100, placed_at: '2026-11-23T09:30:00.000Z' },
  })
  expect(await broker.list()).toHaveLength(1)
})

test('an unknown client order id finds nothing', async () => {
  const broker = open(await aFile())

  expect(await broker.findByClientOrderId('order-1')).toBeNull()
})

test.each([
  [{ price: 0 }, 'expected a price above 0, got 0'],
  [{ price: -0.7 }, 'expected a price above 0, got -0.7'],
  [{ price: Number.POSITIVE_INFINITY }, 'expected a price above 0, got Infinity'],
  [{ quantity: Number.NaN }, 'expected a quantity above 0, got NaN'],
])('an order with %o is refused and not kept', async (changes, reason) => {
  const broker = open(await aFile())

  expect(await broker.place(anOrder(changes))).toEqual({ kind: 'refused', reason })
  expect(await broker.list()).toEqual([])
})

test('the book can be listed whole, by client order id and from a time on', async () => {
  const broker = open(await aFile())
  const noon = new Date('2026-11-23T12:00:00.000Z')
  await broker.place(anOrder({ client_order_id: 'morning' }))
  await broker.place(anOrder({ client_order_id: 'noon', at: noon }))

  const ids = async (filter?: Parameters<typeof broker.list>[0]): Promise<string[]> =>
    (await broker.list(filter)).map(({ client_order_id }) => client_order_id)

  expect(await ids()).toEqual(['morning', 'noon'])
  expect(await ids({ client_order_id: 'morning' })).toEqual(['morning'])
  expect(await ids({ since: noon })).toEqual(['noon'])
})

test('the book outlives the broker that wrote it', async () => {
  const file = await aFile()
  const first = createPaperBroker({ file })
  await first.place(anOrder())
  first.close()

  const second = open(file)

  expect(await second.findByClientOrderId('order-1')).toMatchObject({ broker_order_id: 'paper-1' })
})

test('a file that is no book is named in the error', async () => {
  const file = join(await aFolder(), 'notes.txt')
  await writeFile(file, 'These are my notes, and they are long enough to be no SQLite header.\n')

  expect(() => createPaperBroker({ file })).toThrow(`cannot open the paper broker's book ${file}`)
})

test('three processes that place the same orders at once place each of them once', async () => {
  const file = await aFile()
  const ids = Array.from({ length: 250 }, (_, index) => `order-${index}`)
  const place = (price: number): string => `
    const request = ${JSON.stringify(anOrder({ price }))}
    const placements = []
    for (const client_order_id of ${JSON.stringify(ids)})
      placements.push(await broker.place(order({ ...request, client_order_id })))
    console.log(JSON.stringify(placements))`

  const answers = (await race(file, [100, 200, 300].map(place))) as {
    order: { client_order_id: string }
    repeated: boolean
  }[][]

  const book = await open(file).list()
  expect(book.map(({ client_order_id }) => client_order_id)).toEqual(ids)
  for (const kept of book) {
    const same = answers
      .flat()
      .filter(({ order }) => order.client_order_id === kept.client_order_id)
    expect(same.map(({ order }) => order)).toEqual([kept, kept, kept])
    expect(same.filter(({ repeated }) => !repeated)).toHaveLength(1)
  }
}, 30_000)

test('an order is kept although its process is killed the moment it was accepted', async () => {
  const file = await aFile()
  const child = spawn(
    process.execPath,
    program(
      file,
      `await broker.place(order(${JSON.stringify(anOrder())}))
       process.kill(process.pid, 'SIGKILL')`,
    ),
    { stdio: 'ignore' },
  )
  const signal = await new Promise((resolve) => {
    child.on('exit', (_code, killedBy) => resolve(killedBy))
  })

  expect(signal).toBe('SIGKILL')
  expect(await open(file).findByClientOrderId('order-1')).toMatchObject({
    broker_order_id: 'paper-1',
    price: 1924.15,
  })
}, 20_000)
