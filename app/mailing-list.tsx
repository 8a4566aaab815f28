'use client'

import { useActionState } from 'react'
import { subscribe } from './actions'
import { Alert, Field } from './ui/field'
import { ShownTo } from './ui/shown-to'

type Props = { address: string | null; isMailOn: boolean; mark: string }

/** Gives an address to the mailing list, or shows the one that was given here, with the button that takes it back. */
export function MailingList({ address, isMailOn, mark }: Props) {
  return (
    <section aria-labelledby="mailing-list" className="mailing-list">
      <h2 id="mailing-list">News by e-mail</h2>
      {address === null ? (
        <SubscribeForm isMailOn={isMailOn} mark={mark} />
      ) : (
        <form action="/unregister" method="post" className="card">
          <ShownTo mark={mark} />
          <p>
            <strong>Thanks for signing up!</strong>
          </p>
          <p>
            <bdi>{address}</bdi>
            {isMailOn && ' is on the list once you have followed the link that we mailed there.'}
          </p>
          <button className="quiet-button">Unregister</button>
        </form>
      )}
    </section>
  )
}

function SubscribeForm({ isMailOn, mark }: Omit<Props, 'address'>) {
  const [state, formAction, isPending] = useActionState(subscribe, null)
  return (
    <form action={formAction} className="card" noValidate>
      <ShownTo mark={mark} />
      <Alert error={state?.message} />
      <Field
        name="email"
        label="Email"
        type="email"
        hint={
          isMailOn
            ? 'We mail you a link to confirm. Every message has one to leave the list.'
            : 'You can take it back here.'
        }
        error={state?.errors.email}
        defaultValue={state?.values.email}
        autoComplete="email"
        required
      />
      <button className="second" aria-busy={isPending}>
        Subscribe
      </button>
    </form>
  )
}
