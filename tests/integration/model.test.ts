import { describe, expect, it } from 'vitest'
import { exploreAsWritten, exploreForgottenClaims, exploreMutant } from '../model/explore.ts'
import { MUTANTS } from '../model/mutations.ts'
import { QUICK, TWO_HOSTS_WITHOUT_DEDUPE, worldOf } from '../model/worlds.ts'

describe('the protocol as it is written', () => {
  it.each(QUICK)('never doubles, loses or invents an order $name', (world) => {
    const { broken, trace, states, ends } = exploreAsWritten(world)
    expect({ broken, trace }).toEqual({ broken: null, trace: [] })
    // A model in which little can happen proves little.
    expect(states).toBeGreaterThan(5_000)
    expect(ends).toBeGreaterThan(80)
  })

  it('has been explored with both brokers, with and without a disk that lasts', () => {
    const explored = new Set(QUICK.map(({ place, dedupes }) => `${place} ${dedupes}`))
    expect([...explored].sort()).toEqual(['host false', 'host true', 'lambda false', 'lambda true'])
  })
})

describe('a protocol with one step broken is caught', () => {
  it.each(MUTANTS)('$id breaks $breaks: $what', (mutant) => {
    const { broken, trace } = exploreMutant(mutant)
    expect(broken).toBe(mutant.breaks)
    expect(trace.length).toBeGreaterThan(1)
  })

  it('says in the fewest steps how an order stays unrecorded without a sweep', () => {
    const withoutSweep = MUTANTS.filter(({ id }) => id === 'x1').map(exploreMutant)
    expect(withoutSweep.map(({ trace }) => trace)).toEqual([
      [
        'engine 1 claim file: made',
        'engine 1 claim: answered',
        'engine 1 sends: accepted',
        'engine 1 dies before "journal"',
        'all is quiet: the journal is drained, no sweep runs',
      ],
    ])
  })
})

describe('where the promise ends', () => {
  it('places twice on two hosts when one of them cannot reach DynamoDB and the broker does not dedupe', () => {
    const { broken, trace } = exploreAsWritten(TWO_HOSTS_WITHOUT_DEDUPE)
    expect(broken).toBe('P1')
    expect(trace).toContain('engine 2 claim: fails')
  })

  it('forgets a claim file whose engine died before it reached DynamoDB', () => {
    const world = worldOf('host', 'does not dedupe', { engines: 2 })
    const { broken, trace } = exploreForgottenClaims(world, false)
    expect(broken).toBe('P5')
    expect(trace.slice(0, 2)).toEqual(['engine 1 claim file: made', 'engine 1 dies before "claim"'])
  })

  it('brings every claim to an end when the sweep reads the claim files too', () => {
    const world = worldOf('host', 'does not dedupe', { engines: 2, earlySweep: true })
    expect(exploreForgottenClaims(world, true).broken).toBeNull()
    expect(exploreForgottenClaims({ ...world, dedupes: true }, true).broken).toBeNull()
  })
})
