import {
  calling,
  diskOf,
  withActor,
  withDisk,
  type Move,
  type MovesOf,
  type Turn,
} from './moves.ts'
import { stepAfter } from './rules.ts'
import { withTime, type Actor, type Call, type State } from './state.ts'

/** Without DynamoDB the order waits in the journal, or in the queue that Lambda has instead. */
export const giveUp = (state: State, { index, actor, rules }: Turn): State => {
  // Noting it again in a journal that has it changes nothing.
  const isKept = rules.world.place !== 'lambda' && diskOf(state, actor).journal.length > 0
  const keeps = actor.role === 'engine' && !isKept
  return withActor(state, index, { step: keeps ? 'spool' : 'done' })
}

const goOn = (state: State, { index, actor, rules }: Turn): State =>
  withActor(state, index, { step: stepAfter(rules, actor) })

const timeOf = ({ time }: Actor) => time ?? 'wrong'

const put = (turn: Turn, call: Call) =>
  calling(turn, call, {
    answered: (after) => goOn(after, turn),
    failed: (after) => giveUp(after, turn),
  })

const markPlaced: MovesOf = (turn) =>
  calling(
    turn,
    { kind: 'R1', time: timeOf(turn.actor) },
    {
      failed: (after) => giveUp(after, turn),
      answered: (after) => {
        if (!after.intent) return giveUp(after, turn)
        // The time that the intent holds now is the one that counts.
        const time = after.intent.placed_at ?? turn.actor.time
        return withActor(goOn(after, turn), turn.index, { time })
      },
    },
  )

const spool: MovesOf = ({ state, index, actor, rules }) => {
  const done = withActor(state, index, { step: 'done' })
  const time = timeOf(actor)
  // On a disk there is one entry per order; a queue takes any number.
  const journal =
    rules.world.place === 'lambda' ? withTime(diskOf(state, actor).journal, time) : [time]
  return [
    { label: 'keeps the order for later', state: withDisk(done, actor, { journal }) },
    { label: 'cannot keep the order', state: done },
  ]
}

/** What another execution left. A queue may not show what it has, and may deliver it many times. */
const drain: MovesOf = ({ state, index, actor, rules }) => {
  const { journal } = diskOf(state, actor)
  const moves: Move[] = journal.map((time) => ({
    label: 'drains the journal',
    state: withActor(state, index, { step: 'R1', time }),
  }))
  if (journal.length === 0 || rules.world.place === 'lambda') {
    moves.push({
      label: 'finds nothing to drain',
      state: withActor(state, index, { step: 'done' }),
    })
  }
  return moves
}

/** Step 4, done alike by the engine, whoever drains the journal, and the sweep. */
export const recording = {
  R1: markPlaced,
  R2: (turn) => put(turn, { kind: 'R2', time: timeOf(turn.actor) }),
  R3: (turn) => put(turn, { kind: 'R3' }),
  drop: (turn) => [
    {
      label: 'drops the journal entry',
      state: withDisk(goOn(turn.state, turn), turn.actor, { journal: [] }),
    },
  ],
  spool,
  drain,
} satisfies Record<string, MovesOf>
