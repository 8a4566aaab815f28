'use client'

import { useActionState } from 'react'
import { Alert, PasswordField } from '../ui/field'
import { deleteAccount } from './actions'

/** Deletes the account; asks for the password when it was last given more than ten minutes ago. */
export function DeleteForm({ isPasswordNeeded }: { isPasswordNeeded: boolean }) {
  const [state, formAction, isPending] = useActionState(deleteAccount, null)
  // The ten minutes may pass while the page is open.
  const isAsking = isPasswordNeeded || state?.errors.password !== undefined
  return (
    <form action={formAction} className="card" noValidate>
      <Alert error={state?.message} />
      {isAsking && (
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
