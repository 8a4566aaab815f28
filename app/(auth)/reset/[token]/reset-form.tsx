'use client'

import { useActionState } from 'react'
import { Alert, Field, PasswordField } from '../../../ui/field'
import { resetPassword } from '../../actions'

/** A new password by a link from a message, for the account of that address, or one of its accounts. */
export function ResetForm({ token, usernames }: { token: string; usernames: string[] }) {
  const [state, formAction, isPending] = useActionState(resetPassword, null)
  const [only] = usernames
  return (
    <form action={formAction} className="card" noValidate>
      <input type="hidden" name="token" value={token} />
      <Alert error={state?.message ?? state?.errors.token} />
      {usernames.length === 1 ? (
        <Field name="username" label="Username" autoComplete="username" value={only} readOnly />
      ) : (
        <fieldset className="field">
          <legend>Which account?</legend>
          {usernames.map((username) => (
            <label key={username} className="check">
              <input
                type="radio"
                name="username"
                value={username}
                defaultChecked={state?.values.username === username}
              />{' '}
              {username}
            </label>
          ))}
          <Alert error={state?.errors.username} />
        </fieldset>
      )}
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
