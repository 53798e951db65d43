import type { Child } from 'hono/jsx'
import type { ConditionTrace, Trace } from '../../domain/decision.ts'
import { conditionSentence, lookedFor } from '../words.ts'
import { CheckTable } from './check-table.tsx'
import { Gauge } from './gauge.tsx'
import { Result } from './pills.tsx'

type Conditions = Pick<Trace, 'conditions'>

const listClass = ({ length }: Trace['conditions']): string =>
  length === 1 ? 'conditions single' : 'conditions'

/** What a condition looked for, or what it was told where it waits for a signal. */
const wantedInWords = (condition: ConditionTrace): string => {
  const wanted = lookedFor(condition)
  if (wanted === null) return conditionSentence(condition)
  return condition.holds ? wanted : `wanted: ${wanted}`
}

/** Every condition that was evaluated: how it came out, and how far it was from holding. */
export const GaugeList = ({ conditions }: Conditions): Child => (
  <ol class={listClass(conditions)}>
    {conditions.map((condition) => (
      <li>
        <p class='muted'>
          <Result holds={condition.holds} /> · {wantedInWords(condition)}
        </p>
        <Gauge condition={condition} />
      </li>
    ))}
  </ol>
)

/** Every condition that was evaluated, with each price and the bounds that it was compared with. */
export const ComparisonList = ({ conditions }: Conditions): Child => (
  <ol class={listClass(conditions)}>
    {conditions.map((condition, index) => (
      <li>
        <CheckTable
          checks={condition.checks}
          holds={condition.holds}
          label={conditions.length === 1 ? 'Checks' : `Checks of condition ${index + 1}`}
        />
      </li>
    ))}
  </ol>
)
