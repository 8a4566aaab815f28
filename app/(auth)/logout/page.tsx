import type { Metadata } from 'next'
import Link from 'next/link'
import { getViewer } from '#lib/session'
import { PageFrame } from '../../ui/page-frame'
import { LogOutForm } from '../log-out-form'

export const metadata: Metadata = { title: 'Log out' }

export default async function LogOutPage() {
  const viewer = await getViewer()
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>Log out</h1>
        {viewer.kind === 'member' ? (
          <>
            <p>Your list stays in your account; this browser will show nothing of it.</p>
            <LogOutForm />
          </>
        ) : (
          <p>
            You are not logged in. <Link href="/">Back to your list</Link>
          </p>
        )}
      </div>
    </PageFrame>
  )
}
