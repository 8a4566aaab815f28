'use client'

import { type ReactNode, useActionState } from 'react'
import { CurrentPassword } from '../ui/current-password'
import { Alert } from '../ui/field'
import { ShownTo } from '../ui/shown-to'
import { endSessions } from './actions'

type Props = {
  sessions: { id: string; device: string; isThisDevice: boolean; times: ReactNode }[]
  isPasswordNeeded: boolean
  mark: string
}

/** Where the member is logged in, and a button to end each of them but this one. */
export function SessionsForm({ sessions, isPasswordNeeded, mark }: Props) {
  const [state, formAction, isPending] = useActionState(endSessions, null)
  const hasOthers = sessions.length > 1
  // The ten minutes may pass while the page is open.
  const isAsking = hasOthers && (isPasswordNeeded || state?.errors.password !== undefined)
  return (
    <form action={formAction} className="card sessions" noValidate>
      <ShownTo mark={mark} />
      <Alert error={state?.message ?? state?.errors.end} />
      {isAsking && (
        <div className="proof">
          <CurrentPassword
            id="password-to-end"
            hint="To end a session, since you last typed it more than ten minutes ago."
            error={state?.errors.password}
          />
          {/* First, so that Enter in the field ends nothing. */}
          <button className="quiet-button" name="end" value="" aria-busy={isPending}>
            Confirm
          </button>
        </div>
      )}
      <ul>
        {sessions.map(({ id, device, isThisDevice, times }) => (
          <li key={id}>
            <span id={`session-${id}`}>
              <strong>{device}</strong> {isThisDevice && <em className="badge">This device</em>}
              <span className="quiet">{times}</span>
            </span>
            {!isThisDevice && (
              <button
                className="quiet-button"
                name="end"
                value={id}
                aria-describedby={`session-${id}`}
                aria-busy={isPending}
              >
                End
              </button>
            )}
          </li>
        ))}
      </ul>
      {hasOthers && (
        <button className="quiet-button" name="end" value="others" aria-busy={isPending}>
          End all other sessions
        </button>
      )}
    </form>
  )
}
