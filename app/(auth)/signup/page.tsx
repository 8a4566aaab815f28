import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { safeNext } from '#lib/request'
import { getViewer } from '#lib/session'
import { PageFrame } from '../../ui/page-frame'
import { signUp } from '../actions'
import { CredentialsForm } from '../credentials-form'

export const metadata: Metadata = { title: 'Sign up' }

export default async function SignUpPage({ searchParams }: PageProps<'/signup'>) {
  const { next } = await searchParams
  const goTo = safeNext(next)
  if ((await getViewer()).kind === 'member') redirect(goTo)
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>Sign up</h1>
        <p>What you like in this browser comes along, and is then on every device.</p>
        <CredentialsForm action={signUp} submit="Sign up" next={goTo} />
        <p>
          Have an account? <Link href={`/login?next=${encodeURIComponent(goTo)}`}>Log in</Link>
        </p>
      </div>
    </PageFrame>
  )
}
