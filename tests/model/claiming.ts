import { calling, diskOf, withActor, withDisk, type Move, type MovesOf } from './moves.ts'
import { ownerOf, trustsDedupe, type Rules } from './rules.ts'
import type { Actor, State } from './state.ts'

/** It is somebody's: nothing to place, but perhaps something to record for others. */
const stop = (state: State, index: number): State => withActor(state, index, { step: 'drain' })

/** What the intent tells an execution that may not claim: help to record, or leave it alone. */
const helpOrStop = (state: State, index: number): State => {
  const { intent } = state
  if (intent?.state !== 'placed') return stop(state, index)
  return withActor(state, index, { step: 'R1', time: intent.placed_at })
}

/** Neither a claim nor a refusal: DynamoDB did not answer. */
const unclaimed = (state: State, index: number, { ownsFile }: Actor, rules: Rules): State => {
  const maySend = trustsDedupe(rules) || ownsFile || rules.broken === 'x16'
  // Skipping raises an alarm, so the order is not missed in silence.
  if (!maySend) return { ...stop(state, index), excused: true }
  return withActor(state, index, { step: 'send' })
}

/** Step 1 on a host: the file excludes every other execution there, also without DynamoDB. */
const claimFile: MovesOf = ({ state, index, actor, rules }) => {
  const onwards = withActor(state, index, { step: 'claim' })
  const label = 'claim file'
  const carefree = trustsDedupe(rules) || rules.broken === 'y3'
  const moves: Move[] = [
    {
      label: `${label}: cannot be made`,
      state: carefree ? onwards : { ...stop(state, index), excused: true },
    },
  ]
  if (diskOf(state, actor).claimFile) {
    moves.push({ label: `${label}: is there`, state: withActor(state, index, { step: 'peek' }) })
    if (trustsDedupe(rules)) moves.push({ label: `${label}: is taken over`, state: onwards })
    return moves
  }
  // Only with a broker that does not dedupe does it matter later whose file it is.
  const ownsFile = !trustsDedupe(rules)
  const made = withDisk(withActor(onwards, index, { ownsFile }), actor, { claimFile: true })
  return [{ label: `${label}: made`, state: made }, ...moves]
}

/** Step 1 in DynamoDB, tried twice: the put, and the reading of the claim that refused it. */
const claim: MovesOf = (turn) => {
  const { state, index, actor, rules } = turn
  const owner = ownerOf(rules)(index)
  const send = (after: State): State => withActor(after, index, { step: 'send' })
  const isNew = state.intent === null
  const moves = calling(
    turn,
    { kind: 'claim', owner },
    {
      failed: (after) =>
        actor.step === 'claim again'
          ? unclaimed(after, index, actor, rules)
          : withActor(after, index, { step: 'claim again' }),
      answered: (after) => {
        const isOurs = after.intent?.owner === owner && rules.broken !== 'x9'
        return isNew || isOurs ? send(after) : helpOrStop(after, index)
      },
    },
  )
  // Whether a claim has lapsed is up to clocks, which the model does not trust: it may be any time.
  const mayTakeOver = trustsDedupe(rules) || rules.broken === 'x10'
  if (state.intent?.state === 'claimed' && mayTakeOver) {
    moves.push({ label: 'takes over the claim', state: send(state) })
  }
  return moves
}

/** Step 1. */
export const claiming = {
  'claim file': (turn) => (turn.rules.world.place === 'lambda' ? claim(turn) : claimFile(turn)),
  peek: ({ state, index }) => [
    { label: 'reads the intent', state: helpOrStop(state, index) },
    { label: 'cannot read the intent', state: stop(state, index) },
  ],
  claim,
  'claim again': claim,
} satisfies Record<string, MovesOf>
