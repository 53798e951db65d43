import { messageOf } from '../../src/domain/errors.ts'
import { runCandles } from './candles.ts'
import { runCondition } from './conditions.ts'
import { runEngine } from './engine.ts'
import { runIndicator } from './indicators.ts'
import { CASE_FILES, type Case, type CaseFile, type Vectors } from './vectors.ts'
import type { Runner, Verdict } from './verdict.ts'

const RUNNERS: Record<CaseFile, Runner> = {
  indicators: runIndicator,
  conditions: runCondition,
  engine: runEngine,
  candles: runCandles,
}

export interface GoldenReport {
  /** The ids of the cases that came out as the vectors say. */
  passed: string[]
  /** Cases that came out otherwise, because a decision of DOMAIN.md says so. */
  deviations: { id: string; decision: string }[]
  failures: { id: string; expected: unknown; got: unknown }[]
  /** The case files that the directory does not have. */
  absent: CaseFile[]
}

/** A case that cannot be read, or on which the code breaks, is a failure like any other. */
const verdictOn = (runner: Runner, vector: Case, { series }: Vectors): Verdict => {
  try {
    return runner(vector, series)
  } catch (error) {
    const expected = vector['expect']
    return { expected, got: { thrown: messageOf(error) }, matches: false, deviation: null }
  }
}

/** Runs every case of every file that is there, on the functions that the product itself uses. */
export const runVectors = (vectors: Vectors): GoldenReport => {
  const report: GoldenReport = { passed: [], deviations: [], failures: [], absent: [] }
  for (const file of CASE_FILES) {
    const cases = vectors.cases[file]
    if (!cases) report.absent.push(file)
    for (const vector of cases ?? []) {
      const { matches, deviation, expected, got } = verdictOn(RUNNERS[file], vector, vectors)
      if (matches) report.passed.push(vector.id)
      else if (deviation !== null) report.deviations.push({ id: vector.id, decision: deviation })
      else report.failures.push({ id: vector.id, expected, got })
    }
  }
  return report
}

/** The report as lines of text; the last one is `N passed, N failed`. */
export const reportLines = ({ passed, deviations, failures, absent }: GoldenReport): string[] => [
  ...absent.map((file) => `skipped ${file}.json: not there`),
  ...failures.map(
    ({ id, expected, got }) =>
      `failed ${id}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`,
  ),
  ...deviations.map(({ id, decision }) => `deviation ${id} ${decision}`),
  ...(deviations.length > 0 ? [`${deviations.length} deviations`] : []),
  `${passed.length} passed, ${failures.length} failed`,
]
