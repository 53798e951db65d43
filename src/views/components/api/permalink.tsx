import type { Child } from 'hono/jsx'

/** Leads to the very part that it stands in, to be copied. */
export const Permalink = ({ anchor, of }: { anchor: string; of: string }): Child => (
  <a class='permalink' href={`#${anchor}`} aria-label={`Link to ${of}`}>
    #
  </a>
)
