import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from './logo'
import { OfflineGuard } from './offline-guard'

/** The site's name above, its promise below; and who is there, where the page asks. */
export function SiteFrame({ children, account }: { children: ReactNode; account?: ReactNode }) {
  return (
    <>
      <a href="#content" className="skip-link">
        Skip to content
      </a>
      <header className="site-header">
        <Link href="/" className="home-link">
          <Logo /> Likes
        </Link>{' '}
        {account && <nav aria-label="Account">{account}</nav>}
      </header>
      <main id="content">
        <OfflineGuard />
        {children}
      </main>
      <footer className="site-footer">
        <Link href="/privacy">What we keep, and how to erase it</Link>
      </footer>
    </>
  )
}
