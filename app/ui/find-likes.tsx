'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type FormEvent, useEffect, useRef } from 'react'
import { addressOf, type ListView } from './list-view'

/** How long nothing is typed until it is looked for, in milliseconds. */
const PAUSE = 150

const ORDERS = [
  ['newest', 'Newest'],
  ['a-z', 'A–Z'],
] as const

/** Looks for part of a thing, while it is typed where a script runs; and puts the list in another order. */
export function FindLikes({ view }: { view: ListView }) {
  const { q, sort } = view
  const router = useRouter()
  const input = useRef<HTMLInputElement>(null)
  const later = useRef<ReturnType<typeof setTimeout>>(undefined)

  // The address has changed otherwise: by a link, or by going back.
  useEffect(() => {
    if (input.current && !input.current.matches(':focus')) input.current.value = view.q
  }, [view])

  useEffect(() => () => clearTimeout(later.current), [])

  function find(wait: number) {
    clearTimeout(later.current)
    later.current = setTimeout(() => {
      // Otherwise the browser would show its own page for that, and take along what is typed here.
      if (wait > 0 && !navigator.onLine) return
      const address = addressOf({ q: input.current?.value ?? '', sort })
      router.replace(address, { scroll: false })
    }, wait)
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    find(0)
  }

  return (
    <div className="likes-tools">
      <search>
        <form action="/" onSubmit={submit} className="find">
          <label htmlFor="find">Find</label>
          <input
            id="find"
            name="q"
            type="search"
            ref={input}
            defaultValue={q}
            onChange={() => find(PAUSE)}
            maxLength={200}
            autoComplete="off"
            autoCapitalize="none"
            enterKeyHint="search"
          />
          {sort !== 'newest' && <input type="hidden" name="sort" value={sort} />}
          <button className="quiet-button needs-no-script">Find</button>
        </form>
      </search>
      <nav aria-label="Order of your likes">
        {ORDERS.map(([order, name]) => (
          <Link
            key={order}
            href={addressOf({ q, sort: order })}
            scroll={false}
            onClick={() => clearTimeout(later.current)}
            aria-current={order === sort ? 'true' : undefined}
          >
            {name}
          </Link>
        ))}
      </nav>
    </div>
  )
}
