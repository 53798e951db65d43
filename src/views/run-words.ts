import { gate } from '../domain/gate.ts'
import type { LastRun, RunOutcome, Workflow } from '../domain/workflow.ts'
import { formatPrice, formatQuantity } from './format.ts'
import { whyNot } from './why-not.ts'

/** What a run wanted to order: `buy 0.5 US500.I at 1,854.07`; null where it wanted nothing. */
const wantedOrder = ({ decision }: LastRun): string | null => {
  if (decision?.kind !== 'order') return null
  const { direction, quantity, code, price } = decision.order
  return `${direction.toLowerCase()} ${formatQuantity(quantity)} ${code} at ${formatPrice(price)}`
}

const sentence = (result: string, ...told: (string | null)[]): string => {
  const known = told.filter((each) => each !== null)
  return known.length > 0 ? `${result}: ${known.join('; ')}` : result
}

/**
 * How a run ended for a workflow and why, in one sentence that begins in lower case and has no full
 * stop.
 */
export const runSentence = (run: LastRun): string => {
  const { outcome, reason, decision } = run
  switch (outcome) {
    case 'placed':
      return sentence('traded', wantedOrder(run), reason)
    case 'duplicate':
      return sentence('no new order', reason)
    case 'dry_run':
      return sentence('would have traded', wantedOrder(run))
    case 'no_signal':
      return sentence('not traded', decision ? whyNot(decision.trace.conditions) : reason)
    case 'unsupported_trigger':
      return sentence('not traded', 'all conditions hold', reason)
    case 'refused':
    case 'unsent':
    case 'late':
    case 'left':
      return sentence('not traded', reason)
    case 'unknown':
      return sentence('it is not known whether it traded', reason)
    case 'failed':
      return sentence(decision ? 'not traded' : 'not evaluated', reason)
    case 'disabled':
      return 'not evaluated: it was switched off'
    case 'expired':
      return sentence('not evaluated', reason)
  }
}

const ADVICE: Record<RunOutcome, string | null> = {
  placed: null,
  duplicate: 'There is one order per candle: the next one can come with the next candle.',
  dry_run: 'Nothing was sent. To trade for real, edit the workflow and switch its dry run off.',
  no_signal: null,
  unsupported_trigger:
    'Edit the workflow: a close below the level goes with the low of the candle, a close above it with the high.',
  refused:
    'This candle is not tried again. Check the quantity, the offset, and your account at the broker.',
  unsent:
    'Check the connection to the broker. The next run tries again where that is safe; where it is not, the order is listed on this page as one that needs attention.',
  unknown:
    'Look for the order at the broker before you trade by hand. Every run asks the broker again, and `ordertrail reconcile` asks at once.',
  late: 'The next run that is on time may trade. If this happens again, check what calls the schedule.',
  left: 'The next run may trade. If this happens again, give runs more time, or have fewer workflows.',
  failed:
    'Every run tries again. If it stays like this, check the price source and the codes of the instruments.',
  disabled: 'Enable it to let it trade.',
  expired: 'Edit the workflow and give it a later end date, or none.',
}

/** What a person can do about the outcome of a run, or null. Commands stand between backticks. */
export const runAdvice = (workflow: Workflow, { outcome }: LastRun, now: Date): string | null =>
  (outcome === 'disabled' || outcome === 'expired') && gate(workflow, now) === null
    ? 'It is switched on since then, and the next run evaluates it.'
    : ADVICE[outcome]

/** What has become of a workflow since its last run that its outcome does not tell, or null. */
export const sinceThen = (workflow: Workflow, now: Date): string | null => {
  const { last_run, end_date, updated_at } = workflow
  const gated = gate(workflow, now)
  if (gated !== null && gated !== last_run?.outcome) {
    return gated === 'disabled'
      ? 'it is switched off now, so it does not trade'
      : `its end date ${end_date ?? ''} has passed, so it does not trade any more`
  }
  return last_run && gated === null && updated_at > last_run.at
    ? 'the workflow was changed since then; the next run goes by the new definition'
    : null
}
