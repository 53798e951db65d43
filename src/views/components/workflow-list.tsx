import type { Child } from 'hono/jsx'
import type { Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { formatCount, formatPrice } from '../format.ts'
import { AtAGlance, lastTraded } from './at-a-glance.tsx'
import { ForOperators } from './for-operators.tsx'
import { LiveOrders } from './live-orders.tsx'
import { PageLinks } from './page-links.tsx'
import { isFiltered, parametersOf, SORT_NAMES, type WorkflowListQuery } from './workflow-filter.tsx'
import { WorkflowTable } from './workflow-table.tsx'

export const WORKFLOWS_PER_PAGE = 50

type TableProps = Omit<Parameters<typeof WorkflowTable>[0], 'otherSelection'>

export interface WorkflowListProps extends TableProps {
  query: WorkflowListQuery
  /** How many match the query, on all pages. */
  total: number
  /** How many there are, broken ones included. */
  all: number
  /** All that can be read, whatever the list shows. */
  everything: readonly Workflow[]
}

const foundInWords = ({ query, total, all, workflows, selected }: WorkflowListProps): string => {
  const first = (query.page - 1) * WORKFLOWS_PER_PAGE + 1
  const last = first + workflows.length - 1
  return [
    isFiltered(query)
      ? `${formatPrice(total)} of ${formatCount(all, 'workflow')}`
      : formatCount(all, 'workflow'),
    workflows.length < total ? `, ${formatPrice(first)} to ${formatPrice(last)}` : '',
    query.sort !== 'name' ? `, by ${SORT_NAMES[query.sort].toLowerCase()}` : '',
    selected ? '. All on this page are selected.' : '',
  ].join('')
}

/** Without a choice it says how to make one. What is chosen, the stylesheet counts. */
const SwitchBar = (): Child => (
  <div class='switch-bar'>
    <p class='muted when-none'>Select workflows to enable or disable them together.</p>
    <p class='when-some'>
      <span class='chosen'>selected</span>
      <button class='button' name='enable' value='true'>
        Enable
      </button>
      <button class='button' name='enable' value='false'>
        Disable
      </button>
    </p>
  </div>
)

/**
 * One page of the workflows that were asked for: all of the page that changes with the filter. Its
 * links are plain ones, which the page around it boosts into place.
 */
export const WorkflowList = (props: WorkflowListProps): Child => {
  const { query, total, everything, ...shown } = props
  const { selected, schedule, now } = shown
  const traded = lastTraded(everything)
  const parameters = parametersOf(query)
  const otherSelection = paths.workflowList({
    ...parameters,
    select: selected ? undefined : 'all',
  })
  return (
    <>
      <AtAGlance workflows={everything} {...{ traded, schedule, now }} />
      <div class='toolbar'>
        <p class='muted'>
          <span data-announce>{foundInWords(props)}</span>{' '}
          {isFiltered(query) && (
            <a href={paths.workflows} hx-boost='false'>
              Clear the filter
            </a>
          )}
        </p>
        <LiveOrders newest={traded?.last_order ?? null} now={now} />
      </div>
      {total === 0 ? (
        <div class='notice notice-empty'>
          <p class='notice-title'>No workflow fits</p>
          <p>Try fewer letters, or less of a filter.</p>
        </div>
      ) : (
        <form
          class='switch'
          method='post'
          action={paths.workflowsEnable(parameters)}
          autocomplete='off'
          hx-boost:inherited='false'
        >
          {/* What Enter on a checkbox presses: it sends nothing, as no dialog is there to be closed. */}
          <button formmethod='dialog' hidden></button>
          <WorkflowTable {...shown} otherSelection={otherSelection} />
          <ForOperators>
            <SwitchBar />
          </ForOperators>
        </form>
      )}
      <PageLinks
        page={query.page}
        pages={Math.ceil(total / WORKFLOWS_PER_PAGE)}
        of='workflows'
        url={(page) => paths.workflowList(parametersOf({ ...query, page }))}
      />
    </>
  )
}
