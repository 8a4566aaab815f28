import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'
import { PageFrame } from '../ui/page-frame'
import { LogOutOfAdmin } from './log-out-of-admin'

const PLACES = [
  ['/admin', 'Overview'],
  ['/admin/announcements', 'Announcements'],
  ['/admin/members', 'Members'],
] as const

type Props = { at: (typeof PLACES)[number][0]; children: ReactNode }

/** What stands around the pages of the owner of the site, each of which has asked `requireAdmin` before. */
export function AdminFrame({ at, children }: Props) {
  return (
    <PageFrame>
      <div className="admin">
        <nav aria-label="Admin">
          {PLACES.map(([href, name]) => (
            <Fragment key={href}>
              <Link href={href} aria-current={href === at ? 'page' : undefined}>
                {name}
              </Link>{' '}
            </Fragment>
          ))}
          <LogOutOfAdmin />
        </nav>
        {children}
      </div>
    </PageFrame>
  )
}
