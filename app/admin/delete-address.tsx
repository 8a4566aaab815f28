'use client'

import { useActionState } from 'react'
import { Alert } from '../ui/field'
import { deleteAddress } from './actions'

type Props = { id: string; address: string; q: string; after: string }

/** The button that deletes an address from the list. */
export function DeleteAddress({ id, address, q, after }: Props) {
  const [state, formAction, isPending] = useActionState(deleteAddress, null)
  return (
    <form action={formAction}>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="q" value={q} />
      <input type="hidden" name="after" value={after} />
      <button className="quiet-button" aria-busy={isPending}>
        Delete <span className="visually-hidden">{address}</span>
      </button>
      <Alert error={state?.message ?? state?.errors.id} />
    </form>
  )
}
