import type { WorkflowDefinition } from '../../src/domain/workflow.ts'
import { BOLLINGER_PERIOD } from '../../src/engine/indicators/bollinger.ts'
import { engineMatches, runDefinition, type EngineCase, type EngineResult } from './definition.ts'
import { parseDefinition, type Parsed } from './reference-names.ts'
import { sliceOf, type Case, type Series } from './vectors.ts'
import { D10, D8, D9, dayAfter, dayOf, isPartlyElapsed, isQuirk } from './verdict.ts'

const D3 = 'D3 (all conditions must hold, and the first one gives the default trigger)'
const D3_UNTAGGED = `${D3}, although not tagged quirk`

/** The reference's reading of several conditions: the first is evaluated, the last one defaults. */
const firstConditionOnly = ({ workflow }: EngineCase): WorkflowDefinition | null => {
  const conditions: unknown[] = Array.isArray(workflow.conditions) ? workflow.conditions : []
  if (conditions.length < 2) return null
  const ofLast = parseDefinition({ ...workflow, conditions: conditions.slice(-1) })
  const ofFirst = parseDefinition({ ...workflow, conditions: conditions.slice(0, 1) })
  if (!('value' in ofFirst) || !('value' in ofLast)) return null
  return { ...ofFirst.value, trigger: ofLast.value.trigger }
}

/** True when a Bollinger condition of the definition was given fewer candles than its period. */
const hasShortBands = (
  { index, conditions }: WorkflowDefinition,
  { feeds }: EngineCase,
  series: Series,
): boolean =>
  conditions.some(({ indicator }) => {
    const slice = feeds[`${index}|${indicator.unit_time}`]
    return (
      ['bbb', 'bbh'].includes(indicator.name) &&
      slice !== null &&
      slice !== undefined &&
      sliceOf(series, slice).length < BOLLINGER_PERIOD
    )
  })

/**
 * The decision that explains why the product differs from a vector, or null. Several conditions and
 * partly elapsed days are explained by doing it the reference's way and getting the vector's result.
 * A case has to be tagged quirk, or multi_condition: by the vectors' README that tag says by itself
 * that the reference looks at the first condition only, which D3 rules out.
 */
export const explainEngine = (
  raw: Case,
  vector: EngineCase,
  series: Series,
  definition: Parsed<WorkflowDefinition>,
  got: EngineResult,
): string | null => {
  const { now, expect: expected } = vector
  if (isQuirk(raw) || raw.tags.includes('multi_condition')) {
    const theirs = firstConditionOnly(vector)
    if (theirs && engineMatches(runDefinition(theirs, vector, series), expected)) {
      return isQuirk(raw) ? D3 : D3_UNTAGGED
    }
  }
  if (!isQuirk(raw)) return null
  if (!('value' in definition)) return D8(definition.error)
  const { value } = definition
  if (got.error === 'insufficient_candles' && hasShortBands(value, vector, series)) {
    return D9(BOLLINGER_PERIOD)
  }
  if (got.outcome === 'refused' && expected.order && expected.order.price <= 0) {
    return 'D6 (a price that is not positive is refused)'
  }
  if (value.conditions.some(({ indicator }) => indicator.name === 'inclined')) {
    if (!isPartlyElapsed(now)) return null
    const theirs = runDefinition(value, vector, series, dayAfter(dayOf(now)))
    if (engineMatches(theirs, expected)) return D10
  }
  return null
}
