'use server'

import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import { type Tx, unavailable } from '#lib/db'
import { type FormState, LikeForm, MarkedForm, parseForm, RowForm, SubscribeForm, UndoForm } from '#lib/forms'
import * as likes from '#lib/likes'
import * as mailingList from '#lib/mailing-list'
import { getAttempt, requireOwnOrigin, showAgain } from '#lib/request'
import { ensureViewer, renewSession, requireShownTo, requireShownToMember } from '#lib/session'
import { countTry } from '#lib/throttle'

const STALE = 'Your list changed in another tab. Have a look at it below, then try again.'

export async function addLike(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(LikeForm, form)
  if (!input.ok) return input.state
  const { thing, before, shownTo } = input.data
  let isFirst: boolean
  let outcome: Awaited<ReturnType<typeof likes.like>>
  try {
    const asker = await requireShownTo(shownTo, `/?thing=${encodeURIComponent(thing)}`)
    const attempt = await getAttempt()
    const { now } = attempt
    const countIt = (tx?: Tx) => countTry('likeByAddress', attempt, tx)
    isFirst = asker.kind === 'stranger'
    // Before a session begins; otherwise with the like.
    if (isFirst) {
      await countIt()
      await countTry('newVisitorByAddress', attempt)
    }
    const viewer = await ensureViewer(asker, now)
    outcome = await likes.like(viewer, thing, now, isFirst ? undefined : countIt)
    if (outcome === 'liked') await renewSession(viewer, now)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  // Never a new session here: its cookie would overwrite that of the log-in which took the list along.
  if (outcome === 'gone') return input.refuse({ message: 'Your list has just moved. Please press Like once more.' })
  if (outcome === 'already') return { values: {}, errors: {}, message: `“${thing}” is on your list already.` }
  if (before) redirect('/')
  await showAgain(isFirst ? '/?notice=first-like' : '/')
  return null
}

export async function removeLike(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(RowForm, form)
  if (!input.ok) return input.refuse({ message: STALE })
  try {
    const viewer = await requireShownTo(input.data.shownTo, pageAt(input.data.before))
    const isRemoved = viewer.kind !== 'stranger' && (await likes.removeLike(viewer, input.data.id, new Date()))
    if (!isRemoved) {
      refresh()
      return input.refuse({ message: STALE })
    }
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await showAgain(pageAt(input.data.before))
  return null
}

export async function undoRemove(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(UndoForm, form)
  if (!input.ok) return input.state
  try {
    const viewer = await requireShownTo(input.data.shownTo, pageAt(input.data.before))
    const isBack = viewer.kind !== 'stranger' && (await likes.undoRemove(viewer, input.data.at, new Date()))
    if (!isBack) return input.refuse({ message: 'It is too late to undo that. You can type it again.' })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await showAgain(pageAt(input.data.before))
  return null
}

export async function undoClaim(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(MarkedForm, form)
  if (!input.ok) return input.state
  try {
    const member = await requireShownToMember(input.data.shownTo, '/')
    await likes.undoClaim(member, new Date())
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await showAgain('/')
  return null
}

export async function dismissClaim(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(MarkedForm, form)
  if (!input.ok) return input.state
  try {
    const member = await requireShownToMember(input.data.shownTo, '/')
    await likes.dismissClaim(member)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await showAgain('/')
  return null
}

export async function subscribe(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(SubscribeForm, form)
  if (!input.ok) return input.state
  const { email, shownTo } = input.data
  let isFirst: boolean
  try {
    const asker = await requireShownTo(shownTo, '/')
    const attempt = await getAttempt()
    await countTry('mailByAddress', attempt)
    isFirst = asker.kind === 'stranger'
    if (isFirst) await countTry('newVisitorByAddress', attempt)
    await mailingList.subscribe(await ensureViewer(asker, attempt.now), email, attempt)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await showAgain(isFirst ? '/?notice=first-address' : '/')
  return null
}

/** The page of the list with this cursor. */
function pageAt(before: string) {
  return before ? `/?before=${encodeURIComponent(before)}` : '/'
}
