import type { Metadata } from 'next'
import Link from 'next/link'
import { findSubscription } from '#lib/mailing-list'
import { LinkEnded } from '../../ui/link-ended'
import { PageFrame } from '../../ui/page-frame'
import { TokenForm } from '../../ui/token-form'
import { unsubscribe } from './actions'

export const metadata: Metadata = { title: 'Unsubscribe', robots: { index: false } }

export default async function UnsubscribePage({ params }: PageProps<'/unsubscribe/[token]'>) {
  const { token } = await params
  const found = await findSubscription(token, new Date())
  if (found === null) return <LinkEnded />
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>Unsubscribe</h1>
        {found === 'left' ? (
          <>
            <p>This address has left our list. If you still get messages, use the link in the newest one.</p>
            <p>
              <Link href="/">Go to your list</Link>
            </p>
          </>
        ) : (
          <>
            <p>
              Take <strong>{found.address}</strong> off our mailing list?
            </p>
            <TokenForm action={unsubscribe} token={token} submit="Unsubscribe" />
          </>
        )}
      </div>
    </PageFrame>
  )
}
