import { attentionOf, type AttentionEntry } from '../domain/attention.ts'
import type { AppDeps } from './deps.ts'

/** The orders that need attention at `now`, newest first; of one workflow when its id is given. */
export const attentionAt = async (
  { intents, retention_seconds }: Pick<AppDeps, 'intents' | 'retention_seconds'>,
  now: Date,
  workflow_id?: string,
): Promise<AttentionEntry[]> => {
  const since = new Date(now.getTime() - retention_seconds * 1000)
  const entries = attentionOf(await intents.needingAttention(since), now, retention_seconds)
  return workflow_id === undefined
    ? entries
    : entries.filter((entry) => entry.workflow_id === workflow_id)
}
