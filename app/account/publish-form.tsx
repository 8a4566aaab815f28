'use client'

import { useActionState } from 'react'
import { Alert, Field } from '../ui/field'
import { titleOf } from '../ui/list-view'
import { ShownTo } from '../ui/shown-to'
import { changePublication, takeListBack } from './actions'

type Props = {
  username: string
  title: string
  isIndexable: boolean
  isPublished: boolean
  heldBack: { count: number; claims: string[] }
  mark: string
}

/** Publishes the list, changes what stands above it there, or takes it back. */
export function PublishForm({ username, title, isIndexable, isPublished, heldBack, mark }: Props) {
  const [state, formAction, isPending] = useActionState(changePublication, null)
  const [takenBack, takeBack, isTakingBack] = useActionState(takeListBack, null)
  const values = state?.values ?? { title, isIndexable: isIndexable ? 'on' : '' }
  return (
    <>
      <form action={formAction} className="card" noValidate>
        <ShownTo mark={mark} />
        <input type="hidden" name="claims" value={heldBack.claims.join(' ')} />
        <Alert error={state?.message ?? state?.errors.act} />
        <Field
          name="title"
          label="Title"
          hint={`What stands above your list, in up to 80 characters. Without one: “${titleOf({ title: '', username })}”.`}
          error={state?.errors.title}
          defaultValue={values.title}
          autoComplete="off"
        />
        <label className="check">
          <input type="checkbox" name="isIndexable" defaultChecked={values.isIndexable === 'on'} /> Search engines may
          list the page
        </label>
        <button name="act" value={isPublished ? 'save' : 'publish'} aria-busy={isPending}>
          {isPublished ? 'Save' : 'Publish my list'}
        </button>
        {isPublished && heldBack.count > 0 && (
          <button className="second" name="act" value="publish" aria-busy={isPending}>
            Publish {heldBack.count === 1 ? 'the like' : `the ${heldBack.count} likes`} held back
          </button>
        )}
      </form>
      {isPublished && (
        <form action={takeBack} className="card">
          <ShownTo mark={mark} />
          <Alert error={takenBack?.message} />
          <p className="quiet">The page and its title go, and your likes stay.</p>
          <button className="quiet-button" aria-busy={isTakingBack}>
            Take my list back
          </button>
        </form>
      )}
    </>
  )
}
