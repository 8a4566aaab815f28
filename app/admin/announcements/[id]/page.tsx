import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getAnnouncement, listUndelivered } from '#lib/announcements'
import { env } from '#lib/env'
import { compose } from '#lib/mail-texts'
import { requireAdmin } from '#lib/session'
import { Notice } from '../../../ui/notice'
import { AdminFrame } from '../../admin-frame'
import { AnnouncementForm } from '../announcement-form'
import { DraftForms } from '../draft-forms'
import { Progress } from '../progress'

export const metadata: Metadata = { title: 'Announcement', robots: { index: false } }

export default async function AnnouncementPage({ params, searchParams }: PageProps<'/admin/announcements/[id]'>) {
  const { id } = await params
  const { kind } = await requireAdmin(`/admin/announcements/${encodeURIComponent(id)}`)
  const announcement = await getAnnouncement(id)
  if (!announcement) redirect('/admin/announcements?notice=announcement-gone')
  const { subject, text, sentAt, progress } = announcement
  const { notice } = await searchParams
  const facts = { recipient: 'ada@example.org', token: 'token', usernames: [], announcement }
  return (
    <AdminFrame at="/admin/announcements">
      <h1>{subject}</h1>
      <Notice code={notice} kind={kind} />
      {sentAt && <Progress {...progress} undelivered={await listUndelivered(id)} />}
      <section aria-labelledby="preview">
        <h2 id="preview">{sentAt ? 'What was sent' : 'Preview'}</h2>
        <pre className="letter">{compose('announcement', facts).text}</pre>
        {!env().postalAddress && !sentAt && (
          <p className="quiet">
            In many countries the law wants a postal address in it: set POSTAL_ADDRESS, and the last lines have it.
          </p>
        )}
      </section>
      {!sentAt && (
        <>
          <DraftForms id={id} recipients={progress.total} isMailOn={env().mail !== null} />
          <section aria-labelledby="edit">
            <h2 id="edit">Change it</h2>
            <AnnouncementForm id={id} subject={subject} text={text} />
          </section>
        </>
      )}
    </AdminFrame>
  )
}
