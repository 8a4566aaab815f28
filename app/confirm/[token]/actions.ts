'use server'

import { redirect } from 'next/navigation'
import { action } from '#lib/action'
import { TokenForm } from '#lib/forms'
import { confirmSubscription } from '#lib/mailing-list'
import { confirmRecoveryEmail } from '#lib/recovery'
import { getAttempt } from '#lib/request'
import { getViewer } from '#lib/session'

export const confirm = action(TokenForm, async ({ token }, refuse) => {
  const viewer = await getViewer()
  const attempt = await getAttempt()
  if (await confirmSubscription(token, viewer, attempt.now)) redirect('/?notice=confirmed')
  if (viewer.kind === 'member' && (await confirmRecoveryEmail(token, viewer, attempt)))
    redirect('/account?notice=recovery-confirmed')
  return refuse({ message: 'This link does not work any more. Nothing was changed.' })
})
