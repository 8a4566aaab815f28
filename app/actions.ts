'use server'

import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import { action } from '#lib/action'
import * as claim from '#lib/claim'
import type { Tx } from '#lib/db'
import { LikeForm, MarkedForm, RowForm, SubscribeForm, UndoForm } from '#lib/forms'
import * as likes from '#lib/likes'
import * as mailingList from '#lib/mailing-list'
import { getAttempt, showAgain } from '#lib/request'
import { ensureViewer, renewSession, requireShownTo, requireShownToMember } from '#lib/session'
import { countTry } from '#lib/throttle'
import { addressOf, readView } from './ui/list-view'

const STALE = 'Your list changed in another tab. Have a look at it below, then try again.'

export const addLike = action(LikeForm, async ({ thing: things, shownTo, ...input }, refuse) => {
  const asker = await requireShownTo(shownTo, `/?${new URLSearchParams({ thing: things.join('\n') })}`)
  const attempt = await getAttempt()
  const { now } = attempt
  const countIt = (tx?: Tx) => countTry('likeByAddress', { ...attempt, tries: things.length }, tx)
  const isFirst = asker.kind === 'stranger'
  // Before a session begins; otherwise with the like.
  if (isFirst) {
    await countIt()
    await countTry('newVisitorByAddress', attempt)
  }
  const viewer = await ensureViewer(asker, now)
  const outcome = await likes.like(viewer, things, now, isFirst ? undefined : countIt)
  if (outcome === 'liked') await renewSession(viewer, now)
  // Never a new session here: its cookie would overwrite that of the log-in which took the list along.
  if (outcome === 'gone') return refuse({ message: 'Your list has just moved. Please press Like once more.' })
  if (outcome === 'already') return { values: {}, errors: {}, message: alreadyThere(things) }
  // Not the part that was looked at, where it may not be.
  return showAgain(isFirst ? '/?notice=first-like' : addressOf({ sort: viewOf(input).sort }))
})

export const removeLike = action(RowForm, async (input, refuse) => {
  const viewer = await requireShownTo(input.shownTo, addressOf(viewOf(input)))
  const isRemoved = viewer.kind !== 'stranger' && (await likes.removeLike(viewer, input.id, new Date()))
  if (!isRemoved) {
    refresh()
    return refuse({ message: STALE })
  }
  return showAgain(addressOf(viewOf(input)))
})

export const undoRemove = action(UndoForm, async (input, refuse) => {
  const viewer = await requireShownTo(input.shownTo, addressOf(viewOf(input)))
  const isBack = viewer.kind !== 'stranger' && (await likes.undoRemove(viewer, input.at, new Date()))
  if (!isBack) return refuse({ message: 'It is too late to undo that. You can type it again.' })
  return showAgain(addressOf(viewOf(input)))
})

export const undoClaim = action(MarkedForm, async (input) => {
  const member = await requireShownToMember(input.shownTo, '/')
  const count = await claim.undoClaim(member, new Date())
  if (count === 0) redirect('/?notice=nothing-erased')
  return showAgain('/')
})

export const dismissClaim = action(MarkedForm, async (input) => {
  const member = await requireShownToMember(input.shownTo, '/')
  await claim.dismissClaim(member)
  return showAgain('/')
})

export const subscribe = action(SubscribeForm, async ({ email, shownTo }) => {
  const asker = await requireShownTo(shownTo, '/')
  const attempt = await getAttempt()
  await countTry('mailByAddress', attempt)
  const isFirst = asker.kind === 'stranger'
  if (isFirst) await countTry('newVisitorByAddress', attempt)
  await mailingList.subscribe(await ensureViewer(asker, attempt.now), email, attempt)
  return showAgain(isFirst ? '/?notice=first-address' : '/')
})

function viewOf({ view }: { view: string }) {
  return readView(Object.fromEntries(new URLSearchParams(view)))
}

function alreadyThere(things: string[]) {
  const [thing, ...others] = things
  return others.length > 0 ? 'All of them are on your list already.' : `“${thing}” is on your list already.`
}
