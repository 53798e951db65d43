import type { Child, PropsWithChildren } from 'hono/jsx'
import { assetUrl } from './asset-url.ts'
import type { Viewer } from './viewer.ts'

/** How htmx 4 behaves here. The loading styles stand in app.css. */
const HTMX_CONFIG = JSON.stringify({ includeIndicatorCSS: false, defaultTimeout: 15_000 })

/**
 * Without a zone the times in the page are not those of its reader: the first painting waits for
 * app.js, which puts this right, so that nobody sees them change.
 */
const blocking = ({ time_zone }: Viewer) =>
  time_zone === null ? { blocking: 'render' as const } : {}

interface Props {
  title: string
  viewer: Viewer
  /** No part of it is loaded later, so that it does without htmx. */
  whole: boolean
}

/** The HTML document around a page. It holds no inline script or style, as the CSP allows neither. */
export const Document = ({ title, viewer, whole, children }: PropsWithChildren<Props>): Child => (
  <html lang='en' data-theme={viewer.theme} data-time-zone={viewer.time_zone ?? 'UTC'}>
    <head>
      <meta charset='utf-8' />
      <meta name='viewport' content='width=device-width, initial-scale=1' />
      <meta name='color-scheme' content={viewer.theme === 'system' ? 'light dark' : viewer.theme} />
      <meta name='htmx-config' content={HTMX_CONFIG} />
      <title>{`${title} · ordertrail`}</title>
      <link rel='icon' type='image/svg+xml' href={assetUrl('favicon.svg')} />
      <link rel='stylesheet' href={assetUrl('app.css')} />
      {!whole && <script src={assetUrl('htmx.js')} defer></script>}
      <script src={assetUrl('app.js')} defer {...blocking(viewer)}></script>
    </head>
    <body>{children}</body>
  </html>
)
