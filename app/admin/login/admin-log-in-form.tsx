'use client'

import { useActionState } from 'react'
import { Alert, PasswordField } from '../../ui/field'
import { logInToAdmin } from '../actions'

/** Asks for the admin password. */
export function AdminLogInForm({ next }: { next: string }) {
  const [state, formAction, isPending] = useActionState(logInToAdmin, null)
  return (
    <form action={formAction} className="card" noValidate>
      <Alert error={state?.message} />
      <PasswordField
        name="password"
        label="Password"
        error={state?.errors.password}
        autoComplete="current-password"
        required
      />
      <input type="hidden" name="next" value={next} />
      <button aria-busy={isPending}>Log in</button>
    </form>
  )
}
