import { z } from 'zod'
import { WorkflowListParameters } from '../parameters.ts'

/** A form sends what was left empty, too. */
const withoutEmpty = (given: unknown): unknown =>
  Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== ''))

const { q, enabled, dry_run, indicator, traded, sort, page } = WorkflowListParameters.shape

/** Which workflows a page is asked for; what is not known is passed over. */
export const WorkflowListQuery = z.preprocess(
  withoutEmpty,
  z.object({
    q,
    enabled,
    dry_run,
    indicator,
    traded,
    sort,
    page: page.transform((given) => given ?? 1),
    /** Whether the workflows of the page are chosen at once. */
    select: z.literal('all', { error: 'expected all' }).optional(),
  }),
)
