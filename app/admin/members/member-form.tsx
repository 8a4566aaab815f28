'use client'

import { useActionState } from 'react'
import { Alert } from '../../ui/field'
import { changeMember } from './actions'

type Props = {
  member: {
    id: string
    username: string
    isDisabled: boolean
    hasSessions: boolean
    isPublished: boolean
    isTakenDown: boolean
  }
  /** The search and the cursor of the page, to come back to. */
  q: string
  after: string
}

/** What the owner of the site can do to a member. */
export function MemberForm({ member: { id, username, ...is }, q, after }: Props) {
  const [state, formAction, isPending] = useActionState(changeMember, null)
  return (
    <form action={formAction}>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="q" value={q} />
      <input type="hidden" name="after" value={after} />
      {is.hasSessions && (
        <button className="quiet-button" name="act" value="end" aria-busy={isPending}>
          End all sessions <span className="visually-hidden">of {username}</span>
        </button>
      )}{' '}
      <button className="quiet-button" name="act" value={is.isDisabled ? 'enable' : 'disable'} aria-busy={isPending}>
        {is.isDisabled ? 'Enable' : 'Disable'} <span className="visually-hidden">{username}</span>
      </button>{' '}
      {(is.isPublished || is.isTakenDown) && (
        <button className="quiet-button" name="act" value={is.isPublished ? 'takeDown' : 'allow'} aria-busy={isPending}>
          {is.isPublished ? 'Take down the page' : 'Allow a page'}{' '}
          <span className="visually-hidden">of {username}</span>
        </button>
      )}
      <Alert error={state?.message ?? state?.errors.act ?? state?.errors.id} />
    </form>
  )
}
