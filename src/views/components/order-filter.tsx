import type { Child, PropsWithChildren } from 'hono/jsx'
import { paths, type Query } from '../../paths.ts'
import { formatCount } from '../format.ts'
import { capitalised, ORDER_TYPE_NAMES } from '../names.ts'

/** Which orders are listed, as a person puts it; an empty text leaves nothing out. */
export interface OrderFilterForm {
  /** A part of the name. */
  workflow: string
  workflow_ids: readonly string[]
  direction: string
  order_type: string
  instrument: string
  /** The first day, and the last one, `YYYY-MM-DD`. */
  from: string
  to: string
  /** Where these days are. */
  time_zone: string
  /** Only the latest order of each workflow. */
  latest: boolean
}

/** The form as parameters of the page. */
export const queryOf = ({
  workflow,
  workflow_ids,
  direction,
  order_type,
  instrument,
  from,
  to,
  time_zone,
  latest,
}: OrderFilterForm): Query => ({
  workflow: workflow || undefined,
  workflow_id: workflow_ids,
  direction: direction || undefined,
  order_type: order_type || undefined,
  instrument: instrument || undefined,
  from: from || undefined,
  to: to || undefined,
  time_zone: from || to ? time_zone : undefined,
  latest: latest ? 'true' : undefined,
})

/** Whether it leaves anything out. */
export const isFiltered = (form: OrderFilterForm): boolean =>
  Object.values(queryOf({ ...form, latest: false })).some((value) => value?.length)

interface FieldProps {
  name: string
  label: string | undefined
  error: string | undefined
}

const Field = ({ name, label, error, children }: PropsWithChildren<FieldProps>): Child => (
  <div class='filter'>
    <label for={name}>{label}</label>
    {children}
    {error && (
      <span class='problem' id={`${name}-error`}>
        <span class='visually-hidden'>Error: </span>
        {capitalised(error)}
      </span>
    )}
  </div>
)

interface Props {
  form: OrderFilterForm
  errors: ReadonlyMap<string, string>
  /** What the workflow is called whose orders are listed, when that is a single one. */
  workflow_name: string | null
  /** The codes to offer. */
  instruments: readonly string[]
}

/** The workflows whose orders are listed, for those who came here by a link from one. */
const OnlyWorkflows = ({ form, workflow_name }: Pick<Props, 'form' | 'workflow_name'>): Child => (
  <p class='only'>
    Only orders of{' '}
    <strong>{workflow_name ?? formatCount(form.workflow_ids.length, 'workflow')}</strong>{' '}
    <a href={paths.orders(queryOf({ ...form, workflow_ids: [] }))}>Of all workflows</a>
    {form.workflow_ids.map((id) => (
      <input type='hidden' name='workflow_id' value={id} />
    ))}
  </p>
)

const LABELS: Record<string, string> = {
  workflow: 'Workflow',
  direction: 'Side',
  instrument: 'Instrument',
  order_type: 'Type',
  from: 'From day',
  to: 'To day',
}

const ErrorSummary = ({ errors }: Pick<Props, 'errors'>): Child =>
  errors.size > 0 && (
    <div class='notice notice-failed filter-errors' role='alert' tabindex={-1} autofocus>
      <h2 class='notice-title'>
        {formatCount(errors.size, 'thing')} to correct before orders can be listed
      </h2>
      <ul class='error-list'>
        {[...errors].map(([name, message]) => (
          <li>
            <a href={`#${name}`}>{LABELS[name] ?? name}</a>: {message}
          </li>
        ))}
      </ul>
    </div>
  )

/** Which orders to list, as a form that leads to the list: everything is in its URL. */
export const OrderFilter = ({ form, errors, workflow_name, instruments }: Props): Child => {
  const attributes = (name: string) => ({
    id: name,
    name,
    'aria-invalid': errors.has(name) ? ('true' as const) : undefined,
    'aria-describedby': errors.has(name) ? `${name}-error` : undefined,
  })
  const select = (name: 'direction' | 'order_type', options: Record<string, string>) => (
    <select {...attributes(name)}>
      <option value=''>Any</option>
      {Object.entries(options).map(([value, label]) => (
        <option value={value} selected={value === form[name]}>
          {label}
        </option>
      ))}
    </select>
  )
  const field = (name: string) => ({ name, label: LABELS[name], error: errors.get(name) })
  return (
    <form class='filters' method='get' action={paths.orders()} role='search' autocomplete='off'>
      <ErrorSummary errors={errors} />
      {form.workflow_ids.length > 0 ? (
        <OnlyWorkflows form={form} workflow_name={workflow_name} />
      ) : (
        <Field {...field('workflow')}>
          <input type='search' {...attributes('workflow')} value={form.workflow} maxlength={200} />
        </Field>
      )}
      <Field {...field('direction')}>{select('direction', { BUY: 'Buy', SELL: 'Sell' })}</Field>
      <Field {...field('instrument')}>
        <input
          type='text'
          {...attributes('instrument')}
          value={form.instrument}
          maxlength={64}
          list='instruments'
        />
        <datalist id='instruments'>
          {instruments.map((code) => (
            <option value={code}></option>
          ))}
        </datalist>
      </Field>
      <Field {...field('order_type')}>{select('order_type', ORDER_TYPE_NAMES)}</Field>
      <Field {...field('from')}>
        <input type='date' {...attributes('from')} value={form.from} />
      </Field>
      <Field {...field('to')}>
        <input type='date' {...attributes('to')} value={form.to} />
      </Field>
      <input type='hidden' name='time_zone' value={form.time_zone} />
      {form.latest && <input type='hidden' name='latest' value='true' />}
      <p class='filter-actions'>
        <button class='button' id='show-orders'>
          Show
        </button>
        {isFiltered(form) && (
          <a href={paths.orders({ latest: form.latest ? 'true' : undefined })}>Clear</a>
        )}
      </p>
      <p class='muted filter-note'>
        Days are those of {form.time_zone}, the first and the last one included.
      </p>
    </form>
  )
}
