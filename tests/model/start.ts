import { actorOf } from './name.ts'
import type { World } from './rules.ts'
import type { State } from './state.ts'

/** Nothing has happened yet. */
export const start = ({ engines, sweepsAtOnce, place }: World): State => {
  const disks = place === 'two hosts' ? 2 : 1
  const idle = { time: null, end: null, ownsFile: false }
  return {
    intent: null,
    records: [],
    book: 0,
    inFlight: 0,
    lateCall: null,
    disks: Array.from({ length: disks }, () => ({ claim: null, journal: [] })),
    actors: [
      ...Array.from({ length: engines }, (_, index) =>
        actorOf({ ...idle, role: 'engine', step: 'claim file', disk: index % disks }),
      ),
      ...Array.from({ length: sweepsAtOnce }, () =>
        actorOf({ ...idle, role: 'sweep', step: 'list', disk: 0 }),
      ),
    ],
    excused: false,
  }
}
