import type { Child, PropsWithChildren } from 'hono/jsx'

/**
 * A list whose links and forms replace what stands in it, and nothing else of the page. `around` is the
 * id of the element that says that it is loading; of two requests at once the later one counts.
 */
export const SwappedRegion = ({
  id,
  around,
  label,
  loading,
  swap = 'innerHTML',
  children,
}: PropsWithChildren<{
  id: string
  around: string
  label: string
  loading: string
  /** How htmx puts the answer in, and what it does beside that. */
  swap?: string
}>): Child => (
  <>
    <p class='loading' role='status'>
      {loading}
    </p>
    <div
      id={id}
      tabindex={-1}
      role='region'
      aria-label={label}
      hx-boost:inherited={`target:#${id} swap:${swap}`}
      hx-indicator:inherited={`#${around}`}
      hx-sync:inherited={`#${id}:replace`}
    >
      {children}
    </div>
  </>
)
