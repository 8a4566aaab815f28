import Link from 'next/link'
import type { ReactNode } from 'react'
import { PageFrame } from '../ui/page-frame'
import { LogOutOfAdmin } from './log-out-of-admin'

/** What stands around the pages of the owner of the site, each of which has asked `requireAdmin` before. */
export function AdminFrame({ children }: { children: ReactNode }) {
  return (
    <PageFrame>
      <div className="admin">
        <nav aria-label="Admin">
          <Link href="/admin">Overview</Link> <Link href="/admin/announcements">Announcements</Link>{' '}
          <Link href="/admin/members">Members</Link> <LogOutOfAdmin />
        </nav>
        {children}
      </div>
    </PageFrame>
  )
}
