import type { Metadata } from 'next'
import { findReset } from '#lib/recovery'
import { LinkEnded } from '../../../ui/link-ended'
import { PageFrame } from '../../../ui/page-frame'
import { ResetForm } from './reset-form'

export const metadata: Metadata = { title: 'Choose a new password', robots: { index: false } }

export default async function ResetPage({ params }: PageProps<'/reset/[token]'>) {
  const { token } = await params
  const usernames = await findReset(token, new Date())
  if (!usernames) return <LinkEnded />
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>Choose a new password</h1>
        <p>All devices are logged out then.</p>
        <ResetForm token={token} usernames={usernames} />
      </div>
    </PageFrame>
  )
}
