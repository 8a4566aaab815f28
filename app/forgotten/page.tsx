import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { getViewer } from '#lib/session'
import { PageFrame } from '../ui/page-frame'

export const metadata: Metadata = { title: 'Forgotten', robots: { index: false } }

export default async function ForgottenPage({ searchParams }: PageProps<'/forgotten'>) {
  // Whoever is still known has not been forgotten, whatever a link to this page says.
  if ((await getViewer()).kind !== 'stranger') redirect('/')
  const { likes, account, list } = await searchParams
  const count = /^\d{1,7}$/.test(String(likes)) ? Number(likes) : null
  return (
    <PageFrame>
      <div className="narrow">
        <h1>You are forgotten.</h1>
        {count === null ? (
          <p>There was nothing of yours here.</p>
        ) : (
          <>
            <p>This is what we erased:</p>
            <ul className="receipt-list">
              <li>{count === 1 ? '1 like' : `${count.toLocaleString('en')} likes`}</li>
              {account === '1' ? (
                <li>your account: username, password and every log-in, on all devices</li>
              ) : (
                <li>what this browser was known by, and all that was remembered with it</li>
              )}
              {list === '1' && <li>your address on our mailing list</li>}
              <li>the cookie in this browser</li>
            </ul>
            <p>
              Nothing here leads back to you. For how long a server’s log and backups remember is in{' '}
              <Link href="/privacy">what we keep</Link>.
            </p>
          </>
        )}
        <p>
          <Link href="/">Begin a new list</Link>
        </p>
      </div>
    </PageFrame>
  )
}
