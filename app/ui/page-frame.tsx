import Link from 'next/link'
import type { ReactNode } from 'react'
import { getViewer } from '#lib/session'
import { markOf } from '#lib/viewer'
import { LogOutForm } from '../(auth)/log-out-form'
import { SiteFrame } from './site-frame'
import { ViewerWatch } from './viewer-watch'

/** What stands around every page. In the pages and not in the layout, which is not rendered again on navigation. */
export async function PageFrame({ children, isForAnybody = false }: { children: ReactNode; isForAnybody?: boolean }) {
  const viewer = await getViewer()
  const account =
    viewer.kind === 'member' ? (
      <>
        <Link href="/account">{viewer.username}</Link>
        <LogOutForm isQuiet />
      </>
    ) : (
      <>
        <Link href="/login">Log in</Link> {/* A space, for browsers that lay nothing out. */}
        <Link href="/signup">Sign up</Link>
      </>
    )
  return (
    <SiteFrame account={account}>
      <ViewerWatch
        mark={markOf(viewer)}
        username={viewer.kind === 'member' ? viewer.username : null}
        isListening={!isForAnybody}
      />
      {children}
    </SiteFrame>
  )
}
