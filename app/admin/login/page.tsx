import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { env } from '#lib/env'
import { safeNext } from '#lib/request'
import { getViewer } from '#lib/session'
import { isAdmin } from '#lib/session-limits'
import { PageFrame } from '../../ui/page-frame'
import { AdminLogInForm } from './admin-log-in-form'

export const metadata: Metadata = { title: 'Admin', robots: { index: false } }

export default async function AdminLogInPage({ searchParams }: PageProps<'/admin/login'>) {
  if (!env().adminPassword) notFound()
  const next = safeNext((await searchParams).next)
  const viewer = await getViewer()
  if (viewer.kind !== 'stranger' && isAdmin(viewer.session, new Date())) redirect('/admin')
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>Admin</h1>
        <p>For the owner of this site. It lasts for 8 hours, and ends 15 minutes after you last did something.</p>
        <AdminLogInForm next={next} />
      </div>
    </PageFrame>
  )
}
