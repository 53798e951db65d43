import type { Child } from 'hono/jsx'
import { Conditions } from './conditions.tsx'
import { DEFINITION_FIELDS, FIELD_GROUPS } from './fields.ts'
import { FormField } from './form-field.tsx'
import { type DefinitionForm, type FormErrors } from './form.ts'
import { InWords } from './in-words.tsx'

export interface WorkflowFormProps {
  form: DefinitionForm
  errors: FormErrors
  /** Where the form is sent. */
  action: string
  /** What goes along unseen. */
  hidden: Readonly<Record<string, string>>
  /** Codes that are offered for the instruments. */
  instruments: readonly string[]
  /** What saves it. */
  save: string
  /** Where one goes who does not want to. */
  cancel: string
  /** The name of what has the focus when the page opens. */
  focus?: string | undefined
}

const Fields = ({
  form,
  errors,
  focus,
  names,
}: WorkflowFormProps & { names: readonly string[] }): Child =>
  names.map((name) => {
    const field = DEFINITION_FIELDS.get(name)
    return (
      field && (
        <FormField
          name={name}
          field={field}
          text={form.texts.get(name) ?? ''}
          error={errors.get(name)}
          focused={name === focus}
        />
      )
    )
  })

/** Where a failure is told while one types: what was typed stays. */
const FAILURE_PLACE = 'form-failure'
const toFailurePlace = `target:#${FAILURE_PLACE} swap:innerHTML`

/**
 * The form of a definition, with what it says in words beside it. Without script every button sends
 * the whole form, and the answer is the page with what was typed. With it, only the part that changes
 * is swapped. Enter in a field presses the first button of a form, which must be the one that saves.
 */
export const WorkflowForm = (props: WorkflowFormProps): Child => {
  const { form, errors, action, hidden, instruments, save, cancel, focus } = props
  return (
    <div class='columns'>
      <form
        id='workflow-form'
        class='stack'
        method='post'
        action={action}
        autocomplete='off'
        {...{
          'hx-status:4xx:inherited': toFailurePlace,
          'hx-status:5xx:inherited': toFailurePlace,
        }}
      >
        <button class='visually-hidden' tabindex={-1} aria-hidden='true'>
          {save}
        </button>
        {Object.entries(hidden).map(([name, value]) => (
          <input type='hidden' name={name} value={value} />
        ))}
        <datalist id='instruments'>
          {instruments.map((code) => (
            <option value={code}></option>
          ))}
        </datalist>
        <fieldset class='panel'>
          <legend>Workflow</legend>
          <div class='form-grid'>
            <Fields {...props} names={FIELD_GROUPS.workflow} />
          </div>
        </fieldset>
        <div id='conditions' class='stack'>
          <Conditions {...{ form, errors, action, focus }} />
        </div>
        <h2>Then</h2>
        <fieldset class='panel'>
          <legend>Order</legend>
          <div class='form-grid'>
            <Fields {...props} names={FIELD_GROUPS.order} />
          </div>
        </fieldset>
        <fieldset class='panel'>
          <legend>How it runs</legend>
          <Fields {...props} names={FIELD_GROUPS.run} />
        </fieldset>
        <div id={FAILURE_PLACE}></div>
        <p id='form-status' class='visually-hidden' role='status'></p>
        <p class='notice-actions'>
          <button class='button button-main'>{save}</button>
          <a class='button' href={cancel}>
            Cancel
          </a>
        </p>
      </form>
      <section class='panel in-words' aria-labelledby='in-words-title'>
        <h2 id='in-words-title'>In words</h2>
        <div
          id='in-words'
          hx-post={action}
          hx-vals='{"words":""}'
          hx-include='#workflow-form'
          hx-trigger='change from:#workflow-form'
          hx-sync='this:replace'
          {...{ 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }}
        >
          <InWords form={form} />
        </div>
      </section>
    </div>
  )
}

/** Takes back what was told of a failure, once the server answers again. */
export const NoFailure = (): Child => <div id={FAILURE_PLACE} hx-swap-oob='innerHTML'></div>

/** What comes to the page with new conditions: the words, what is told of them, and no failure. */
export const BesideConditions = ({ form, told }: { form: DefinitionForm; told: string }): Child => (
  <>
    <div id='in-words' hx-swap-oob='innerHTML'>
      <InWords form={form} />
    </div>
    <p id='form-status' hx-swap-oob='innerHTML'>
      {told}
    </p>
    <NoFailure />
  </>
)
