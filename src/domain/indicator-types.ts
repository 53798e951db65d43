import type { IndicatorName } from './workflow.ts'

type Input = 'value' | 'zone_value' | 'x1' | 'x2'

/** The indicators, in the order in which a form offers them: what each is, and what it needs. */
export const INDICATOR_TYPES: readonly {
  name: IndicatorName
  label: string
  inputs: Input[]
}[] = [
  { name: 'ma7', label: '7-candle moving average', inputs: [] },
  { name: 'ma50', label: '50-candle moving average', inputs: [] },
  { name: 'combo', label: 'Combo: bands, averages and MACD', inputs: [] },
  { name: 'bbb', label: 'Lower Bollinger band', inputs: [] },
  { name: 'bbh', label: 'Upper Bollinger band', inputs: [] },
  { name: 'polarite', label: 'Fixed level', inputs: ['value'] },
  { name: 'zone', label: 'Zone between two prices', inputs: ['value', 'zone_value'] },
  { name: 'inclined', label: 'Inclined line through two dated prices', inputs: ['x1', 'x2'] },
]
