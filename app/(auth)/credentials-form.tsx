'use client'

import { useActionState } from 'react'
import type { FormState } from '#lib/forms'
import { Alert, Field, PasswordField } from '../ui/field'

type Props = {
  action: (state: FormState | null, form: FormData) => Promise<FormState | null>
  submit: 'Sign up' | 'Log in'
  next: string
}

/** Username, password and how long: the form of both ways in. */
export function CredentialsForm({ action, submit, next }: Props) {
  const [state, formAction, isPending] = useActionState(action, null)
  const isNew = submit === 'Sign up'
  const message = state?.message ?? state?.errors.keep
  return (
    <form action={formAction} className="card" noValidate>
      <Alert error={message} />
      <Field
        name="username"
        label="Username"
        hint={isNew ? '3 to 30 of a–z, 0–9, “-” and “_”.' : undefined}
        error={state?.errors.username}
        defaultValue={state?.values.username}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <PasswordField
        name="password"
        label="Password"
        hint={isNew ? 'At least 12 characters. Spaces and any script are fine.' : undefined}
        error={state?.errors.password}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        required
      />
      <label className="check">
        <input type="checkbox" name="keep" defaultChecked={state?.values.keep === 'on'} /> Keep me logged in
      </label>{' '}
      <input type="hidden" name="next" value={next} />
      <button aria-busy={isPending}>{submit}</button>
    </form>
  )
}
