import type { Metadata } from 'next'
import Link from 'next/link'
import { figures } from '#lib/figures'
import { countMail } from '#lib/mail'
import { listAdminActivity } from '#lib/security-log'
import { requireAdmin } from '#lib/session'
import { listSubscribers } from '#lib/subscribers'
import { Activity } from '../account/activity'
import { Notice } from '../ui/notice'
import { AdminFrame } from './admin-frame'
import { Figures } from './figures'
import { Subscribers } from './subscribers'

export const metadata: Metadata = { title: 'Admin', robots: { index: false } }

export default async function AdminPage({ searchParams }: PageProps<'/admin'>) {
  const { kind } = await requireAdmin('/admin')
  const { q, after, notice } = await searchParams
  const search = typeof q === 'string' ? q : ''
  const cursor = typeof after === 'string' ? after : null
  const now = new Date()
  const [counts, page, activity, mail] = await Promise.all([
    figures(now),
    listSubscribers({ search, after: cursor }),
    listAdminActivity(),
    countMail(),
  ])
  return (
    <AdminFrame at="/admin">
      <h1>Admin</h1>
      <Notice code={notice} kind={kind} />
      <section aria-labelledby="figures">
        <h2 id="figures">Figures</h2>
        <Figures figures={counts} />
      </section>
      <section aria-labelledby="mail">
        <h2 id="mail">E-mail</h2>
        {mail ? (
          <p>
            {mail.waiting} on the way, {mail.failed} not delivered in the last seven days.{' '}
            <Link href="/admin/announcements">Announcements</Link>
          </p>
        ) : (
          <p>This site sends none, since SMTP_URL is not set. An address is on the list at once.</p>
        )}
      </section>
      <section aria-labelledby="list">
        <h2 id="list">Mailing list</h2>
        <Subscribers {...page} search={search} after={cursor ?? ''} now={now} />
      </section>
      <section aria-labelledby="activity">
        <h2 id="activity">Admin activity</h2>
        <p>What was done here, or tried: the latest twenty of the last 180 days.</p>
        <Activity events={activity} now={now} />
      </section>
    </AdminFrame>
  )
}
