import type { Child } from 'hono/jsx'
import { paths } from '../../paths.ts'
import { formatCount } from '../format.ts'

/** How many orders a page of the history has. */
export const ORDERS_PER_PAGE = 20

export interface HistoryPageProps {
  workflow_id: string
  page: number
  /** How many orders there are on all pages. */
  total: number
  /** The newest order that the pages were begun with, by its time. */
  until: string
}

const countOn = (page: number, total: number): number =>
  Math.max(0, Math.min(ORDERS_PER_PAGE, total - (page - 1) * ORDERS_PER_PAGE))

const pagesOf = (total: number): number => Math.ceil(total / ORDERS_PER_PAGE)

const positionInWords = (page: number, total: number): string => `Page ${page} of ${pagesOf(total)}`

const olderInWords = (page: number, total: number): string =>
  `Show ${formatCount(countOn(page + 1, total), 'older order')}`

const Newer = (): Child => (
  <>
    <span aria-hidden='true'>←</span> Newer
  </>
)

const HistoryPages = ({ workflow_id, page, total, until }: HistoryPageProps): Child => (
  <nav class='pagination' aria-label='Pages of the order history'>
    {page > 1 ? (
      <a
        class='button newer'
        rel='prev'
        href={paths.workflowOrders(workflow_id, page - 1, until)}
        hx-boost='false'
      >
        <Newer />
      </a>
    ) : (
      <span />
    )}
    <span>{positionInWords(page, total)}</span>
    {page < pagesOf(total) ? (
      <a class='button' rel='next' href={paths.workflowOrders(workflow_id, page + 1, until)}>
        {olderInWords(page, total)}
      </a>
    ) : (
      <span />
    )}
  </nav>
)

/**
 * Keeps the space of a page of the history while it is on its way, so that nothing moves when it
 * arrives: it has the same lines, which nobody sees. At any other time it is not there.
 */
export const HistorySkeleton = ({
  page,
  total,
}: Pick<HistoryPageProps, 'page' | 'total'>): Child => (
  <div class='skeleton' aria-hidden='true'>
    <table class='orders' role='presentation'>
      <caption>&nbsp;</caption>
      <thead>
        <tr>
          <th>&nbsp;</th>
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: countOn(page, total) }, () => (
          <tr>
            <td class='when'>&nbsp;</td>
            <td>&nbsp;</td>
          </tr>
        ))}
      </tbody>
    </table>
    {pagesOf(total) > 1 && (
      <div class='pagination'>
        <span class={page > 1 ? 'button newer' : undefined}>{page > 1 && <Newer />}</span>
        <span>{positionInWords(page, total)}</span>
        <span class={page < pagesOf(total) ? 'button' : undefined}>
          {page < pagesOf(total) && olderInWords(page, total)}
        </span>
      </div>
    )}
  </div>
)

/**
 * The way from one page of the history to the others; nothing for a single page. By script the older
 * orders come here, below the newer ones, and take the focus that their link had. Then there is
 * nothing to go back to, and the link to the newer page is not shown.
 */
export const OlderOrders = (props: HistoryPageProps): Child => {
  const { page, total } = props
  if (pagesOf(total) <= 1 && page === 1) return null
  return (
    <div
      class='older'
      tabindex={-1}
      role='group'
      aria-label='Older orders'
      hx-boost:inherited='target:"closest .older" swap:"innerHTML show:none" push:false'
      hx-indicator:inherited='closest .older'
      hx-sync:inherited='closest .older:replace'
    >
      <p class='loading' role='status'>
        Loading older orders…
      </p>
      <HistoryPages {...props} />
      {page < pagesOf(total) && <HistorySkeleton page={page + 1} total={total} />}
    </div>
  )
}
