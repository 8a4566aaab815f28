'use client'

import { useActionState } from 'react'
import { CurrentPassword } from '../ui/current-password'
import { Alert, PasswordField } from '../ui/field'
import { ShownTo } from '../ui/shown-to'
import { changePassword } from './actions'

/** Changes the password; always asks for the current one. */
export function PasswordForm({ username, mark }: { username: string; mark: string }) {
  const [state, formAction, isPending] = useActionState(changePassword, null)
  return (
    <form action={formAction} className="card" noValidate>
      <ShownTo mark={mark} />
      <Alert error={state?.message} />
      {/* For password managers, which keep a password with its username. */}
      <input type="text" autoComplete="username" defaultValue={username} readOnly hidden />
      <CurrentPassword id="password-to-change" error={state?.errors.password} />
      <PasswordField
        name="newPassword"
        label="New password"
        hint="At least 12 characters. Spaces and any script are fine."
        error={state?.errors.newPassword}
        autoComplete="new-password"
        required
      />
      <button aria-busy={isPending}>Change password</button>
    </form>
  )
}
