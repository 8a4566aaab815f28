/**
 * A member's list on a page that everybody may read. What a log-in brought along is left out of it until its member
 * publishes that too, since it may be what somebody else liked in this browser.
 */
import { db, isGone, type Tx, transaction } from './db.ts'
import { announce } from './log.ts'
import { type EventKind, record } from './security-log.ts'
import { changeData } from './session-data.ts'
import type { Attempt, Member } from './viewer.ts'

/** What stands above the list, or '' for a title made of the username; and whether search engines may list the page. */
export type Cover = { title: string; isIndexed: boolean }

export type Publication = Cover & {
  isPublished: boolean
  /** By the owner of the site; it cannot be published until they allow it again. */
  isTakenDown: boolean
  /** How many likes a log-in brought along that are not on the page. */
  heldBack: number
}

/** What a member's own page says of it. */
export async function publicationOf({ userId }: Member): Promise<Publication> {
  const [user, heldBack] = await Promise.all([
    db().user.findUniqueOrThrow({ where: { id: userId } }),
    db().like.count({ where: { userId, claimId: { not: null } } }),
  ])
  const { listTitle: title, isIndexed, publishedAt, takenDownAt } = user
  return { title, isIndexed, isPublished: publishedAt !== null, isTakenDown: takenDownAt !== null, heldBack }
}

export type PublishedList = Cover & { userId: string; username: string }

/** The published list of this name, in any case. Nobody's, one that is not published and a disabled member's are null. */
export async function findPublishedList(name: string): Promise<PublishedList | null> {
  const where = { username: name.toLowerCase(), publishedAt: { not: null }, disabledAt: null }
  const select = { id: true, username: true, listTitle: true, isIndexed: true }
  // What no username can contain is in none, and may be nothing that a database takes.
  const user = /^[\w-]{3,30}$/.test(name) ? await db().user.findFirst({ where, select }) : null
  return user && { userId: user.id, username: user.username, title: user.listTitle, isIndexed: user.isIndexed }
}

/** What a list that nobody else reads has of all this. */
export const UNPUBLISHED = { publishedAt: null, listTitle: '', isIndexed: false }

/**
 * Publishes the list: all that is on it, so the receipts of what log-ins brought, with their Undo, are put away.
 * @param heldBack How many of those likes the member was shown: no others are published.
 * @returns false when there are more or fewer, the owner of the site has taken it down, or the session has ended; nothing
 *   has happened then.
 */
export async function publishList(
  member: Member,
  { title, isIndexed, heldBack }: Cover & { heldBack: number },
  attempt: Attempt,
): Promise<boolean> {
  const { userId } = member
  const data = { publishedAt: attempt.now, listTitle: title, isIndexed }
  return change(member, { where: { takenDownAt: null }, data, kind: 'listPublished' }, attempt, async (tx) => {
    const { count } = await tx.like.updateMany({ where: { userId, claimId: { not: null } }, data: { claimId: null } })
    if (count !== heldBack) throw new HasChanged()
    const sessions = await tx.session.findMany({
      where: { userId, data: { contains: '"claim"' } },
      select: { id: true },
    })
    for (const { id } of sessions) await changeData(tx, id, ({ claim: _, ...data }) => data)
  })
}

/** Changes how a published list looks. @returns false when it is not published, or the session has ended. */
export async function changeCover(member: Member, { title, isIndexed }: Cover, attempt: Attempt): Promise<boolean> {
  const data = { listTitle: title, isIndexed }
  return change(member, { where: { publishedAt: { not: null } }, data, kind: null }, attempt)
}

/**
 * Takes a published list back: from then on only its member reads it, and nothing is kept of what stood above it.
 * @returns false when it was not published, or the session has ended.
 */
export async function unpublishList(member: Member, attempt: Attempt): Promise<boolean> {
  const where = { publishedAt: { not: null } }
  return change(member, { where, data: UNPUBLISHED, kind: 'listUnpublished' }, attempt)
}

/** Something is not as the member was shown; rolls back. */
class HasChanged extends Error {
  override name = 'HasChanged'
}

type Change = {
  where: { takenDownAt: null } | { publishedAt: { not: null } }
  data: { publishedAt?: Date | null; listTitle?: string; isIndexed?: boolean }
  kind: EventKind | null
}

/** Changes the member's row where it is as said, with its event, and only while the session lasts. */
async function change(
  { userId, session }: Member,
  { where, data, kind }: Change,
  attempt: Attempt,
  andThen = async (_: Tx) => {},
) {
  const event = kind && { kind, userId, ...attempt }
  const work = transaction(async (tx) => {
    const { count } = await tx.user.updateMany({ where: { id: userId, ...where }, data })
    await tx.session.update({ where: { id: session.id, userId }, data: { userId }, select: { id: true } })
    if (count === 0) return false
    await andThen(tx)
    if (event) await record(tx, event)
    return true
  })
  const isDone = await work.catch((error) => {
    if (isGone(error) || error instanceof HasChanged) return false
    throw error
  })
  if (isDone && event) announce(event)
  return isDone
}
