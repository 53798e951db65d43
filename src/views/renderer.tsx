import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { jsxRenderer } from 'hono/jsx-renderer'
import { paths } from '../paths.ts'
import { FlashNotice } from './components/flash-notice.tsx'
import { Document } from './document.tsx'
import { Layout } from './layout.tsx'
import { TimeZone, viewerOf } from './viewer.ts'

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

/** Makes `c.render(<Page/>, { title })` answer with the whole document; see there for `whole`. */
export const renderer = jsxRenderer(({ children, title, whole = false }, c: Context) => {
  const text = c.get('takeFlash')?.()
  const viewer = viewerOf(c)
  return (
    <TimeZone.Provider value={viewer.time_zone ?? 'UTC'}>
      <Document title={title} viewer={viewer} whole={whole}>
        <Layout viewer={viewer} path={pathOf(c)}>
          {text && <FlashNotice text={text} />}
          {children}
        </Layout>
      </Document>
    </TimeZone.Provider>
  )
})

/** Answers with a part of a page, whose times are in the viewer's zone, too. */
export const renderPart = (c: Context, part: Child): Response | Promise<Response> =>
  c.html(<TimeZone.Provider value={viewerOf(c).time_zone ?? 'UTC'}>{part}</TimeZone.Provider>)
