'use client'

import { useActionState } from 'react'
import { Alert } from '../ui/field'
import { logOutOfAdmin } from './actions'

/** The button that ends admin mode; says so when it could not be done. */
export function LogOutOfAdmin() {
  const [state, formAction, isPending] = useActionState(logOutOfAdmin, null)
  return (
    <form action={formAction}>
      <button className="quiet-button" aria-busy={isPending}>
        Log out of admin
      </button>
      <Alert error={state?.message} />
    </form>
  )
}
