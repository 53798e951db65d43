import { calling, diskOf, withActor, withDisk, type Move, type MovesOf } from './moves.ts'
import { ownerOf, takesOver, trustsDedupe, type Rules } from './rules.ts'
import type { Actor, State } from './state.ts'

/** It is somebody's, or over: nothing to place. What is left to record, a sweep finds. */
const stop = (state: State, index: number): State => withActor(state, index, { step: 'drain' })

/** Skipping raises an alarm, so the order is not missed in silence. */
const skip = (state: State, index: number): State => ({ ...stop(state, index), excused: true })

/** Neither a claim nor a refusal: DynamoDB did not answer. */
const unclaimed = (state: State, index: number, { ownsFile }: Actor, rules: Rules): State => {
  const maySend = trustsDedupe(rules) || ownsFile || rules.broken === 'x16'
  return maySend ? withActor(state, index, { step: 'send' }) : skip(state, index)
}

/** Step 1 on a host: the file excludes every other execution there, also without DynamoDB. */
const claimFile: MovesOf = ({ state, index, actor, rules }) => {
  const trusts = trustsDedupe(rules)
  const onwards = withActor(state, index, { step: 'claim' })
  const isCarefree = trusts || rules.broken === 'y3'
  const failed: Move = {
    label: 'claim file: cannot be made',
    state: isCarefree ? onwards : skip(state, index),
  }
  const { claim: held } = diskOf(state, actor)
  if (held) {
    const move: Move =
      trusts && !held.settled
        ? { label: 'claim file: is taken over', state: onwards }
        : { label: 'claim file: is there', state: stop(state, index) }
    return [move, failed]
  }
  const made = { owner: ownerOf(rules)(index), settled: false }
  // Only with a broker that does not dedupe does it matter later whose file it is.
  const next = withActor(onwards, index, { ownsFile: !trusts })
  return [{ label: 'claim file: made', state: withDisk(next, actor, { claim: made }) }, failed]
}

/** Step 1 in DynamoDB, tried twice: the put, and the reading of the claim that refused it. */
const claim: MovesOf = (turn) => {
  const { state, index, actor, rules } = turn
  const owner = ownerOf(rules)(index)
  const { intent: found } = state
  const isOurs = found?.owner === owner && rules.broken !== 'x9'
  const maySend = !found || (found.state === 'claimed' && (isOurs || takesOver(rules)))
  return calling(
    turn,
    { kind: 'claim', owner },
    {
      answered: (after) =>
        maySend ? withActor(after, index, { step: 'send' }) : stop(after, index),
      failed: (after) =>
        actor.step === 'claim again'
          ? unclaimed(after, index, actor, rules)
          : withActor(after, index, { step: 'claim again' }),
    },
  )
}

/** Step 1. */
export const claiming = {
  'claim file': (turn) => (turn.rules.world.place === 'lambda' ? claim(turn) : claimFile(turn)),
  claim,
  'claim again': claim,
} satisfies Record<string, MovesOf>
