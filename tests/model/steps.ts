import { claiming } from './claiming.ts'
import { closingMoves } from './closing.ts'
import type { MovesOf } from './moves.ts'
import { placing } from './placing.ts'
import { recording } from './recording.ts'
import type { Step } from './state.ts'
import { sweeping } from './sweep.ts'

/** What an execution may do at each step. */
export const MOVES: Record<Step, MovesOf> = {
  ...claiming,
  ...placing,
  ...closingMoves,
  ...recording,
  ...sweeping,
  done: () => [],
}
