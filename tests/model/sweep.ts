import { closing } from './closing.ts'
import { diskOf, withActor, type Move, type MovesOf, type Turn } from './moves.ts'
import type { Rules } from './rules.ts'
import { isOpen, type Actor, type State } from './state.ts'

/** Where the sweep sees the order: in the broker's list, by asking for it by its id, or not at all. */
type Seen = 'listed' | 'looked up' | 'not seen'

const hasOpenFile = (state: State, actor: Actor, { broken }: Rules): boolean =>
  broken !== 'y5' && diskOf(state, actor).claim?.settled === false

/** What a sweep does with an order, by what it knows of it. */
const next = (state: State, actor: Actor, seen: Seen, rules: Rules): Partial<Actor> => {
  const { intent } = state
  const isKnown = isOpen(intent) || hasOpenFile(state, actor, rules)
  const isClosed = intent !== null && !isOpen(intent) && intent.state !== 'recorded'
  const isOver = isClosed && (seen !== 'listed' || rules.broken === 'x3')
  if (intent?.state === 'recorded' || isOver) {
    // Whoever recorded or closed it did not get to the file.
    return { step: hasOpenFile(state, actor, rules) ? 'settle' : 'done' }
  }
  if (seen !== 'not seen') return { step: 'R1', time: 'broker' }
  // The broker shows it no more, or not yet; that it has it was noted.
  if (intent?.state === 'placed') return { step: 'R1', time: intent.placed_at }
  return isKnown ? closing(rules, 'abandoned') : { step: 'done' }
}

const WORDS: Record<Seen, string> = {
  listed: 'lists the order',
  'looked up': 'looks the order up',
  'not seen': 'finds no order',
}

/** The ways in which the order may be seen. A list and a look-up may not show what is there. */
const waysToSee = (state: State, actor: Actor, rules: Rules): Seen[] => {
  const { book, intent } = state
  if (book === 0 || rules.broken === 'x2') return ['not seen']
  // An order is asked for only when it has a claim that waits for its end.
  const asks = isOpen(intent) || (hasOpenFile(state, actor, rules) && intent === null)
  // Lists the broker's orders since the oldest open intent, so without one it lists nothing.
  const lists = rules.broken !== 'y4' || isOpen(intent)
  return [
    ...(lists ? (['listed'] as const) : []),
    ...(asks ? (['looked up'] as const) : []),
    'not seen',
  ]
}

/** Step 6 on one host. Among engines at work it may come too early and see too little. */
const listOn = ({ state, index, actor, rules }: Turn, disk: number): Move[] => {
  const here = { ...actor, disk }
  return waysToSee(state, here, rules).map((seen) => ({
    label: WORDS[seen],
    state: withActor(state, index, { disk, ...next(state, here, seen, rules) }),
  }))
}

/** An early sweep may run on any host. */
const list: MovesOf = (turn) => {
  const { state, actor } = turn
  const others = [...state.disks.keys()].filter((disk) => disk !== actor.disk)
  return [actor.disk, ...others].flatMap((disk) => listOn(turn, disk))
}

export const sweeping = { list } satisfies Record<string, MovesOf>
