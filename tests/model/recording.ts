import { calling, diskOf, withActor, withDisk, type MovesOf, type Turn } from './moves.ts'
import { stepAfter } from './rules.ts'
import { withTime, type Actor, type Call, type State } from './state.ts'

/** Without DynamoDB the journal keeps the order; on Lambda, where none is, the spool queue does. */
const giveUp = (state: State, { index, actor, rules }: Turn): State => {
  const spools = rules.world.place === 'lambda' && actor.role === 'engine'
  return withActor(state, index, { step: spools ? 'spool' : 'done' })
}

const goOn = (state: State, { index, actor, rules }: Turn): State =>
  withActor(state, index, { step: stepAfter(rules, actor.step) })

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

const spool: MovesOf = ({ state, index, actor }) => {
  const done = withActor(state, index, { step: 'done' })
  const journal = withTime(diskOf(state, actor).journal, timeOf(actor))
  return [
    { label: 'spools the order', state: withDisk(done, actor, { journal }) },
    { label: 'cannot spool', state: done },
  ]
}

const drain: MovesOf = ({ state, index, actor }) => {
  const [first] = diskOf(state, actor).journal
  const change: Partial<Actor> = first ? { step: 'R1', time: first } : { step: 'done' }
  return [{ label: 'drains the journal', state: withActor(state, index, change) }]
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
