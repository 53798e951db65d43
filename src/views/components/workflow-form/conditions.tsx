import type { Child } from 'hono/jsx'
import { conditionFields } from './fields.ts'
import { FormField } from './form-field.tsx'
import { conditionFieldName, type DefinitionForm, type FormErrors } from './form.ts'

interface Props {
  form: DefinitionForm
  errors: FormErrors
  /** Where the form is sent. */
  action: string
  /** The name of what has the focus. */
  focus?: string | undefined
}

interface ConditionProps extends Props {
  index: number
}

const indicatorOf = ({ form, index }: ConditionProps): string =>
  form.conditions[index]?.get('indicator.name') ?? ''

const fieldsId = (index: number): string => `condition-${index}-fields`

/**
 * The fields of a condition that its indicator reads. What is typed into the others is sent along
 * unseen, so that it is there again when the indicator is changed back.
 */
export const ConditionFields = (props: ConditionProps): Child => {
  const { form, errors, index, focus } = props
  return conditionFields(indicatorOf(props)).map(({ name: inner, field, read }) => {
    const name = conditionFieldName(index, inner)
    const text = form.conditions[index]?.get(inner) ?? ''
    if (inner === 'indicator.name') return null
    if (!read) return text && <input type='hidden' name={name} value={text} />
    return (
      <FormField
        name={name}
        field={field}
        text={text}
        error={errors.get(name)}
        focused={name === focus}
      />
    )
  })
}

const IndicatorField = (props: ConditionProps): Child => {
  const { errors, action, index, focus } = props
  const found = conditionFields('').find(({ name }) => name === 'indicator.name')
  const name = conditionFieldName(index, 'indicator.name')
  return (
    found && (
      <FormField
        name={name}
        field={found.field}
        text={indicatorOf(props)}
        error={errors.get(name)}
        focused={name === focus}
        behaviour={{
          'hx-post': action,
          'hx-vals': JSON.stringify({ change: index }),
          'hx-target': `#${fieldsId(index)}`,
          'hx-sync': 'this:replace',
        }}
      />
    )
  )
}

const Condition = (props: ConditionProps): Child => {
  const { form, action, index } = props
  return (
    <fieldset class='panel'>
      <legend>Condition {index + 1}</legend>
      <IndicatorField {...props} />
      <noscript>
        <button class='button' name='change' value={String(index)}>
          Show what this indicator needs
        </button>
      </noscript>
      <div class='form-grid' id={fieldsId(index)}>
        <ConditionFields {...props} />
      </div>
      {form.conditions.length > 1 && (
        <button
          class='button'
          name='remove'
          value={String(index)}
          hx-post={action}
          hx-target='#conditions'
        >
          Remove condition {index + 1}
        </button>
      )}
    </fieldset>
  )
}

/** All conditions, and the buttons that add and remove one. It stands in `#conditions`. */
export const Conditions = (props: Props): Child => {
  const { form, errors, action, focus } = props
  const error = errors.get('conditions')
  return (
    <>
      <h2 id='conditions-title' tabindex={-1} autofocus={focus === 'conditions-title'}>
        {form.conditions.length > 1 ? 'When all of these hold' : 'When this holds'}
      </h2>
      {error && <p class='problem'>{error}</p>}
      {form.conditions.map((_, index) => (
        <Condition {...props} index={index} />
      ))}
      <p>
        <button
          class='button'
          name='add'
          value='condition'
          hx-post={action}
          hx-target='#conditions'
        >
          Add a condition
        </button>
      </p>
    </>
  )
}
