import type { Child } from 'hono/jsx'
import type { Condition, Workflow } from '../../domain/workflow.ts'
import { conditionInWords } from '../definition-words.ts'
import { capitalised, UNIT_TIME_NAMES } from '../names.ts'

/** What the chart of a workflow is called: `US500.I, daily candles`. */
export const chartTitle = ({ cfd, trigger }: Workflow): string =>
  `${cfd}, ${UNIT_TIME_NAMES[trigger.unit_time]} candles`

const Swatch = ({ condition, index }: { condition: Condition; index: number }): Child => {
  const { name } = condition.indicator
  return (
    <svg class='swatch' width='28' height='12' aria-hidden='true'>
      <rect class='band' width='28' height='12' />
      {name !== 'zone' && name !== 'combo' && (
        <path class={`level level-${index % 4}`} d='M0 6h28' />
      )}
    </svg>
  )
}

/** Which condition each line of the chart is of; the condition holds where it is shaded. */
export const ChartLegend = ({ workflow }: { workflow: Workflow }): Child => (
  <ul class='legend' role='list'>
    {workflow.conditions.map((condition, index, { length }) => (
      <li>
        <Swatch condition={condition} index={index} />
        <span>
          {length > 1 && `(${index + 1}) `}
          {capitalised(conditionInWords(condition, workflow, { brief: true }))}
        </span>
      </li>
    ))}
    <li>
      <span class='swatch' aria-hidden='true'>
        <span class='side-buy'>▲</span> <span class='side-sell'>▼</span>
      </span>
      <span>Orders that it placed</span>
    </li>
  </ul>
)
