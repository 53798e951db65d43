import { z } from 'zod'
import { Instant } from './candle.ts'
import { BrokerOrder } from './order.ts'
import { outcomeFields } from './workflow.ts'

/** How one workflow fared in a run. */
export const WorkflowResult = z
  .object({
    workflow_id: z.string().meta({ format: 'uuid' }),
    workflow_name: z.string(),
    ...outcomeFields,
  })
  .meta({ id: 'WorkflowResult', description: 'How one workflow fared in a run' })
export type WorkflowResult = z.infer<typeof WorkflowResult>

const count = z.number().int().nonnegative()

/** What came of following up on earlier orders. Counts are orders. */
export const FollowUp = z
  .object({
    recorded: count.meta({
      description: 'Orders that are in the trail now, of this run and of earlier ones',
    }),
    spooled: count.meta({
      description:
        'Orders that are placed and wait in the journal or the queue, as the store did not take them',
    }),
    unrecorded: count.meta({
      description:
        'Orders that are placed and could be kept nowhere: the sweep has to find them at the broker',
    }),
    recovered: count.meta({
      description: 'Orders that were found at the broker and were not in the trail',
    }),
    abandoned: count.meta({
      description: 'Orders that were claimed and surely never got to the broker',
    }),
    complete: z.boolean().meta({
      description:
        'Whether all claims could be read, and all orders at the broker that were to be compared with the trail',
    }),
    oldest_unrecorded_at: Instant.nullable().meta({
      description:
        'When the oldest order was placed that the broker has and the trail has not; null: there is none, as far as could be seen',
    }),
    doubtful_since: Instant.nullable().meta({
      description:
        'When the oldest order was claimed of which it is not settled whether the broker has it; null: there is none, as far as could be seen',
    }),
    unrecognised: z.array(BrokerOrder).meta({
      description: 'Orders at the broker with an id like ours that no workflow accounts for',
    }),
    warnings: z.array(z.string()).meta({ description: 'What went wrong, one sentence each' }),
  })
  .meta({ id: 'FollowUp', description: 'What came of following up on earlier orders' })
export type FollowUp = z.infer<typeof FollowUp>

/** What a run did. The counts from `evaluated` to `left` are workflows. */
export const RunSummary = FollowUp.extend({
  request_id: z.string().meta({ description: 'Names the run; it is in the log, too' }),
  at: Instant.meta({ description: 'When it began' }),
  evaluated: count.meta({ description: 'Workflows that were due' }),
  placed: count.meta({ description: 'Workflows whose order the broker accepted' }),
  duplicate: count.meta({
    description:
      'Of the skipped: the order of this candle was placed, or is being placed, by another run',
  }),
  refused: count.meta({
    description: 'Of the skipped: the order makes no sense, or the broker said no',
  }),
  unknown: count.meta({ description: 'Of the failed: the broker gave no clear answer' }),
  unsent: count.meta({ description: 'Of the failed: the order surely did not reach the broker' }),
  skipped: count.meta({
    description:
      'Workflows that were due but placed nothing, for another reason than their conditions',
  }),
  failed: count.meta({ description: 'Workflows that could not be evaluated, or not be placed' }),
  left: count.meta({
    description: 'Workflows that the run had no time for, besides all of the others',
  }),
  workflows: z.array(WorkflowResult),
}).meta({ id: 'RunSummary', description: 'What a run did' })
export type RunSummary = z.infer<typeof RunSummary>
