import { Hono } from 'hono'
import { attentionAt } from '../attention.ts'
import type { AppDeps } from '../deps.ts'
import { AttentionParameters, validated } from '../parameters.ts'

/** `/api/workflow/attention`: the orders that a person may have to look after. */
export const attentionApi = (deps: Pick<AppDeps, 'intents' | 'clock' | 'retention_seconds'>) =>
  new Hono().get('/attention', validated('query', AttentionParameters), async (c) => {
    const { workflow_id } = c.req.valid('query')
    const attention = await attentionAt(deps, deps.clock.now(), workflow_id)
    return c.json({ attention, total: attention.length })
  })
