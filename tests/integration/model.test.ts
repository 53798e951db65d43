import { describe, expect, it } from 'vitest'
import { exploreAsWritten, exploreMutant } from '../model/explore.ts'
import { MUTANTS } from '../model/mutations.ts'
import { QUICK, TWO_HOSTS_WITHOUT_DEDUPE } from '../model/worlds.ts'

describe('the protocol as it is written', () => {
  it.each(QUICK)('never doubles, loses, invents or forgets an order $name', (world) => {
    const { broken, trace, states, ends } = exploreAsWritten(world)
    expect({ broken, trace }).toEqual({ broken: null, trace: [] })
    // A model in which little can happen proves little.
    expect(states).toBeGreaterThan(15_000)
    expect(ends).toBeGreaterThan(60)
  })

  it('has been explored with both brokers, with and without a disk that lasts', () => {
    const explored = new Set(QUICK.map(({ place, dedupes }) => `${place} ${dedupes}`))
    expect([...explored].sort()).toEqual([
      'host false',
      'host true',
      'lambda false',
      'lambda true',
      'two hosts true',
    ])
  })
})

describe('a protocol with one step broken is caught', () => {
  it.each(MUTANTS)('$id breaks $breaks: $what', (mutant) => {
    const { broken, trace } = exploreMutant(mutant)
    expect(broken).toBe(mutant.breaks)
    expect(trace.length).toBeGreaterThan(1)
  })

  const tracesOf = (wanted: string): string[][] =>
    MUTANTS.filter(({ id }) => id === wanted).map((mutant) => exploreMutant(mutant).trace)

  it('says in the fewest steps how an order stays unrecorded without a sweep', () => {
    expect(tracesOf('x1')).toEqual([
      [
        'engine 1 claim file: made',
        'engine 1 claim: answered',
        'engine 1 sends: accepted',
        'engine 1 dies before "journal"',
        'all is quiet: the journal is drained, no sweep runs',
      ],
    ])
  })

  it('says in the fewest steps how a claim is forgotten when the sweep reads no claim files', () => {
    expect(tracesOf('y5')).toEqual([
      [
        'engine 1 claim file: made',
        'engine 1 dies before "claim"',
        'all is quiet: the journal is drained, the sweep runs',
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
})
