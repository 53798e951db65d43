import type { Child } from 'hono/jsx'
import type { Decision } from '../../domain/decision.ts'
import type { Schedule } from '../../domain/ports.ts'
import type { LastRun, Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { capitalised } from '../names.ts'
import { runAdvice, runSentence, sinceThen } from '../run-words.ts'
import { conditionSentence, triggerSentence } from '../words.ts'
import { RunTimes } from './run-times.tsx'
import { Sentence } from './sentence.tsx'
import { ComparisonList, GaugeList } from './why.tsx'

const isOrdered = ({ outcome }: LastRun): boolean => outcome === 'placed' || outcome === 'duplicate'

const Advice = ({ text }: { text: string }): Child => (
  <p class='muted'>
    {text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}
  </p>
)

interface Props {
  workflow: Workflow
  schedule: Schedule
  now: Date
}

const Outcome = ({ run, advice }: { run: LastRun; advice: string | null }): Child => (
  <>
    <div class='lead'>
      <Sentence text={runSentence(run)} />
    </div>
    {advice && <Advice text={advice} />}
  </>
)

/** How far each condition was from holding; the figures behind it are folded away. */
const Evaluation = ({ decision }: { decision: Decision }): Child => {
  const { conditions, trigger } = decision.trace
  return (
    <>
      <GaugeList conditions={conditions} />
      <details class='fold'>
        <summary>All that was compared</summary>
        {conditions.map((condition) => (
          <Sentence text={conditionSentence(condition)} />
        ))}
        <ComparisonList conditions={conditions} />
        {decision.kind !== 'no_signal' && <Sentence text={triggerSentence(trigger)} />}
      </details>
    </>
  )
}

/**
 * What the last run made of a workflow: how it ended and why, and what to do where there is something;
 * and when the next one is due.
 */
export const LastRunSection = ({ workflow, schedule, now }: Props): Child => {
  const { last_run: run } = workflow
  const since = sinceThen(workflow, now)
  return (
    <section class='panel' aria-labelledby='last-run-title'>
      <h2 id='last-run-title'>Last run</h2>
      {since && <p class='notice-told since'>{`${capitalised(since)}.`}</p>}
      <div class='outcome'>
        <RunTimes {...{ workflow, schedule, now }} />
        {run?.order_id && isOrdered(run) && <a href={paths.order(run.order_id)}>See the order</a>}
      </div>
      {run && <Outcome run={run} advice={runAdvice(workflow, run, now)} />}
      {run?.decision && <Evaluation decision={run.decision} />}
    </section>
  )
}
