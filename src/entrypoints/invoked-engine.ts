import { setTimeout as sleep } from 'node:timers/promises'
import {
  InvokeCommand,
  LambdaClient,
  TooManyRequestsException,
  type InvokeCommandOutput,
} from '@aws-sdk/client-lambda'
import type { z } from 'zod'
import { withDeadline } from '../data/deadline.ts'
import { EngineRefusal, type EngineEvent } from '../domain/engine-event.ts'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { WorkflowRunner } from '../domain/ports.ts'
import { FollowUp, RunSummary } from '../domain/run.ts'
import { WorkflowRun } from '../domain/workflow.ts'

/** API Gateway waits for 30 seconds. */
const DEADLINE_MS = 25_000
/** The engine does one thing at a time, which is mostly a matter of seconds. */
const PAUSE_MS = 500

/**
 * The engine in its Lambda function, which alone knows the broker. It is asked once it has the time:
 * what became of a call that was not answered is not known, and a person can ask again without an
 * order being placed twice.
 */
export const createInvokedEngine = ({
  functionName,
  region,
}: {
  functionName: string
  region: string
}): WorkflowRunner => {
  const client = new LambdaClient({
    region,
    maxAttempts: 1,
    // A connection from before may be dead, as this function is frozen between its events.
    requestHandler: { httpsAgent: { keepAlive: false } },
  })

  const unavailable = (problem: string, cause?: unknown): DomainError =>
    new DomainError('store_unavailable', `the engine function: ${problem}`, { cause })

  /** Waits while the engine is at work for somebody else: then nothing was done. */
  const whenFree = async (
    command: InvokeCommand,
    abortSignal: AbortSignal,
  ): Promise<InvokeCommandOutput> => {
    for (;;) {
      try {
        return await client.send(command, { abortSignal })
      } catch (error) {
        if (!(error instanceof TooManyRequestsException)) throw error
        await sleep(PAUSE_MS, undefined, { signal: abortSignal })
      }
    }
  }

  const invoke = async <Answer>(event: EngineEvent, schema: z.ZodType<Answer>): Promise<Answer> => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'RequestResponse',
      Payload: JSON.stringify(event),
    })
    const { FunctionError, Payload } = await withDeadline(
      'the engine function',
      DEADLINE_MS,
      (abortSignal) => whenFree(command, abortSignal),
    ).catch((error: unknown) => {
      throw unavailable(messageOf(error), error)
    })
    const text = Payload?.transformToString() ?? ''
    if (FunctionError !== undefined) throw unavailable(`it failed: ${text}`)
    const answer: unknown = JSON.parse(text)
    const refusal = EngineRefusal.safeParse(answer)
    if (refusal.success) {
      const { code, message } = refusal.data.refused
      throw new DomainError(code, message)
    }
    return schema.parse(answer)
  }

  return {
    run: ({ now, context, workflow_id }) =>
      invoke({ task: 'run', scheduled_at: now.toISOString(), context, workflow_id }, RunSummary),
    runOne: ({ now, context, workflow_id, dry_run }) =>
      invoke(
        { task: 'run_one', scheduled_at: now.toISOString(), context, workflow_id, dry_run },
        WorkflowRun,
      ),
    reconcile: ({ now, context }) =>
      invoke({ task: 'reconcile', scheduled_at: now.toISOString(), context }, FollowUp),
  }
}
