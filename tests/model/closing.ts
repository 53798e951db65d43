import { calling, diskOf, withActor, withDisk, type MovesOf, type Turn } from './moves.ts'
import { giveUp } from './recording.ts'
import { afterClosing, closingSteps, ownerOf, stepAfter, type Rules } from './rules.ts'
import type { Call, End, Step } from './state.ts'

/** An execution that begins to close the claim of an order that is not at the broker. */
export const closing = (rules: Rules, end: End): { step: Step; end: End } => ({
  step: closingSteps(rules)[0] ?? 'close',
  end,
})

const put = (turn: Turn, call: Call) =>
  calling(turn, call, {
    answered: (after) => withActor(after, turn.index, { step: stepAfter(turn.rules, turn.actor) }),
    failed: (after) => withActor(after, turn.index, { step: afterClosing(turn.actor) }),
  })

/** Who signs a claim that is put in the table to be closed: a sweep does it for the file's owner. */
const signerOf = ({ state, index, actor, rules }: Turn): number => {
  const own = ownerOf(rules)(index)
  if (actor.role === 'engine' || rules.broken === 'y9') return own
  return diskOf(state, actor).claim?.owner ?? own
}

/** The claim file is settled when its order is recorded or closed. */
const settle: MovesOf = (turn) => {
  const { state, index, actor, rules } = turn
  const { claim } = diskOf(state, actor)
  const next = withActor(state, index, { step: stepAfter(rules, actor) })
  const settled = claim && { ...claim, settled: true }
  const failed = actor.end
    ? withActor(state, index, { step: afterClosing(actor) })
    : giveUp(state, turn)
  return [
    { label: 'settles the claim file', state: withDisk(next, actor, { claim: settled }) },
    { label: 'cannot settle the claim file', state: failed },
  ]
}

/** How a claim ends without an order, done alike by the engine and the sweep. */
export const closingMoves = {
  'claim to close': (turn) => put(turn, { kind: 'claim', owner: signerOf(turn) }),
  close: (turn) => put(turn, { kind: 'close', to: turn.actor.end ?? 'abandoned' }),
  settle,
} satisfies Record<string, MovesOf>
