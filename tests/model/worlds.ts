import type { World } from './rules.ts'

const PLACES = {
  host: 'on one host',
  lambda: 'on Lambda',
  'two hosts': 'on two hosts',
}

interface Size {
  engines: number
  earlySweep?: boolean
  lateCalls?: boolean
}

/** Surroundings with everything hostile that they can have, but for what is said otherwise. */
export const worldOf = (
  place: World['place'],
  broker: 'dedupes' | 'does not dedupe',
  { engines, earlySweep = false, lateCalls = false }: Size,
): World => {
  const more = [earlySweep && 'an early sweep', lateCalls && 'late calls'].filter(Boolean)
  const actors = [`${engines} engines`, ...more].join(', ')
  return {
    name: `${PLACES[place]}, a broker that ${broker}: ${actors}`,
    dedupes: broker === 'dedupes',
    lags: true,
    place,
    engines,
    earlySweep,
    lateCalls,
  }
}

const all = { engines: 3, earlySweep: true, lateCalls: true }

/** What the tests explore, in a few seconds. */
export const QUICK: readonly World[] = [
  worldOf('host', 'dedupes', { engines: 3 }),
  worldOf('host', 'dedupes', { engines: 2, earlySweep: true }),
  worldOf('host', 'does not dedupe', all),
  worldOf('lambda', 'dedupes', { engines: 3, earlySweep: true }),
  worldOf('lambda', 'dedupes', { engines: 2, earlySweep: true, lateCalls: true }),
  worldOf('lambda', 'does not dedupe', all),
]

/** Everything at once, in a minute or two. */
export const DEEP: readonly World[] = [
  worldOf('host', 'dedupes', all),
  worldOf('host', 'does not dedupe', all),
  worldOf('lambda', 'dedupes', all),
  worldOf('lambda', 'does not dedupe', all),
  worldOf('two hosts', 'dedupes', { engines: 3, earlySweep: true }),
]

/** Beyond what the protocol promises: a claim file says nothing to another host. */
export const TWO_HOSTS_WITHOUT_DEDUPE = worldOf('two hosts', 'does not dedupe', { engines: 2 })
