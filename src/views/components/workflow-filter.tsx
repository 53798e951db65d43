import type { Child, PropsWithChildren } from 'hono/jsx'
import { INDICATOR_TYPES } from '../../domain/indicator-types.ts'
import { type WorkflowQuery, type WorkflowSort } from '../../domain/workflow-list.ts'
import { paths, type Query } from '../../paths.ts'

/** Which workflows a list shows, in which order, and which page of them. */
export type WorkflowListQuery = Omit<WorkflowQuery, 'index' | 'per_page'>

/** The query as parameters of the page; what goes without saying is left out. */
export const parametersOf = ({
  q,
  enabled,
  dry_run,
  indicator,
  traded,
  sort,
  page,
}: WorkflowListQuery): Query => ({
  q,
  enabled: enabled?.toString(),
  dry_run: dry_run?.toString(),
  indicator,
  traded: traded?.toString(),
  sort: sort === 'name' ? undefined : sort,
  page: page > 1 ? String(page) : undefined,
})

/** Whether it leaves anything out. */
export const isFiltered = (query: WorkflowListQuery): boolean =>
  Object.values(parametersOf({ ...query, sort: 'name', page: 1 })).some(
    (value) => value !== undefined,
  )

/** What a list is sorted by, as a person would say. */
export const SORT_NAMES: Record<WorkflowSort, string> = {
  name: 'Name',
  '-name': 'Name, in reverse',
  '-last_order': 'Last order, newest first',
  last_order: 'Last order, oldest first',
  end_date: 'End date, soonest first',
  '-end_date': 'End date, latest first',
  '-updated_at': 'Change, newest first',
  updated_at: 'Change, oldest first',
  '-created_at': 'Creation, newest first',
  created_at: 'Creation, oldest first',
}

const ANY = ['', 'Any'] as const

const CHOICES = {
  enabled: { label: 'Status', options: [ANY, ['true', 'Enabled'], ['false', 'Disabled']] },
  dry_run: { label: 'Mode', options: [ANY, ['true', 'Dry run'], ['false', 'Live']] },
  indicator: {
    label: 'Indicator',
    options: [ANY, ...INDICATOR_TYPES.map(({ name, label }) => [name, label] as const)],
  },
  traded: {
    label: 'Traded',
    options: [ANY, ['true', 'In the last 7 days'], ['false', 'Not in the last 7 days']],
  },
  sort: {
    label: 'Sort by',
    options: Object.entries(SORT_NAMES),
  },
} satisfies Record<string, { label: string; options: (readonly [value: string, text: string])[] }>

const Field = ({ name, label, children }: PropsWithChildren<{ name: string; label: string }>) => (
  <div class='filter'>
    <label for={name}>{label}</label>
    {children}
  </div>
)

/**
 * Which workflows to list, as a form that leads to the list: everything is in its URL. By script the
 * list follows while one types; the form itself stays as it is, so that nothing typed is lost.
 */
export const WorkflowFilter = ({ query }: { query: WorkflowListQuery }): Child => {
  const given = parametersOf(query)
  return (
    <form
      class='filters'
      method='get'
      action={paths.workflows}
      role='search'
      autocomplete='off'
      hx-get={paths.workflows}
      hx-trigger='submit, input delay:300ms'
      hx-target='#workflow-list'
      hx-push-url='true'
      hx-indicator='#workflows'
      hx-sync='#workflow-list:replace'
    >
      <Field name='q' label='Name or instrument'>
        <input type='search' id='q' name='q' value={query.q} maxlength={200} />
      </Field>
      <details class='more-filters' open={Object.keys(CHOICES).some((name) => given[name])}>
        <summary>Filter and sort</summary>
        {Object.entries(CHOICES).map(([name, { label, options }]) => (
          <Field name={name} label={label}>
            <select id={name} name={name}>
              {options.map(([value, text]) => (
                <option value={value} selected={value === given[name]}>
                  {text}
                </option>
              ))}
            </select>
          </Field>
        ))}
      </details>
      <p class='filter-actions'>
        <button class='button'>Show</button>
      </p>
    </form>
  )
}
