import {
  DynamoDBClient,
  DynamoDBServiceException as ServiceException,
} from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { DomainError, hasCode } from '../domain/errors.ts'
import { createBreaker } from './breaker.ts'
import { DeadlineError, withDeadline } from './deadline.ts'

/** A command of either AWS package; its output type is taken from the command itself. */
interface Sendable<Output extends object> {
  resolveMiddleware: (...args: never[]) => (input: never) => Promise<{ output: Output }>
}

export interface DynamoClient {
  /** @throws DomainError `store_unavailable` or `tables_missing`, or the engine's answer about the request itself */
  send: <Output extends object>(
    command: Sendable<Output>,
    options?: { deadlineMs?: number },
  ) => Promise<Output>
  /** Closes the connections. */
  close: () => void
}

interface ClientOptions {
  /** Where the engine is; without it AWS is asked, by the SDK's own rules. */
  endpoint?: string
  region: string
  /** Milliseconds of a clock that never jumps, such as `performance.now`. */
  now: () => number
  /** How long one `send` may take in all, retry included. */
  deadlineMs?: number
  /** Told the operation (`Query`, `PutItem`) of every request that goes out, retries included. */
  onRequest?: (operation: string) => void
  /** Stands around every call, to time it. */
  around?: <T>(call: () => Promise<T>) => Promise<T>
}

/** Answers about the request itself: the engine works, so whoever asked must deal with them. */
const ANSWERS = new Set([
  'ConditionalCheckFailedException',
  'ResourceInUseException',
  'UnknownOperationException',
  'ValidationException',
])

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

/** True for the refusal of a conditional write. */
export const isConditionFailed = (error: unknown): boolean =>
  nameOf(error) === 'ConditionalCheckFailedException'

/** True when `send` failed because the table does not exist. */
export const isTableMissing = (error: unknown): boolean => hasCode(error, 'tables_missing')

const describe = (error: unknown): string => {
  const name = nameOf(error)
  if (error instanceof DeadlineError) return error.message
  if (error instanceof ServiceException) return `DynamoDB could not do it (${name})`
  const code = error instanceof Error && 'code' in error ? String(error.code) : name
  return `DynamoDB cannot be reached (${code || 'unknown failure'})`
}

/**
 * The one way to DynamoDB. Every `send` has a deadline, at most two tries, and fails at once while
 * the engine is known to be down (see `createBreaker`).
 */
export const createDynamoClient = (options: ClientOptions): DynamoClient => {
  const { endpoint, region, now, deadlineMs: usualDeadlineMs = 1500, onRequest } = options
  const around = options.around ?? ((call) => call())
  const base = new DynamoDBClient({
    region,
    maxAttempts: 2,
    // An engine at an endpoint of its own checks no signature, so any credentials will do.
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  })
  if (onRequest) {
    base.middlewareStack.add(
      (next, context) => (args) => {
        onRequest(String(context['commandName']).replace(/Command$/, ''))
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low', name: 'countRequests' },
    )
  }
  const documents = DynamoDBDocumentClient.from(base, {
    // JavaScript writes its numbers with the digits that read back as the same number.
    marshallOptions: { removeUndefinedValues: true, allowImpreciseNumbers: true },
    // The default throws on large numbers, so that one odd item would fail a whole page.
    unmarshallOptions: { wrapNumbers: Number },
  })
  // The SDK finds the output type by overloads that a function around it cannot repeat.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command says what it answers
  const send = documents.send.bind(documents) as never as <Output extends object>(
    command: Sendable<Output>,
    options: { abortSignal: AbortSignal },
  ) => Promise<Output>
  const breaker = createBreaker({ failures: 3, pauseMs: 10_000, now })

  return {
    send: async (command, { deadlineMs = usualDeadlineMs } = {}) => {
      const waitMs = breaker.waitMs()
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1000)
        throw new DomainError(
          'store_unavailable',
          `DynamoDB failed several times in a row; the next try is in ${seconds} s`,
        )
      }
      try {
        const output = await around(() =>
          withDeadline('DynamoDB', deadlineMs, (abortSignal) => send(command, { abortSignal })),
        )
        breaker.succeeded()
        return output
      } catch (error) {
        if (ANSWERS.has(nameOf(error))) {
          breaker.succeeded()
          throw error
        }
        // No outage: there is nothing to wait for, and no snapshot to go by.
        if (nameOf(error) === 'ResourceNotFoundException') {
          breaker.succeeded()
          const message = 'a DynamoDB table is missing: run `ordertrail tables create`'
          throw new DomainError('tables_missing', message, { cause: error })
        }
        breaker.failed()
        throw new DomainError('store_unavailable', describe(error), { cause: error })
      }
    },
    close: () => base.destroy(),
  }
}
