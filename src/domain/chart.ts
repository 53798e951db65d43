import type { Candle, UnitTime } from './candle.ts'
import type { ConditionTrace } from './decision.ts'

/** What a condition compared, or would have compared, with a candle. */
export interface ChartLevel {
  level: ConditionTrace['indicator_value']
  /** From which price to which one the condition holds, both included; null for a signal. */
  bounds: readonly [lower: number, upper: number] | null
}

/** One condition over the candles of a chart. */
export interface ChartCondition {
  /** One for each candle, in their order; null where it cannot be told. */
  levels: (ChartLevel | null)[]
  /** Why the newest of them, at least, cannot be told. */
  problem: string | null
}

/** The newest closed candles of an instrument that is traded, oldest first. */
export interface Chart {
  code: string
  unit_time: UnitTime
  candles: Candle[]
  /** One for each condition of the workflow, in their order. */
  conditions: ChartCondition[]
}
