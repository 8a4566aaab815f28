'use client'

import { useActionState } from 'react'
import { logOut } from './actions'

/** The button Log out; says so when it could not be done. */
export function LogOutForm({ isQuiet = false }: { isQuiet?: boolean }) {
  const [state, formAction, isPending] = useActionState(logOut, null)
  return (
    <form action={formAction}>
      <button className={isQuiet ? 'quiet-button' : undefined} aria-busy={isPending}>
        Log out
      </button>
      {state?.message && (
        <p role="alert" className="field-error">
          {state.message}
        </p>
      )}
    </form>
  )
}
