'use client'

import Link from 'next/link'
import { type FormEvent, startTransition, useActionState, useEffect, useOptimistic, useRef, useState } from 'react'
import { addLike, removeLike, undoRemove } from './actions'
import { Alert } from './ui/field'
import { ShownTo } from './ui/shown-to'

type Shown = { id: string; thing: string; isSettling?: boolean }
type Change = { add: string } | { remove: string }

type Props = {
  likes: Shown[]
  next: string | null
  count: number
  hasMore: boolean
  /** The cursor of this page; null on the first. */
  before: string | null
  removed: { thing: string; at: number } | null
  /** What was typed before a log-in came between. */
  typed: string | undefined
  /** For whom the page was made. */
  mark: string
}

/** The form, and the list as it will be: what was just typed or removed shows at once and settles with the answer. */
export function LikeList({ likes, next, count, hasMore, before, removed, typed, mark }: Props) {
  const isFirstPage = before === null
  const [added, add, isAdding] = useActionState(addLike, null)
  const [removal, remove] = useActionState(removeLike, null)
  const [undoing, undo, isUndoing] = useActionState(undoRemove, null)
  const [shown, change] = useOptimistic<Shown[], Change>(likes, applyChange)
  const form = useRef<HTMLFormElement>(null)

  const [asked, setAsked] = useState<'add' | 'remove' | 'undo' | null>(null)

  const error = added?.errors.thing
  const refused = added?.values.thing
  const answers = { add: added, remove: removal, undo: undoing }
  // Of what was asked last. Without script each page is a new one, with at most one answer.
  const message = (asked ? answers[asked] : (added ?? removal ?? undoing))?.message

  // A refused thing comes back to be mended, unless the next one is being typed already.
  useEffect(() => {
    const input = form.current?.thing
    if (added?.values.thing && input && input.value === '') input.value = added.values.thing
  }, [added])

  function submitLike(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const thing = String(data.get('thing')).trim()
    event.currentTarget.thing.value = ''
    event.currentTarget.thing.focus()
    setAsked('add')
    // The address has done its part, and a reload would type it again.
    if (typed) window.history.replaceState(null, '', '/')
    startTransition(() => {
      if (thing && isFirstPage) change({ add: thing })
      add(data)
    })
  }

  function submitRemoval(event: FormEvent<HTMLFormElement>, id: string) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    setAsked('remove')
    startTransition(() => {
      change({ remove: id })
      remove(data)
    })
  }

  return (
    <>
      <form action={add} onSubmit={submitLike} ref={form} className="like-form" noValidate>
        <label htmlFor="thing">I like</label>
        <div className="like-row">
          <input
            id="thing"
            name="thing"
            type="text"
            autoComplete="off"
            enterKeyHint="done"
            defaultValue={refused ?? typed}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? 'thing-error' : undefined}
          />
          <button aria-busy={isAdding}>Like</button>
        </div>
        <Alert id="thing-error" error={error} />
        <input type="hidden" name="before" value={before ?? ''} />
        <ShownTo mark={mark} />
      </form>

      <section aria-labelledby="your-likes" className="likes">
        <header className="likes-header">
          <h2 id="your-likes">Your likes</h2>
          {count > 0 && <p className="quiet">{hasMore ? '1,000+' : count.toLocaleString('en')}</p>}
        </header>

        <div role="status" className="list-status">
          {message && <p>{message}</p>}
          {removed && (
            <form action={undo} onSubmit={() => setAsked('undo')} className="undo">
              <input type="hidden" name="at" value={removed.at} />
              <input type="hidden" name="before" value={before ?? ''} />
              <ShownTo mark={mark} />
              <span>
                Removed “<bdi>{removed.thing}</bdi>”.
              </span>
              <button className="quiet-button" aria-busy={isUndoing}>
                Undo
              </button>
            </form>
          )}
        </div>

        {shown.length === 0 ? (
          <p className="empty">Nothing yet. Type the first thing that comes to mind.</p>
        ) : (
          <ul aria-labelledby="your-likes">
            {shown.map((like) => (
              <li key={like.id} data-settling={like.isSettling}>
                <bdi>{like.thing}</bdi>
                <form action={remove} onSubmit={(event) => submitRemoval(event, like.id)}>
                  <input type="hidden" name="id" value={like.id} />
                  <input type="hidden" name="before" value={before ?? ''} />
                  <ShownTo mark={mark} />
                  <button className="quiet-button" disabled={like.isSettling}>
                    Remove <span className="visually-hidden">{like.thing}</span>
                  </button>
                </form>
              </li>
            ))}
          </ul>
        )}

        {(next || !isFirstPage) && (
          <nav aria-label="Pages of your likes" className="pages">
            {!isFirstPage && <Link href="/">Newest</Link>}
            {next && <Link href={`/?before=${next}`}>Older</Link>}
          </nav>
        )}
      </section>
    </>
  )
}

function applyChange(likes: Shown[], change: Change): Shown[] {
  if ('remove' in change) return likes.filter((like) => like.id !== change.remove)
  const isThere = likes.some((like) => like.thing.toLowerCase() === change.add.toLowerCase())
  return isThere ? likes : [{ id: `new ${change.add}`, thing: change.add, isSettling: true }, ...likes]
}
