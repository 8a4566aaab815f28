import type { Metadata } from 'next'
import { env } from '#lib/env'
import { getViewer } from '#lib/session'
import { Notice } from '../../ui/notice'
import { PageFrame } from '../../ui/page-frame'
import { ForgotForm } from './forgot-form'

export const metadata: Metadata = { title: 'Forgot your password?' }

export default async function ForgotPage({ searchParams }: PageProps<'/forgot'>) {
  const { notice } = await searchParams
  const { kind } = await getViewer()
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>Forgot your password?</h1>
        <Notice code={notice} kind={kind} />
        {env().mail ? (
          <>
            <p>Type the recovery e-mail of your account. We mail a link there with which you choose a new password.</p>
            <ForgotForm />
            <p className="quiet">An account that has no recovery e-mail cannot be opened without its password.</p>
          </>
        ) : (
          <p>This site sends no e-mail, so we cannot mail you a link. Please ask the owner of this site.</p>
        )}
      </div>
    </PageFrame>
  )
}
