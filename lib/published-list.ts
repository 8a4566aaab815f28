/**
 * A member's list on a page that everybody may read. What a log-in brought along is left out of it until its member
 * publishes that too, since it may be what somebody else liked in this browser.
 */
import { db, isGone, type Tx, transaction } from './db.ts'
import { announce } from './log.ts'
import { type EventKind, record } from './security-log.ts'
import { changeData, holdSession } from './session-data.ts'
import type { Attempt, Member } from './viewer.ts'

/** What stands above the list, or '' for a title made of the username; and whether search engines may list the page. */
export type Cover = { title: string; isIndexable: boolean }

export type Publication = Cover & {
  isPublished: boolean
  /** By the owner of the site; it cannot be published until they allow it again. */
  isTakenDown: boolean
  /** How many likes log-ins brought along that are not on the page, and by which claims. */
  heldBack: { count: number; claims: string[] }
}

const COLUMNS = { listTitle: true, isIndexable: true, publishedAt: true, takenDownAt: true } as const

/** What a member's own page says of it. */
export async function publicationOf({ userId }: Member): Promise<Publication> {
  const [user, groups] = await Promise.all([
    db().user.findUniqueOrThrow({ where: { id: userId }, select: COLUMNS }),
    db().like.groupBy({ by: 'claimId', where: { userId, claimId: { not: null } }, _count: true }),
  ])
  const { listTitle: title, isIndexable, publishedAt, takenDownAt } = user
  const claims = groups.map(({ claimId }) => String(claimId))
  const heldBack = { count: groups.reduce((sum, { _count }) => sum + _count, 0), claims }
  return { title, isIndexable, isPublished: publishedAt !== null, isTakenDown: takenDownAt !== null, heldBack }
}

export type PublishedList = Cover & { userId: string; username: string }

/** The published list of this name, in any case. Nobody's, one that is not published and a disabled member's are null. */
export async function findPublishedList(name: string): Promise<PublishedList | null> {
  const where = { username: name.toLowerCase(), publishedAt: { not: null }, disabledAt: null }
  const select = { id: true, username: true, listTitle: true, isIndexable: true }
  // What no username can contain is in none, and may be nothing that a database takes.
  const user = /^[\w-]{3,30}$/.test(name) ? await db().user.findFirst({ where, select }) : null
  return user && { userId: user.id, username: user.username, title: user.listTitle, isIndexable: user.isIndexable }
}

/** What a list that nobody else reads has of all this. */
export const NOT_PUBLISHED = { publishedAt: null, listTitle: '', isIndexable: false }

/**
 * Publishes the list, with what these claims brought. Their receipts, in whatever session, are put away with their Undo.
 * @param claims Those that the member was shown; what others have brought since is held back.
 * @returns false when the owner of the site has taken it down, or the session has ended; nothing has happened then.
 */
export async function publishList(
  member: Member,
  { title, isIndexable, claims }: Cover & { claims: string[] },
  attempt: Attempt,
): Promise<boolean> {
  const { userId } = member
  const data = { publishedAt: attempt.now, listTitle: title, isIndexable }
  return change(member, { where: { takenDownAt: null }, data, kind: 'listPublished' }, attempt, async (tx) => {
    await tx.like.updateMany({ where: { userId, claimId: { in: claims } }, data: { claimId: null } })
    for (const { id } of await tx.session.findMany({ where: { userId }, select: { id: true } }))
      await changeData(tx, id, ({ claim, ...data }) =>
        claim && !claims.includes(claim.id) ? { ...data, claim } : data,
      )
  })
}

/** Changes how a published list looks. @returns false when it is not published, or the session has ended. */
export async function changeCover(member: Member, { title, isIndexable }: Cover, attempt: Attempt): Promise<boolean> {
  const data = { listTitle: title, isIndexable }
  return change(member, { where: { publishedAt: { not: null } }, data, kind: null }, attempt)
}

/**
 * Takes a published list back: from then on only its member reads it, and nothing is kept of what stood above it.
 * @returns false when it was not published, or the session has ended.
 */
export async function takeListBack(member: Member, attempt: Attempt): Promise<boolean> {
  const where = { publishedAt: { not: null } }
  return change(member, { where, data: NOT_PUBLISHED, kind: 'listTakenBack' }, attempt)
}

type Change = {
  where: { takenDownAt: null } | { publishedAt: { not: null } }
  data: { publishedAt?: Date | null; listTitle?: string; isIndexable?: boolean }
  kind: EventKind | null
}

/** Changes the member's row where it is as said, with its event, and only while the session lasts. */
async function change(member: Member, { where, data, kind }: Change, attempt: Attempt, andThen = async (_: Tx) => {}) {
  const { userId } = member
  const event = kind && { kind, userId, ...attempt }
  const work = transaction(async (tx) => {
    const { count } = await tx.user.updateMany({ where: { id: userId, ...where }, data })
    await holdSession(tx, member)
    if (count === 0) return false
    await andThen(tx)
    if (event) await record(tx, event)
    return true
  })
  const isDone = await work.catch((error) => {
    if (isGone(error)) return false
    throw error
  })
  if (isDone && event) announce(event)
  return isDone
}
