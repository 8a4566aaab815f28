'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type FormEvent, startTransition, useActionState, useEffect, useOptimistic, useRef, useState } from 'react'
import { removeLike, undoRemove } from './actions'
import { useAdding } from './ui/adding'
import { FindLikes } from './ui/find-likes'
import { isMany, LikeField } from './ui/like-field'
import { addressOf, type ListView, likesInWords, queryOf } from './ui/list-view'
import { ShownTo } from './ui/shown-to'
import { Thing } from './ui/thing'

type Shown = { id: string; thing: string; isHeldBack?: boolean; isSettling?: boolean }
type Change = { add: string[] } | { remove: string }

type Props = {
  likes: Shown[]
  next: string | null
  count: number
  hasMore: boolean
  view: ListView
  removed: { thing: string; at: number } | null
  /** What was typed before a log-in came between. */
  typed: string | undefined
  /** For whom the page was made. */
  mark: string
}

/** What only who cannot see the list must be told. */
const DONE = { add: 'Added.', remove: '', undo: 'Back on your list.' }

/** The form, and the list as it will be: what was just typed or removed shows at once and settles with the answer. */
export function LikeList({ likes, next, count, hasMore, view, removed, typed, mark }: Props) {
  const { added, add, post, isAdding } = useAdding()
  const [removal, remove] = useActionState(removeLike, null)
  const [undoing, undo, isUndoing] = useActionState(undoRemove, null)
  const [shown, change] = useOptimistic<Shown[], Change>(likes, applyChange)
  const [field, setField] = useState({ text: added?.values.thing ?? typed, times: 0 })
  const [asked, setAsked] = useState<'add' | 'remove' | 'undo' | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)

  const answers = { add: added, remove: removal, undo: undoing }
  // Of what was asked last. Without script each page is a new one, with at most one answer.
  const last = asked ? answers[asked] : (added ?? removal ?? undoing)
  const where = (
    <>
      <input type="hidden" name="view" value={queryOf(view)} />
      <ShownTo mark={mark} />
    </>
  )

  // What was liked while a part of the list was shown is on the whole of it.
  const router = useRouter()
  const wasAdding = useRef(false)
  useEffect(() => {
    if (wasAdding.current && !isAdding && !added && (view.q || view.before)) {
      router.push(addressOf({ sort: view.sort }), { scroll: false })
    }
    wasAdding.current = isAdding
  }, [isAdding, added, view, router])

  // What was refused comes back to be mended, before what has been typed since.
  useEffect(() => {
    const [input, refused] = [form.current?.thing, added?.values.thing]
    if (!refused || !input || input.value === refused) return
    const text = [refused, input.value].filter(Boolean).join('\n')
    if (isMany(text)) setField(({ times }) => ({ text, times: times + 1 }))
    else input.value = text
  }, [added])

  function submitLike(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const things = String(data.get('thing')).split(/[\r\n]+/)
    const input = event.currentTarget.thing
    input.value = ''
    if (things.length > 1) setField(({ times }) => ({ text: '', times: times + 1 }))
    else input.focus()
    setAsked('add')
    // The address has done its part, and a reload would type it again.
    if (typed) window.history.replaceState(null, '', '/')
    startTransition(() => {
      if (addressOf(view) === '/') change({ add: things.map((thing) => thing.trim()).filter(Boolean) })
      add(data)
    })
  }

  function submitRemoval(event: FormEvent<HTMLFormElement>, id: string) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const row = event.currentTarget.closest('li')
    // The button is about to go, and the focus with it.
    const beside = row?.nextElementSibling ?? row?.previousElementSibling
    ;(beside?.querySelector<HTMLElement>('button:enabled') ?? heading.current)?.focus()
    setAsked('remove')
    startTransition(() => {
      change({ remove: id })
      remove(data)
    })
  }

  function submitUndo() {
    toHeading()
    setAsked('undo')
  }

  // Whatever was pressed is about to go.
  function toHeading() {
    heading.current?.focus()
  }

  return (
    <>
      <form action={post} onSubmit={submitLike} ref={form} className="like-form" noValidate>
        <LikeField key={field.times} text={field.text} isNext={field.times > 0} error={added?.errors.thing}>
          <button aria-busy={isAdding}>Like</button>
        </LikeField>
        <div role="alert">{added?.message && last === added && <p className="notice">{added.message}</p>}</div>
        {where}
      </form>

      <section aria-labelledby="your-likes" className="likes">
        <header className="likes-header">
          <h2 id="your-likes" ref={heading} tabIndex={-1}>
            Your likes
          </h2>
          {count > 0 && !view.q && <p className="quiet">{likesInWords({ count, hasMore })}</p>}
        </header>
        {(count > 1 || view.q) && <FindLikes view={view} />}

        <div className="list-status">
          <div role="status">
            {last && last !== added && last.message && <p className="notice">{last.message}</p>}
            {asked && !last && !isAdding && !isUndoing && <span className="visually-hidden">{DONE[asked]}</span>}
          </div>
          <div className="found">
            <div role="status">{view.q && <p>{foundInWords(count, hasMore, view)}</p>}</div>
            {view.q && (
              <Link href={addressOf({ sort: view.sort })} scroll={false} onClick={toHeading}>
                Show all
              </Link>
            )}
          </div>
          <div role="status">
            {removed && (
              <form action={undo} onSubmit={submitUndo} className="undo">
                <input type="hidden" name="at" value={removed.at} />
                {where}
                <span>
                  Removed “<bdi>{removed.thing}</bdi>”.
                </span>
                <button className="quiet-button" aria-busy={isUndoing}>
                  Undo
                </button>
              </form>
            )}
          </div>
        </div>

        {shown.length === 0 && !view.q && (
          <p className="empty">
            Nothing yet. Type the first thing that comes to mind
            <span className="needs-script">, or paste a list that you have</span>.
          </p>
        )}
        {shown.length > 0 && (
          <ul aria-labelledby="your-likes">
            {shown.map((like) => (
              <li key={like.id} data-settling={like.isSettling}>
                <Thing thing={like.thing} />
                <form action={remove} onSubmit={(event) => submitRemoval(event, like.id)}>
                  <input type="hidden" name="id" value={like.id} />
                  {where}
                  <button
                    className="quiet-button"
                    disabled={like.isSettling}
                    aria-describedby={like.isHeldBack ? `held-${like.id}` : undefined}
                  >
                    Remove <span className="visually-hidden">{like.thing}</span>
                  </button>
                </form>
                {like.isHeldBack && (
                  <span id={`held-${like.id}`} className="quiet held-back">
                    Not on your page
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}

        {(next || view.before) && (
          <nav aria-label="Pages of your likes" className="pages">
            {view.before && (
              <Link href={addressOf({ ...view, before: '' })} onClick={toHeading}>
                First page
              </Link>
            )}
            {next && (
              <Link href={addressOf({ ...view, before: next })} onClick={toHeading}>
                {view.sort === 'newest' ? 'Older' : 'More'}
              </Link>
            )}
          </nav>
        )}
      </section>
    </>
  )
}

function foundInWords(count: number, hasMore: boolean, { q }: ListView) {
  if (count > 0) return `${hasMore ? '1,000+' : count.toLocaleString('en')} found`
  return (
    <>
      Nothing on your list has “<bdi>{q}</bdi>” in it.
    </>
  )
}

function applyChange(likes: Shown[], change: Change): Shown[] {
  if ('remove' in change) return likes.filter((like) => like.id !== change.remove)
  const isThere = (thing: string) => likes.some((like) => like.thing.toLowerCase() === thing.toLowerCase())
  const added = [...new Set(change.add)].filter((thing) => !isThere(thing))
  return [...added.map((thing) => ({ id: `new ${thing}`, thing, isSettling: true })), ...likes]
}
