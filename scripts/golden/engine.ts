import { marketOf } from '../../src/domain/workflow.ts'
import { EngineCase, engineMatches, runDefinition, type EngineResult } from './definition.ts'
import { explainEngine } from './engine-deviations.ts'
import { parseDefinition } from './reference-names.ts'
import type { Runner } from './verdict.ts'

/** A definition that cannot be read still belongs to a market, by its raw fields. */
const rawMarket = ({ cfd, is_us }: EngineCase['workflow']): string =>
  marketOf({ cfd: String(cfd), is_us: is_us === true })

/** Runs one case of engine.json: the definition as it is stored, the gate, the needs, the decision. */
export const runEngine: Runner = (raw, series) => {
  const vector = EngineCase.parse(raw)
  const { workflow, expect: expected } = vector
  const definition = parseDefinition(workflow)
  const got: EngineResult =
    'value' in definition
      ? runDefinition(definition.value, vector, series)
      : {
          outcome: 'error',
          market: rawMarket(workflow),
          error: 'invalid',
          reason: definition.error,
        }
  const matches = engineMatches(got, expected)
  const deviation = matches ? null : explainEngine(raw, vector, series, definition, got)
  return { expected, got, matches, deviation }
}
