import { MUTANTS, type Mutant } from './mutations.ts'
import { PROMISES, PROPERTIES } from './properties.ts'
import type { World } from './rules.ts'
import { search, type Verdict } from './search.ts'
import { DEEP, QUICK, TWO_HOSTS_WITHOUT_DEDUPE } from './worlds.ts'

/** The protocol as it is written. */
export const exploreAsWritten = (world: World): Verdict => search({ world, broken: null })

/**
 * The protocol with one step broken. Who looks for a broken promise does not stop at a claim that is
 * left open, which many broken steps do sooner.
 */
export const exploreMutant = ({ id, world, breaks }: Mutant): Verdict =>
  search({ world, broken: id }, breaks === 'P5' ? PROPERTIES : PROMISES)

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const printTrace = ({ trace }: Verdict): void => {
  for (const [at, line] of trace.entries()) print(`  ${String(at + 1).padStart(2)}. ${line}`)
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Each property holds in all states, or is the one that broke first; the others are then unknown. */
const wordsOf = ({ broken }: Verdict): string =>
  broken ? `${broken} is broken` : `${PROPERTIES[0]} to ${PROPERTIES.at(-1)} hold`

/** Explores and prints it all. Returns how many results were not what they must be. */
const main = (worlds: readonly World[]): number => {
  let surprises = 0
  let states = 0
  const began = performance.now()
  print('The protocol as written')
  for (const world of worlds) {
    const since = performance.now()
    const verdict = exploreAsWritten(world)
    states += verdict.states
    surprises += verdict.broken ? 1 : 0
    const counts = `${verdict.states} states, ${verdict.ends} ends`
    print(`- ${world.name}: ${counts}, ${seconds(since)}: ${wordsOf(verdict)}`)
    printTrace(verdict)
  }
  print(`${states} states in ${seconds(began)}\n\nWith one step broken`)
  for (const mutant of MUTANTS) {
    const verdict = exploreMutant(mutant)
    surprises += verdict.broken === mutant.breaks ? 0 : 1
    print(`- ${mutant.id}, ${mutant.what} (${mutant.world.name}): ${wordsOf(verdict)}`)
    printTrace(verdict)
  }
  print('\nBeyond the promise')
  const twoHosts = exploreAsWritten(TWO_HOSTS_WITHOUT_DEDUPE)
  print(`- ${TWO_HOSTS_WITHOUT_DEDUPE.name}: ${wordsOf(twoHosts)}`)
  printTrace(twoHosts)
  return surprises
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = main(process.argv.includes('--deep') ? DEEP : QUICK) > 0 ? 1 : 0
}
