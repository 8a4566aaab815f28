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
export function MemberForm({ member, q, after }: Props) {
  const { id, username } = member
  const [state, formAction, isPending] = useActionState(changeMember, null)
  return (
    <form action={formAction}>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="q" value={q} />
      <input type="hidden" name="after" value={after} />
      {member.hasSessions && (
        <button className="quiet-button" name="act" value="end" aria-busy={isPending}>
          End all sessions <span className="visually-hidden">of {username}</span>
        </button>
      )}{' '}
      <button
        className="quiet-button"
        name="act"
        value={member.isDisabled ? 'enable' : 'disable'}
        aria-busy={isPending}
      >
        {member.isDisabled ? 'Enable' : 'Disable'} <span className="visually-hidden">{username}</span>
      </button>{' '}
      {(member.isPublished || member.isTakenDown) && (
        <button
          className="quiet-button"
          name="act"
          value={member.isPublished ? 'takeDown' : 'allow'}
          aria-busy={isPending}
        >
          {member.isPublished ? 'Take down the page' : 'Allow publishing'}{' '}
          <span className="visually-hidden">{member.isPublished ? `of ${username}` : `to ${username}`}</span>
        </button>
      )}
      <Alert error={state?.message ?? state?.errors.act ?? state?.errors.id} />
    </form>
  )
}
