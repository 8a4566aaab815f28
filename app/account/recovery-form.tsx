'use client'

import { useActionState } from 'react'
import { CurrentPassword } from '../ui/current-password'
import { Alert, Field } from '../ui/field'
import { ShownTo } from '../ui/shown-to'
import { changeRecoveryEmail, removeRecoveryEmail } from './actions'

type Props = { address: string | null; isMailOn: boolean; isPasswordNeeded: boolean; mark: string }

/** The address to which a link to a new password goes: to give one, to give another, to take it back. */
export function RecoveryForm({ address, isMailOn, isPasswordNeeded, mark }: Props) {
  const [changed, change, isChanging] = useActionState(changeRecoveryEmail, null)
  const [removed, remove, isRemoving] = useActionState(removeRecoveryEmail, null)
  // The ten minutes may pass while the page is open.
  const isAsking = isPasswordNeeded || [changed, removed].some((state) => state?.errors.password !== undefined)
  return (
    <>
      {isMailOn && (
        <form action={change} className="card" noValidate>
          <ShownTo mark={mark} />
          <Alert error={changed?.message} />
          <Field
            name="email"
            label="Email"
            type="email"
            hint="We mail a link there; it counts when you have followed it."
            error={changed?.errors.email}
            defaultValue={changed?.values.email}
            autoComplete="email"
            required
          />
          {isAsking && <CurrentPassword id="password-to-change-recovery" error={changed?.errors.password} />}
          <button aria-busy={isChanging}>{address ? 'Change recovery e-mail' : 'Add recovery e-mail'}</button>
        </form>
      )}
      {address && (
        <form action={remove} className="card" noValidate>
          <ShownTo mark={mark} />
          <Alert error={removed?.message} />
          {isAsking && <CurrentPassword id="password-to-remove-recovery" error={removed?.errors.password} />}
          <button className="quiet-button" aria-busy={isRemoving}>
            Remove recovery e-mail
          </button>
        </form>
      )}
    </>
  )
}
