import type { Child } from 'hono/jsx'
import { dueRun, type DueRun } from '../../domain/due-run.ts'
import type { Schedule } from '../../domain/ports.ts'
import type { Workflow } from '../../domain/workflow.ts'
import { exactTime, formatSpan, relativeTime } from '../format.ts'
import { distanceToFiring } from '../why-not.ts'
import { OutcomePill } from './pills.tsx'
import { RelativeTime } from './time.tsx'

const MINUTE_MS = 60_000

const Due = ({ due: { at, overdue }, now }: { due: DueRun; now: Date }): Child => {
  const soon = at.getTime() - now.getTime() < MINUTE_MS
  return overdue ? (
    <span class='due'>
      <span class='pill pill-warn'>Overdue</span> by{' '}
      <time datetime={at.toISOString()} title={`Due at ${exactTime(at)}`}>
        {formatSpan((now.getTime() - at.getTime()) / 1000)}
      </time>
    </span>
  ) : (
    <span class='due muted'>Next {soon ? 'within a minute' : relativeTime(at, now)}</span>
  )
}

/** When a run looked at a workflow last and what came of it, and when the next one should. */
export const RunTimes = ({
  workflow,
  schedule,
  now,
}: {
  workflow: Workflow
  schedule: Schedule
  now: Date
}): Child => {
  const { last_run } = workflow
  const distance =
    last_run?.outcome === 'no_signal' && last_run.decision
      ? distanceToFiring(last_run.decision.trace.conditions)
      : null
  const due = dueRun(workflow, schedule, now)
  return (
    <>
      {last_run ? (
        <>
          <OutcomePill outcome={last_run.outcome} />{' '}
          <span class='muted'>
            {distance && <span class='whole'>{distance}, </span>}
            <RelativeTime at={last_run.at} now={now} />
          </span>
        </>
      ) : (
        <span class='muted'>No run yet</span>
      )}{' '}
      {due && <Due due={due} now={now} />}
    </>
  )
}
