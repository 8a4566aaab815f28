import Link from 'next/link'
import type { ReactNode } from 'react'
import { getViewer } from '#lib/session'
import { markOf } from '#lib/viewer'
import { LogOutForm } from '../(auth)/log-out-form'
import { Logo } from './logo'
import { ViewerWatch } from './viewer-watch'

/** What stands around every page. In the pages and not in the layout, which is not rendered again on navigation. */
export async function PageFrame({ children, isForAnybody = false }: { children: ReactNode; isForAnybody?: boolean }) {
  const viewer = await getViewer()
  return (
    <>
      <a href="#content" className="skip-link">
        Skip to content
      </a>
      <header className="site-header">
        <Link href="/" className="home-link">
          <Logo /> Likes
        </Link>{' '}
        <nav aria-label="Account">
          {viewer.kind === 'member' ? (
            <>
              <Link href="/account">{viewer.username}</Link>
              <LogOutForm isQuiet />
            </>
          ) : (
            <>
              <Link href="/login">Log in</Link> {/* A space, for browsers that lay nothing out. */}
              <Link href="/signup">Sign up</Link>
            </>
          )}
        </nav>
      </header>
      <main id="content">
        <ViewerWatch
          mark={markOf(viewer)}
          username={viewer.kind === 'member' ? viewer.username : null}
          isListening={!isForAnybody}
        />
        {children}
      </main>
      <footer className="site-footer">
        <Link href="/privacy">What we keep, and how to erase it</Link>
      </footer>
    </>
  )
}
