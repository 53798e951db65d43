import type { Child } from 'hono/jsx'
import { jsxRenderer } from 'hono/jsx-renderer'
import { Document } from './document.tsx'
import { Layout } from './layout.tsx'

declare module 'hono' {
  interface ContextRenderer {
    (content: Child, props: { title: string }): Response | Promise<Response>
  }
}

/** Makes `c.render(<Page/>, { title })` answer with the whole document. */
export const renderer = jsxRenderer(({ children, title }) => (
  <Document title={title}>
    <Layout>{children}</Layout>
  </Document>
))
