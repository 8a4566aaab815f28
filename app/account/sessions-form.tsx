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
  // The ten minutes may pass while the page is open.
  const isAsking = isPasswordNeeded || state?.errors.password !== undefined
  const alert = <Alert error={state?.message ?? state?.errors.end} />
  const list = <SessionList sessions={sessions} isPending={isPending} />
  if (sessions.length === 1) {
    // Nothing to end: a form without a button would be announced as one.
    return (
      <div className="card sessions">
        {alert}
        {list}
      </div>
    )
  }
  return (
    <form action={formAction} className="card sessions" noValidate>
      <ShownTo mark={mark} />
      {alert}
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
      {list}
      <button className="quiet-button" name="end" value="others" aria-busy={isPending}>
        End all other sessions
      </button>
    </form>
  )
}

function SessionList({ sessions, isPending }: Pick<Props, 'sessions'> & { isPending: boolean }) {
  return (
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
  )
}
