import type { Child, PropsWithChildren } from 'hono/jsx'
import { paths } from '../paths.ts'
import { assetUrl } from './asset-url.ts'
import { ErrorNotice } from './components/error-notice.tsx'
import { ThemeSwitch } from './components/theme-switch.tsx'
import { TimeZoneName } from './components/time.tsx'
import type { Viewer } from './viewer.ts'

const SECTIONS = [
  { name: 'Workflows', url: paths.workflows },
  { name: 'Orders', url: paths.orders() },
  { name: 'API', url: paths.api.docs },
]

/** `page` for the page that is open, `true` for the section that it is in. */
const currentOf = (url: string, path: string): { 'aria-current'?: 'page' | 'true' } => {
  if (path === url) return { 'aria-current': 'page' }
  return path.startsWith(`${url}/`) || path.startsWith(`${url}?`) ? { 'aria-current': 'true' } : {}
}

/** Who is signed in, and the way out. */
const SignedIn = ({ identity }: Pick<Viewer, 'identity'>): Child =>
  identity &&
  identity.name !== null && (
    <form class='signed-in' method='post' action={paths.signOut}>
      <span class='muted'>
        {identity.name} ({identity.role})
      </span>
      <button class='button'>Sign out</button>
    </form>
  )

interface Props {
  viewer: Viewer
  /** The URL of the page, without its origin. */
  path: string
  /** Orders go to a paper broker. */
  paper: boolean
}

/** What every page has around its own content. */
export const Layout = ({ viewer, path, paper, children }: PropsWithChildren<Props>): Child => (
  <>
    <a class='skip-link' href='#main'>
      Skip to the content
    </a>
    <header class='site-header'>
      <div class='frame'>
        <a class='brand' href={paths.home}>
          <img src={assetUrl('favicon.svg')} alt='' width='22' height='22' />
          ordertrail
        </a>
        {viewer.identity && (
          <nav aria-label='Main'>
            {SECTIONS.map(({ name, url }) => (
              <a href={url} {...currentOf(url, path)}>
                {name}
              </a>
            ))}
          </nav>
        )}
        {paper && viewer.identity && <span class='pill pill-dry-run paper'>Paper broker</span>}
        <SignedIn identity={viewer.identity} />
      </div>
    </header>
    <main id='main' class='frame' tabindex={-1}>
      {children}
    </main>
    <footer class='site-footer'>
      <div class='frame'>
        {viewer.identity && (
          <>
            <p>
              {paper && 'Orders go to a paper broker, which sends nothing anywhere. '}
              Times are in <TimeZoneName /> where they name no other zone.
            </p>
            <ThemeSwitch theme={viewer.theme} path={path} />
          </>
        )}
      </div>
    </footer>
    {/* app.js says here what a swap has brought, for those who do not see it. */}
    <p id='announcement' class='visually-hidden' role='status'></p>
    {/* app.js shows a copy of this when a request gets no answer at all, and sets its link. */}
    <template id='unreachable'>
      <ErrorNotice
        title='The server did not answer'
        detail='It may have been stopped, or the connection was lost.'
        retry={paths.workflows}
      />
    </template>
  </>
)
