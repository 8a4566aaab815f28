'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import { dismissClaim, undoClaim } from './actions'
import { Alert } from './ui/field'
import { ShownTo } from './ui/shown-to'

/** Says what a log-in brought along from this browser, and erases it when that was not wanted. */
export function ClaimReceipt({ count, isPublished, mark }: { count: number; isPublished: boolean; mark: string }) {
  const [undone, undo, isUndoing] = useActionState(undoClaim, null)
  const [dismissed, dismiss, isDismissing] = useActionState(dismissClaim, null)
  const message = undone?.message ?? dismissed?.message
  const them = count === 1 ? 'it' : 'them'
  return (
    <div role="status" className="notice receipt">
      <p>
        {count} {count === 1 ? 'like' : 'likes'} from this browser {count === 1 ? 'is' : 'are'} now in your account.
        {isPublished && (
          <>
            {' '}
            {count === 1 ? 'It is' : 'They are'} not on your page until you{' '}
            <Link href="/account#share">publish {them}</Link>.
          </>
        )}
      </p>
      <div className="receipt-actions">
        <form action={undo}>
          <ShownTo mark={mark} />
          <button className="quiet-button" aria-describedby="undo-claim" aria-busy={isUndoing}>
            Undo
          </button>
        </form>
        <form action={dismiss}>
          <ShownTo mark={mark} />
          <button className="quiet-button" aria-busy={isDismissing}>
            Keep {them}
          </button>
        </form>
        <span id="undo-claim" className="quiet">
          Undo erases {them}.
        </span>
      </div>
      <Alert error={message} />
    </div>
  )
}
