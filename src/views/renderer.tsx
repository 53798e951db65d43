import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { jsxRenderer } from 'hono/jsx-renderer'
import { paths } from '../paths.ts'
import { FlashNotice } from './components/flash-notice.tsx'
import { Document } from './document.tsx'
import { Layout } from './layout.tsx'
import { MayChange, TimeZone, viewerOf, type Viewer } from './viewer.ts'

declare module 'hono' {
  interface ContextRenderer {
    (content: Child, props: { title: string; whole?: boolean }): Response | Promise<Response>
  }
  interface ContextVariableMap {
    /** What the page has to tell of what was just done, or null. It is told once. */
    takeFlash?: () => string | null
  }
}

/** A URL of this page that a form may lead back to. */
const pathOf = ({ req }: Context): string =>
  req.method === 'GET' ? req.path + new URL(req.url).search : paths.workflows

/** What is drawn for a viewer: in their zone, with what they may use. */
const drawnFor = ({ time_zone, identity }: Viewer, children: Child) => (
  <TimeZone.Provider value={time_zone ?? 'UTC'}>
    <MayChange.Provider value={identity?.role === 'operator'}>{children}</MayChange.Provider>
  </TimeZone.Provider>
)

/**
 * Makes `c.render(<Page/>, { title })` answer with the whole document; see there for `whole`. `paper`
 * says that orders go to a paper broker.
 */
export const renderer = ({ paper }: { paper: boolean }) =>
  jsxRenderer(({ children, title, whole = false }, c: Context) => {
    const text = c.get('takeFlash')?.()
    const viewer = viewerOf(c)
    return drawnFor(
      viewer,
      <Document title={title} viewer={viewer} whole={whole}>
        <Layout viewer={viewer} path={pathOf(c)} paper={paper}>
          {text && <FlashNotice text={text} />}
          {children}
        </Layout>
      </Document>,
    )
  })

/** Answers with a part of a page. */
export const renderPart = (c: Context, part: Child): Response | Promise<Response> =>
  c.html(drawnFor(viewerOf(c), part))
