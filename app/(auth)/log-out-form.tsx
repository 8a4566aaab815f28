'use client'

import { useActionState } from 'react'
import { Alert } from '../ui/field'
import { logOut } from './actions'

/** The button Log out; says so when it could not be done. */
export function LogOutForm({ isQuiet = false }: { isQuiet?: boolean }) {
  const [state, formAction, isPending] = useActionState(logOut, null)
  return (
    <form action={formAction}>
      <button className={isQuiet ? 'quiet-button' : undefined} aria-busy={isPending}>
        Log out
      </button>
      <Alert error={state?.message} />
    </form>
  )
}
