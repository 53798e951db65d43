import { z } from 'zod'
import { ExecutionContext } from './order.ts'

/** When it was meant to be, the same for every delivery; whoever asked for it, if it was a person. */
const meant = {
  scheduled_at: z.iso.datetime({ error: 'expected an ISO 8601 time in UTC' }),
  context: ExecutionContext.optional(),
}

/** What the engine function is asked to do, by the schedule or by the function that serves the app. */
export const EngineEvent = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('run'), ...meant, workflow_id: z.uuid().optional() }),
  z.strictObject({
    task: z.literal('run_one'),
    ...meant,
    workflow_id: z.uuid(),
    dry_run: z.boolean(),
  }),
  z.strictObject({ task: z.literal('reconcile'), ...meant }),
])
export type EngineEvent = z.infer<typeof EngineEvent>

/** Its answer to what it does not do, however often it is asked. */
export const EngineRefusal = z.object({
  refused: z.object({
    code: z.enum(['bad_request', 'invalid', 'not_found']),
    message: z.string(),
  }),
})
export type EngineRefusal = z.infer<typeof EngineRefusal>
