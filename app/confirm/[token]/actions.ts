'use server'

import { redirect } from 'next/navigation'
import { unavailable } from '#lib/db'
import { type FormState, parseForm, TokenForm } from '#lib/forms'
import { confirmSubscription } from '#lib/mailing-list'
import { confirmRecoveryEmail } from '#lib/recovery'
import { getAttempt, requireOwnOrigin } from '#lib/request'
import { getViewer } from '#lib/session'

export async function confirm(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(TokenForm, form)
  if (!input.ok) return input.state
  const { token } = input.data
  let goTo: string
  try {
    const viewer = await getViewer()
    const attempt = await getAttempt()
    if (await confirmSubscription(token, viewer, attempt.now)) goTo = '/?notice=confirmed'
    else if (viewer.kind === 'member' && (await confirmRecoveryEmail(token, viewer, attempt)))
      goTo = '/account?notice=recovery-confirmed'
    else return input.refuse({ message: 'This link does not work any more. Nothing was changed.' })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect(goTo)
}
