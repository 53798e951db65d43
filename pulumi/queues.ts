import { Queue } from '@pulumi/aws/sqs/index.js'
import { jsonStringify } from '@pulumi/pulumi'
import type { Deployment } from './config.ts'

/** SQS's own limit. */
const FOURTEEN_DAYS = 14 * 86_400

/** The queues that work waits in which could not be done at once. */
export const createQueues = ({ name, tags }: Deployment) => {
  const queue = (suffix: string, more: ConstructorParameters<typeof Queue>[1] = {}) =>
    new Queue(suffix, {
      name: `${name}-${suffix}`,
      messageRetentionSeconds: FOURTEEN_DAYS,
      sqsManagedSseEnabled: true,
      tags,
      ...more,
    })
  const outboxDeadLetters = queue('outbox-dead-letters')
  return {
    /** Calls of the engine that were given up. */
    deadLetters: queue('dead-letters'),
    /** What of the outbox was received a thousand times and never recorded. */
    outboxDeadLetters,
    /** Placed orders that the table did not take. */
    outbox: queue('outbox', {
      redrivePolicy: jsonStringify({
        deadLetterTargetArn: outboxDeadLetters.arn,
        maxReceiveCount: 1000,
      }),
    }),
  }
}
export type Queues = ReturnType<typeof createQueues>
