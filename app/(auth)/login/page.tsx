import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { safeNext } from '#lib/request'
import { getViewer } from '#lib/session'
import { PageFrame } from '../../ui/page-frame'
import { logIn } from '../actions'
import { CredentialsForm } from '../credentials-form'

export const metadata: Metadata = { title: 'Log in' }

export default async function LogInPage({ searchParams }: PageProps<'/login'>) {
  const { next } = await searchParams
  const goTo = safeNext(next)
  if ((await getViewer()).kind === 'member') redirect(goTo)
  return (
    <PageFrame>
      <div className="narrow">
        <h1>Log in</h1>
        <p>What you like in this browser is added to your list.</p>
        <CredentialsForm action={logIn} submit="Log in" next={goTo} />
        <p>
          New here? <Link href={`/signup?next=${encodeURIComponent(goTo)}`}>Sign up</Link>
        </p>
      </div>
    </PageFrame>
  )
}
