'use client'

import { useActionState } from 'react'
import { Alert, Field } from '../ui/field'
import { ShownTo } from '../ui/shown-to'
import { changePublication, takeListBack } from './actions'

type Props = {
  username: string
  title: string
  isIndexed: boolean
  isPublished: boolean
  heldBack: number
  mark: string
}

/** Publishes the list, changes what stands above it there, or takes it back. */
export function ShareForm({ username, title, isIndexed, isPublished, heldBack, mark }: Props) {
  const [state, formAction, isPending] = useActionState(changePublication, null)
  const [takenBack, takeBack, isTakingBack] = useActionState(takeListBack, null)
  const values = state?.values ?? { title, isIndexed: isIndexed ? 'on' : '' }
  return (
    <>
      <form action={formAction} className="card" noValidate>
        <ShownTo mark={mark} />
        <input type="hidden" name="heldBack" value={heldBack} />
        <Alert error={state?.message ?? state?.errors.act ?? state?.errors.heldBack} />
        <Field
          name="title"
          label="Title"
          hint={`What stands above your list. Without one: “${username}’s likes”.`}
          error={state?.errors.title}
          defaultValue={values.title}
          autoComplete="off"
        />
        <label className="check">
          <input type="checkbox" name="isIndexed" defaultChecked={values.isIndexed === 'on'} /> Search engines may find
          it
        </label>
        <button name="act" value={isPublished ? 'save' : 'publish'} aria-busy={isPending}>
          {isPublished ? 'Save' : 'Publish my list'}
        </button>
        {isPublished && heldBack > 0 && (
          <button className="second" name="act" value="publish" aria-busy={isPending}>
            Publish {heldBack === 1 ? 'that one' : 'those'} too
          </button>
        )}
      </form>
      {isPublished && (
        <form action={takeBack}>
          <ShownTo mark={mark} />
          <Alert error={takenBack?.message} />
          <button className="quiet-button" aria-busy={isTakingBack}>
            Take my list back
          </button>
        </form>
      )}
    </>
  )
}
