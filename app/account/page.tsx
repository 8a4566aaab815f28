import type { Metadata } from 'next'
import { requireMember } from '#lib/session'
import { isSudo } from '#lib/session-limits'
import { PageFrame } from '../ui/page-frame'
import { DeleteForm } from './delete-form'

export const metadata: Metadata = { title: 'Your account' }

export default async function AccountPage() {
  const member = await requireMember('/account')
  return (
    <PageFrame>
      <div className="narrow">
        <h1>Your account</h1>
        <p>
          You are logged in as <strong>{member.username}</strong>.
        </p>
        <section aria-labelledby="delete">
          <h2 id="delete">Delete account</h2>
          <p>Erases your account, your likes and your log-ins on every device, at once and for good.</p>
          <DeleteForm isPasswordNeeded={!isSudo(member.session, new Date())} />
        </section>
      </div>
    </PageFrame>
  )
}
