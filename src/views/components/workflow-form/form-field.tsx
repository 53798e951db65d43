import type { Child } from 'hono/jsx'
import { capitalised } from '../../names.ts'
import type { Field } from './fields.ts'

/** What htmx does with a field, as attributes. */
type Behaviour = Record<`hx-${string}`, string>

interface Props {
  /** The dotted name, which is also the id of the control. */
  name: string
  field: Field
  text: string
  error?: string | undefined
  /** It has the focus when the page opens, or when this part of it arrives. */
  focused?: boolean
  behaviour?: Behaviour
}

const hintId = (name: string): string => `${name}-hint`
const errorId = (name: string): string => `${name}-error`

const describedBy = ({ name, field, error }: Props): string | undefined =>
  [...(field.hint ? [hintId(name)] : []), ...(error ? [errorId(name)] : [])].join(' ') || undefined

const Hint = ({ name, field }: Props): Child =>
  field.hint && (
    <span class='muted' id={hintId(name)}>
      {field.hint}
    </span>
  )

const Problem = ({ name, error }: Props): Child =>
  error && (
    <span class='problem' id={errorId(name)}>
      <span class='visually-hidden'>Error: </span>
      {capitalised(error)}
    </span>
  )

const Control = (props: Props): Child => {
  const { name, field, text, error, focused, behaviour } = props
  const options = field.options ?? []
  const shared = {
    id: name,
    name,
    autofocus: focused,
    'aria-describedby': describedBy(props),
    'aria-invalid': error ? ('true' as const) : undefined,
    ...behaviour,
  }
  if (field.kind === 'select') {
    return (
      <select {...shared}>
        {options.every(([value]) => value !== text) && (
          <option value='' selected>
            Choose…
          </option>
        )}
        {options.map(([value, label]) => (
          <option value={value} selected={value === text}>
            {label}
          </option>
        ))}
      </select>
    )
  }
  if (field.kind === 'checkbox') {
    return <input type='checkbox' value='true' checked={text === 'true'} {...shared} />
  }
  if (field.kind === 'date') return <input type='date' value={text} {...shared} />
  if (field.kind === 'number') {
    return <input type='text' inputmode='decimal' value={text} {...shared} />
  }
  // What is traded already is offered, and anything else can be typed.
  const list = name === 'cfd' || name === 'index' ? 'instruments' : undefined
  return <input type='text' list={list} value={text} {...shared} />
}

const RadioField = (props: Props): Child => {
  const { name, field, text, error, focused } = props
  return (
    <fieldset
      class='form-field'
      role='radiogroup'
      aria-describedby={describedBy(props)}
      aria-invalid={error ? 'true' : undefined}
    >
      <legend>{field.label}</legend>
      <Hint {...props} />
      <Problem {...props} />
      {field.options?.map(([value, label], index) => (
        <label class='choice'>
          <input
            type='radio'
            // The first one answers to the name, for links to this field.
            id={index === 0 ? name : undefined}
            name={name}
            value={value}
            checked={value === text}
            autofocus={focused && index === 0}
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}

/** A field with its label, its hint, what is wrong with it, and what was typed. */
export const FormField = (props: Props): Child => {
  const { name, field } = props
  if (field.kind === 'radio') return <RadioField {...props} />
  if (field.kind === 'checkbox') {
    return (
      <div class='form-field'>
        <label class='choice'>
          <Control {...props} />
          {field.label}
        </label>
        <Hint {...props} />
        <Problem {...props} />
      </div>
    )
  }
  return (
    <div class='form-field'>
      <label for={name}>{field.label}</label>
      <Control {...props} />
      <Hint {...props} />
      <Problem {...props} />
    </div>
  )
}
