import type { Child } from 'hono/jsx'
import { conditionInWords, triggerInWords } from '../../definition-words.ts'
import { Sentence } from '../sentence.tsx'
import { parseForm, type DefinitionForm } from './form.ts'

/** What the form says in words, as far as it makes a definition. */
export const InWords = ({ form }: { form: DefinitionForm }): Child => {
  const { definition } = parseForm(form)
  if (!definition) {
    return <p class='muted'>Here stands what it does, once every field has what it needs.</p>
  }
  const { conditions, dry_run, enable } = definition
  return (
    <>
      <h3>{conditions.length === 1 ? 'When' : 'When all of these hold'}</h3>
      <div class='rules'>
        {conditions.map((condition) => (
          <Sentence text={conditionInWords(condition, definition)} />
        ))}
      </div>
      <h3>Then</h3>
      <div class='rules'>
        <Sentence text={triggerInWords(definition)} />
      </div>
      <p class='muted'>
        {!enable
          ? 'It is disabled: no run evaluates it.'
          : dry_run
            ? 'As a dry run: nothing is sent to the broker.'
            : 'Live: the order is sent to the broker.'}
      </p>
    </>
  )
}
