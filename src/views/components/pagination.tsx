import type { Child } from 'hono/jsx'

interface Props {
  page: number
  pages: number
  url: (page: number) => string
}

/** Links to the neighbouring pages of a list that is sorted newest first; nothing for one page. */
export const Pagination = ({ page, pages, url }: Props): Child =>
  pages > 1 && (
    <nav class='pagination' aria-label='Pages of the order history'>
      {page > 1 ? (
        <a class='button' rel='prev' href={url(page - 1)}>
          <span aria-hidden='true'>←</span> Newer
        </a>
      ) : (
        <span />
      )}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages ? (
        <a class='button' rel='next' href={url(page + 1)}>
          Older <span aria-hidden='true'>→</span>
        </a>
      ) : (
        <span />
      )}
    </nav>
  )
