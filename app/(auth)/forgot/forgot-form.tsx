'use client'

import { useActionState } from 'react'
import { Alert, Field } from '../../ui/field'
import { forgotPassword } from '../actions'

/** Asks for a link to a new password. */
export function ForgotForm() {
  const [state, formAction, isPending] = useActionState(forgotPassword, null)
  return (
    <form action={formAction} className="card" noValidate>
      <Alert error={state?.message} />
      <Field
        name="email"
        label="Email"
        type="email"
        error={state?.errors.email}
        defaultValue={state?.values.email}
        autoComplete="email"
        required
      />
      <button aria-busy={isPending}>Send me a link</button>
    </form>
  )
}
