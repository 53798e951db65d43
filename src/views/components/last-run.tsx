import type { Child } from 'hono/jsx'
import type { LastRun } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { formatPrice, formatQuantity } from '../format.ts'
import { OutcomePill } from './pills.tsx'
import { Sentence } from './sentence.tsx'
import { RelativeTime } from './time.tsx'
import { ConditionList, TriggerSentence } from './why.tsx'

const isOrdered = ({ outcome }: LastRun): boolean => outcome === 'placed' || outcome === 'duplicate'

const Wanted = ({ run }: { run: LastRun }): Child => {
  if (run.decision?.kind !== 'order') return null
  const { direction, quantity, code, price } = run.decision.order
  const verb = isOrdered(run) ? 'Ordered' : 'Wanted to order'
  return (
    <Sentence
      text={`${verb}: ${direction.toLowerCase()} ${formatQuantity(quantity)} ${code} at ${formatPrice(price)}`}
    />
  )
}

const Outcome = ({ run, now }: { run: LastRun; now: Date }): Child => (
  <p class='outcome'>
    <OutcomePill outcome={run.outcome} />
    <span class='muted'>
      <RelativeTime at={run.at} now={now} />
    </span>
    {isOrdered(run) && run.order_id && <a href={paths.order(run.order_id)}>See the order</a>}
  </p>
)

/** What the last run made of a workflow: how it ended, and why or why not. */
export const LastRunSection = ({ run, now }: { run: LastRun | null; now: Date }): Child => (
  <section class='panel' aria-labelledby='last-run-title'>
    <h2 id='last-run-title'>Last run</h2>
    {run === null ? (
      <p class='muted'>No run has looked at this workflow yet.</p>
    ) : (
      <>
        <Outcome run={run} now={now} />
        {run.reason && <Sentence text={run.reason} />}
        <Wanted run={run} />
        {run.decision && <ConditionList conditions={run.decision.trace.conditions} />}
        {run.decision && run.decision.kind !== 'no_signal' && (
          <TriggerSentence trigger={run.decision.trace.trigger} />
        )}
      </>
    )}
  </section>
)
