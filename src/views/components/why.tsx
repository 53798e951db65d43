import type { Child } from 'hono/jsx'
import type { Trace } from '../../domain/decision.ts'
import { conditionSentence, lookedFor, triggerSentence } from '../words.ts'
import { CheckTable } from './check-table.tsx'
import { Result } from './pills.tsx'
import { Sentence } from './sentence.tsx'

/** Every condition that was evaluated, in words and with what was compared. */
export const ConditionList = ({ conditions }: Pick<Trace, 'conditions'>): Child => (
  <ol class={conditions.length === 1 ? 'conditions single' : 'conditions'}>
    {conditions.map((condition, index) => {
      const wanted = condition.holds ? null : lookedFor(condition)
      return (
        <li>
          <Sentence text={conditionSentence(condition)} />
          <p class='muted'>
            <Result holds={condition.holds} />
            {wanted && ` · wanted: ${wanted}`}
          </p>
          <CheckTable
            checks={condition.checks}
            label={conditions.length === 1 ? 'Checks' : `Checks of condition ${index + 1}`}
          />
        </li>
      )
    })}
  </ol>
)

/** Where the price of the order comes from. */
export const TriggerSentence = ({ trigger }: Pick<Trace, 'trigger'>): Child => (
  <Sentence text={triggerSentence(trigger)} />
)
