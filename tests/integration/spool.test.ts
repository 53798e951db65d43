import { describe, expect, test } from 'vitest'
import { createSpool } from '../../src/data/spool.ts'
import { aPlacedOrder } from '../support/builders.ts'
import { recordingLogger } from '../support/logger.ts'
import { startBlackHole, startQueue } from '../support/sqs.ts'

const spoolAt = (queueUrl: string, deadlineMs = 1500) => {
  const logger = recordingLogger()
  const spool = createSpool({
    queueUrl,
    region: 'us-east-1',
    logger,
    now: () => performance.now(),
    deadlineMs,
  })
  return { ...spool, logger, [Symbol.dispose]: spool.close }
}

const orders = Array.from({ length: 25 }, (_, hour) => {
  const time = new Date(Date.UTC(2026, 10, 22, hour)).toISOString()
  return aPlacedOrder({ slot: time, placed_at: time })
})
const [first = aPlacedOrder(), second = aPlacedOrder()] = orders

describe('the queue for orders that could not be recorded', () => {
  test('gives back every order whole, oldest first, in however many messages', async () => {
    await using queue = await startQueue()
    using spool = spoolAt(queue.url)
    expect(await spool.pending()).toEqual([])
    await Promise.all(orders.toReversed().map(spool.append))

    expect(await spool.pending()).toEqual(orders)
  })

  test('forgets an order that was recorded, also when it came in two messages', async () => {
    await using queue = await startQueue()
    using spool = spoolAt(queue.url)
    for (const order of [first, first, second]) await spool.append(order)

    expect(await spool.pending()).toEqual([first, second])
    await spool.remove(first.order_id)
    expect(queue.messages()).toEqual({ ready: 0, hidden: 1 })
    await spool.remove(second.order_id)
    expect(queue.messages()).toEqual({ ready: 0, hidden: 0 })
  })

  test('hides an order from other runs while one has it, and keeps it when that one fails', async () => {
    await using queue = await startQueue()
    using spool = spoolAt(queue.url)
    using other = spoolAt(queue.url)
    await spool.append(first)

    expect(await spool.pending()).toEqual([first])
    expect(await other.pending()).toEqual([])
    expect(queue.messages()).toEqual({ ready: 0, hidden: 1 })
  })

  test('does not mind being told of an order that it never had', async () => {
    await using queue = await startQueue()
    using spool = spoolAt(queue.url)
    await expect(spool.remove(first.order_id)).resolves.toBeUndefined()
  })

  test.each([
    ['no JSON', 'hello'],
    ['no order', '{"order_id":7}'],
    ['an impossible price', JSON.stringify({ ...first, price: -1 })],
  ])(
    'leaves a message that cannot be read (%s) to the redrive policy, and delivers the others',
    async (_, body) => {
      await using queue = await startQueue()
      using spool = spoolAt(queue.url)
      queue.send(body)
      await spool.append(second)

      expect(await spool.pending()).toEqual([second])
      await spool.remove(second.order_id)
      expect(queue.messages()).toEqual({ ready: 0, hidden: 1 })
      expect(spool.logger.events).toMatchObject([{ event: 'spool.unreadable' }])
    },
  )

  test('says so in time when the queue never answers, and then asks nobody for a while', async () => {
    await using hole = await startBlackHole()
    using spool = spoolAt(`${hole.url}/000000000000/spool`, 150)
    for (let times = 0; times < 3; times += 1) {
      await expect(spool.append(first)).rejects.toThrow('the queue did not answer within 150 ms')
    }
    await expect(spool.append(first)).rejects.toThrow('several times in a row')
    await expect(spool.pending()).rejects.toThrow('several times in a row')
  })
})
