import { Hono } from 'hono'
import { paths } from '../../paths.ts'
import type { ApiDocument } from '../../views/components/api/document.ts'
import { ApiPage } from '../../views/pages/api-page.tsx'

/** `/api/docs`: the API document as a page. A page itself, it is not in the document. */
export const docsPage = (document: () => ApiDocument) =>
  new Hono().get(paths.api.docs, (c) =>
    c.render(<ApiPage document={document()} origin={new URL(c.req.url).origin} />, {
      title: 'API',
      whole: true,
    }),
  )
