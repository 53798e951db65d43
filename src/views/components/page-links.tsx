import type { Child } from 'hono/jsx'

interface Props {
  page: number
  pages: number
  /** Whose pages they are, for those who hear it. */
  of: string
  url: (page: number) => string
}

/** Links to the neighbouring pages of a numbered list; nothing for one page. */
export const PageLinks = ({ page, pages, of, url }: Props): Child =>
  pages > 1 && (
    <nav class='pagination' aria-label={`Pages of ${of}`}>
      {page > 1 ? (
        <a class='button' rel='prev' href={url(page - 1)}>
          <span aria-hidden='true'>←</span> Previous
        </a>
      ) : (
        <span />
      )}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages ? (
        <a class='button' rel='next' href={url(page + 1)}>
          Next <span aria-hidden='true'>→</span>
        </a>
      ) : (
        <span />
      )}
    </nav>
  )
