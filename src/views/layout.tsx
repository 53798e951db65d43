import type { Child, PropsWithChildren } from 'hono/jsx'
import { paths } from '../paths.ts'
import { assetUrl } from './asset-url.ts'
import { ErrorNotice } from './components/error-notice.tsx'

/** What every page has around its own content. */
export const Layout = ({ children }: PropsWithChildren): Child => (
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
        <nav aria-label='Main'>
          <a href={paths.workflows}>Workflows</a>
          <a href={paths.api.docs}>API</a>
        </nav>
      </div>
    </header>
    <main id='main' class='frame' tabindex={-1}>
      {children}
    </main>
    <footer class='site-footer'>
      <div class='frame'>All times are UTC.</div>
    </footer>
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
