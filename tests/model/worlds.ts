import type { World } from './rules.ts'

const PLACES = {
  host: 'on one host',
  lambda: 'on Lambda',
  'two hosts': 'on two hosts',
}

const SWEEPS = ['', 'early sweeps', 'early sweeps, 2 at once']

interface Size {
  engines: number
  sweepsAtOnce?: number
  lateCalls?: boolean
}

/** Surroundings with everything hostile that they can have, but for what is said otherwise. */
export const worldOf = (
  place: World['place'],
  broker: 'dedupes' | 'does not dedupe',
  { engines, sweepsAtOnce = 0, lateCalls = false }: Size,
): World => {
  const more = [SWEEPS[sweepsAtOnce], lateCalls && 'late calls'].filter(Boolean)
  const actors = [`${engines} engines`, ...more].join(', ')
  return {
    name: `${PLACES[place]}, a broker that ${broker}: ${actors}`,
    dedupes: broker === 'dedupes',
    place,
    engines,
    sweepsAtOnce,
    lateCalls,
  }
}

const all = { engines: 3, sweepsAtOnce: 1, lateCalls: true }
const allAndTwoSweeps = { ...all, sweepsAtOnce: 2 }

/** What the tests explore, in a few seconds. */
export const QUICK: readonly World[] = [
  worldOf('host', 'dedupes', { engines: 3 }),
  worldOf('host', 'dedupes', { engines: 2, sweepsAtOnce: 1, lateCalls: true }),
  worldOf('host', 'does not dedupe', allAndTwoSweeps),
  worldOf('lambda', 'dedupes', all),
  worldOf('lambda', 'does not dedupe', allAndTwoSweeps),
  worldOf('two hosts', 'dedupes', { engines: 2, lateCalls: true }),
]

/** Everything at once, in a minute or two. */
export const DEEP: readonly World[] = [
  worldOf('host', 'dedupes', all),
  worldOf('host', 'does not dedupe', allAndTwoSweeps),
  worldOf('lambda', 'dedupes', allAndTwoSweeps),
  worldOf('lambda', 'does not dedupe', allAndTwoSweeps),
  worldOf('two hosts', 'dedupes', { engines: 2, sweepsAtOnce: 1, lateCalls: true }),
  worldOf('two hosts', 'dedupes', { engines: 3, sweepsAtOnce: 1 }),
]

/** Beyond what the protocol promises: a claim file says nothing to another host. */
export const TWO_HOSTS_WITHOUT_DEDUPE = worldOf('two hosts', 'does not dedupe', { engines: 2 })
