'use client'

import { useActionState } from 'react'
import { CurrentPassword } from '../ui/current-password'
import { Alert } from '../ui/field'
import { ShownTo } from '../ui/shown-to'
import { deleteAccount } from './actions'

/** Deletes the account; asks for the password when it was last given more than ten minutes ago. */
export function DeleteForm({ isPasswordNeeded, mark }: { isPasswordNeeded: boolean; mark: string }) {
  const [state, formAction, isPending] = useActionState(deleteAccount, null)
  // The ten minutes may pass while the page is open.
  const isAsking = isPasswordNeeded || state?.errors.password !== undefined
  return (
    <form action={formAction} className="card" noValidate>
      <ShownTo mark={mark} />
      <Alert error={state?.message} />
      {isAsking && <CurrentPassword id="password-to-delete" error={state?.errors.password} />}
      <button className="danger" aria-busy={isPending}>
        Delete account
      </button>
    </form>
  )
}
