'use client'

import { useActionState } from 'react'
import { PasswordField } from '../ui/field'
import { leave } from './actions'

/** Deletes the account; asks for the password when it was last given more than ten minutes ago. */
export function DeleteForm({ needsPassword }: { needsPassword: boolean }) {
  const [state, formAction, isPending] = useActionState(leave, null)
  // The ten minutes may pass while the page is open.
  const asks = needsPassword || state?.errors.password !== undefined
  return (
    <form action={formAction} className="card" noValidate>
      {state?.message && (
        <p role="alert" className="field-error">
          {state.message}
        </p>
      )}
      {asks && (
        <PasswordField
          name="password"
          label="Current password"
          error={state?.errors.password}
          autoComplete="current-password"
          required
        />
      )}
      <button className="danger" aria-busy={isPending}>
        Delete account
      </button>
    </form>
  )
}
