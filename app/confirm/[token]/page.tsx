import type { Metadata } from 'next'
import { findLink } from '#lib/mail'
import { findSubscription } from '#lib/mailing-list'
import { requireMember } from '#lib/session'
import { LinkEnded } from '../../ui/link-ended'
import { PageFrame } from '../../ui/page-frame'
import { TokenForm } from '../../ui/token-form'
import { confirm } from './actions'

export const metadata: Metadata = { title: 'Confirm', robots: { index: false } }

export default async function ConfirmPage({ params }: PageProps<'/confirm/[token]'>) {
  const { token } = await params
  const question = await questionOf(token)
  if (!question) return <LinkEnded />
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>Confirm</h1>
        <p>{question}</p>
        <TokenForm action={confirm} token={token} submit="Confirm" />
      </div>
    </PageFrame>
  )
}

async function questionOf(token: string) {
  const now = new Date()
  const link = await findLink(token, 'confirm', now)
  if (link?.kind === 'confirmSubscription') {
    const found = await findSubscription(token, now)
    return found && found !== 'left' ? `Shall ${found.address} be on our mailing list?` : null
  }
  if (link?.kind !== 'confirmRecovery') return null
  const member = await requireMember(`/confirm/${token}`)
  if (member.userId !== link.userId) return null
  return `Shall ${link.recipient} be the recovery e-mail of ${member.username}? Links to a new password will go there.`
}
