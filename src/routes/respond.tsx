import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { renderPart } from '../views/renderer.tsx'

interface Page {
  title: string
  content: Child
}

/**
 * Answers with `part` alone when htmx asks for a part of a page, else with the page around it.
 * `HX-Request` does not tell the two apart: htmx sends it for whole pages too.
 */
export const pageOrFragment = async (
  c: Context,
  part: Child,
  page: () => Page | Promise<Page>,
): Promise<Response> => {
  c.header('Vary', 'HX-Request-Type', { append: true })
  if (c.req.header('HX-Request-Type') === 'partial') return renderPart(c, part)
  const { title, content } = await page()
  return c.render(content, { title })
}
