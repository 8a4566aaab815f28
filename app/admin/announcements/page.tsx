import type { Metadata } from 'next'
import Link from 'next/link'
import { listAnnouncements } from '#lib/announcements'
import { requireAdmin } from '#lib/session'
import { Moment } from '../../ui/moment'
import { Notice } from '../../ui/notice'
import { AdminFrame } from '../admin-frame'
import { AnnouncementForm } from './announcement-form'

export const metadata: Metadata = { title: 'Announcements', robots: { index: false } }

export default async function AnnouncementsPage({ searchParams }: PageProps<'/admin/announcements'>) {
  const { kind } = await requireAdmin('/admin/announcements')
  const { notice } = await searchParams
  const announcements = await listAnnouncements()
  const now = new Date()
  return (
    <AdminFrame at="/admin/announcements">
      <h1>Announcements</h1>
      <Notice code={notice} kind={kind} />
      <section aria-labelledby="new">
        <h2 id="new">Write one</h2>
        <AnnouncementForm />
      </section>
      {announcements.length > 0 && (
        <section aria-labelledby="all">
          <h2 id="all">Drafts, and what was sent</h2>
          <ul className="rows">
            {announcements.map(({ id, subject, sentAt, createdAt }) => (
              <li key={id}>
                <span>
                  <Link href={`/admin/announcements/${id}`}>{subject}</Link>{' '}
                  {!sentAt && <em className="badge">Draft</em>}
                  <span className="quiet">
                    {' '}
                    {sentAt ? 'sent' : 'written'} <Moment at={sentAt ?? createdAt} now={now} />
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </AdminFrame>
  )
}
