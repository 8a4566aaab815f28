import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { env } from '#lib/env'
import { safeNext } from '#lib/request'
import { getViewer } from '#lib/session'
import { Notice } from '../../ui/notice'
import { PageFrame } from '../../ui/page-frame'
import { logIn } from '../actions'
import { CredentialsForm } from '../credentials-form'

export const metadata: Metadata = { title: 'Log in' }

export default async function LogInPage({ searchParams }: PageProps<'/login'>) {
  const { next, notice } = await searchParams
  const goTo = safeNext(next)
  const { kind } = await getViewer()
  if (kind === 'member') redirect(goTo)
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>Log in</h1>
        <Notice code={notice} kind={kind} />
        <p>What you like in this browser is added to your list.</p>
        <CredentialsForm action={logIn} submit="Log in" next={goTo} />
        {env().mail && (
          <p>
            <Link href="/forgot">Forgot your password?</Link>
          </p>
        )}
        <p>
          New here? <Link href={`/signup?next=${encodeURIComponent(goTo)}`}>Sign up</Link>
        </p>
      </div>
    </PageFrame>
  )
}
