'use server'

import { refresh } from 'next/cache'
import * as claim from '#lib/claim'
import { type Tx, unavailable } from '#lib/db'
import { type FormState, LikeForm, MarkedForm, parseForm, RowForm, SubscribeForm, UndoForm } from '#lib/forms'
import * as likes from '#lib/likes'
import * as mailingList from '#lib/mailing-list'
import { getAttempt, requireOwnOrigin, showAgain } from '#lib/request'
import { ensureViewer, renewSession, requireShownTo, requireShownToMember } from '#lib/session'
import { countTry } from '#lib/throttle'
import { addressOf, readView } from './ui/list-view'

const STALE = 'Your list changed in another tab. Have a look at it below, then try again.'

export async function addLike(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(LikeForm, form)
  if (!input.ok) return input.state
  const { thing: things, shownTo } = input.data
  const view = viewOf(input.data)
  let isFirst: boolean
  let outcome: Awaited<ReturnType<typeof likes.like>>
  try {
    const asker = await requireShownTo(shownTo, `/?${new URLSearchParams({ thing: things.join('\n') })}`)
    const attempt = await getAttempt()
    const { now } = attempt
    const countIt = (tx?: Tx) => countTry('likeByAddress', { ...attempt, tries: things.length }, tx)
    isFirst = asker.kind === 'stranger'
    // Before a session begins; otherwise with the like.
    if (isFirst) {
      await countIt()
      await countTry('newVisitorByAddress', attempt)
    }
    const viewer = await ensureViewer(asker, now)
    outcome = await likes.like(viewer, things, now, isFirst ? undefined : countIt)
    if (outcome === 'liked') await renewSession(viewer, now)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  // Never a new session here: its cookie would overwrite that of the log-in which took the list along.
  if (outcome === 'gone') return input.refuse({ message: 'Your list has just moved. Please press Like once more.' })
  if (outcome === 'already') return { values: {}, errors: {}, message: alreadyThere(things) }
  // Not the part that was looked at, where it may not be.
  await showAgain(isFirst ? '/?notice=first-like' : addressOf({ sort: view.sort }))
  return null
}

export async function removeLike(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(RowForm, form)
  if (!input.ok) return input.refuse({ message: STALE })
  try {
    const viewer = await requireShownTo(input.data.shownTo, addressOf(viewOf(input.data)))
    const isRemoved = viewer.kind !== 'stranger' && (await likes.removeLike(viewer, input.data.id, new Date()))
    if (!isRemoved) {
      refresh()
      return input.refuse({ message: STALE })
    }
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await showAgain(addressOf(viewOf(input.data)))
  return null
}

export async function undoRemove(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(UndoForm, form)
  if (!input.ok) return input.state
  try {
    const viewer = await requireShownTo(input.data.shownTo, addressOf(viewOf(input.data)))
    const isBack = viewer.kind !== 'stranger' && (await likes.undoRemove(viewer, input.data.at, new Date()))
    if (!isBack) return input.refuse({ message: 'It is too late to undo that. You can type it again.' })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await showAgain(addressOf(viewOf(input.data)))
  return null
}

export async function undoClaim(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(MarkedForm, form)
  if (!input.ok) return input.state
  try {
    const member = await requireShownToMember(input.data.shownTo, '/')
    await claim.undoClaim(member, new Date())
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
    await claim.dismissClaim(member)
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

function viewOf({ view }: { view: string }) {
  return readView(Object.fromEntries(new URLSearchParams(view)))
}

function alreadyThere(things: string[]) {
  const [thing, ...others] = things
  return others.length > 0 ? 'All of them are on your list already.' : `“${thing}” is on your list already.`
}
