import type { Child, PropsWithChildren } from 'hono/jsx'
import { assetUrl } from './asset-url.ts'

/**
 * How htmx 4 behaves here. The address bar is left to the browser: every URL is a whole page, and
 * only the order history is swapped into one. The loading styles stand in app.css.
 */
const HTMX_CONFIG = JSON.stringify({
  history: false,
  includeIndicatorCSS: false,
  defaultTimeout: 15_000,
})

/** The HTML document around a page. It holds no inline script or style, as the CSP allows neither. */
export const Document = ({ title, children }: PropsWithChildren<{ title: string }>): Child => (
  <html lang='en'>
    <head>
      <meta charset='utf-8' />
      <meta name='viewport' content='width=device-width, initial-scale=1' />
      <meta name='color-scheme' content='light dark' />
      <meta name='htmx-config' content={HTMX_CONFIG} />
      <title>{`${title} · ordertrail`}</title>
      <link rel='icon' type='image/svg+xml' href={assetUrl('favicon.svg')} />
      <link rel='stylesheet' href={assetUrl('app.css')} />
      <script src={assetUrl('htmx.js')} defer></script>
      <script src={assetUrl('app.js')} defer></script>
    </head>
    <body>{children}</body>
  </html>
)
