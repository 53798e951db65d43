import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs'
import { messageOf } from '../domain/errors.ts'
import type { PlacedOrder } from '../domain/order.ts'
import type { Journal, Logger } from '../domain/ports.ts'
import { createBreaker } from './breaker.ts'
import { withDeadline } from './deadline.ts'
import { oldestFirst, parseEntry } from './journal-entry.ts'

/** SQS's own limit for one ReceiveMessage. */
const BATCH = 10
/** How many batches one run takes at most, so that a backlog is worked off over several runs. */
const MOST_BATCHES = 50
/** A run that could not record an order leaves it; after so long the next run gets it. */
const HIDDEN_SECONDS = 30

interface SpoolOptions {
  queueUrl: string
  region: string
  logger: Logger
  /** Milliseconds of a clock that never jumps. */
  now: () => number
  /** How long one request may take in all, its one repetition included. */
  deadlineMs?: number
}

/**
 * An SQS queue of placed orders that could not be recorded, for where no disk lasts. It delivers at
 * least once, in any order and perhaps a run later, which recording does not mind. What cannot be
 * read stays, and the queue's redrive policy sets it aside. While the queue does not answer, nothing
 * waits for it.
 */
export const createSpool = ({
  queueUrl: QueueUrl,
  region,
  logger,
  now,
  deadlineMs = 1500,
}: SpoolOptions): Journal & { close: () => void } => {
  const client = new SQSClient({
    region,
    endpoint: new URL(QueueUrl).origin,
    maxAttempts: 2,
    // A queue of an engine on this machine checks no signature, so any credentials will do.
    ...(QueueUrl.startsWith('http:')
      ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
      : {}),
  })
  const breaker = createBreaker({ failures: 3, pauseMs: 10_000, now })
  /** What it takes to delete the messages of an order; the same order may come in several. */
  const receipts = new Map<string, string[]>()

  const guarded = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    if (breaker.waitMs() > 0) throw new Error('the queue failed several times in a row')
    try {
      const result = await withDeadline('the queue', deadlineMs, work)
      breaker.succeeded()
      return result
    } catch (error) {
      breaker.failed()
      throw error
    }
  }

  const receive = async (): Promise<Message[]> => {
    const { Messages } = await guarded((abortSignal) =>
      client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: BATCH,
          VisibilityTimeout: HIDDEN_SECONDS,
        }),
        { abortSignal },
      ),
    )
    return Messages ?? []
  }

  const read = ({ MessageId, Body = '', ReceiptHandle = '' }: Message): PlacedOrder[] => {
    try {
      const order = parseEntry(Body)
      receipts.set(order.order_id, [...(receipts.get(order.order_id) ?? []), ReceiptHandle])
      return [order]
    } catch (error) {
      logger.error('spool.unreadable', { message_id: MessageId, problem: messageOf(error) })
      return []
    }
  }

  return {
    keepsEveryOrder: false,

    append: async (order) => {
      const message = new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(order) })
      await guarded((abortSignal) => client.send(message, { abortSignal }))
    },

    pending: async () => {
      // Of an earlier time: SQS takes only the latest receipt of a message.
      receipts.clear()
      const orders = new Map<string, PlacedOrder>()
      for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
        const messages = await receive()
        if (messages.length === 0) break
        for (const order of messages.flatMap(read)) orders.set(order.order_id, order)
      }
      return [...orders.values()].sort(oldestFirst)
    },

    remove: async (order_id) => {
      for (const ReceiptHandle of receipts.get(order_id) ?? []) {
        const message = new DeleteMessageCommand({ QueueUrl, ReceiptHandle })
        await guarded((abortSignal) => client.send(message, { abortSignal }))
      }
      receipts.delete(order_id)
    },

    close: () => client.destroy(),
  }
}
