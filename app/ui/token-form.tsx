'use client'

import { useActionState } from 'react'
import type { FormState } from '#lib/forms'
import { Alert } from './field'

type Props = {
  action: (state: FormState | null, form: FormData) => Promise<FormState | null>
  token: string
  submit: string
}

/** One button that does what a link in a message is for: opening the link does nothing, since scanners open it too. */
export function TokenForm({ action, token, submit }: Props) {
  const [state, formAction, isPending] = useActionState(action, null)
  return (
    <form action={formAction} className="card">
      <input type="hidden" name="token" value={token} />
      <Alert error={state?.message ?? state?.errors.token} />
      <button aria-busy={isPending}>{submit}</button>
    </form>
  )
}
