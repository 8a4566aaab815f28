/** Likes: the list of a visitor or a member. Every statement carries its owner, so nobody reaches another's row. */
import { isGone, isOrphan, isTaken, type Tx, transaction } from './db.ts'
import { insertLike, type LikeRow, readLikes, readPublishedLikes, type Wanted } from './hot-queries.ts'
import { changeData } from './session-data.ts'
import { type Keeper, ownerOf } from './viewer.ts'

const PAGE_SIZE = 50
const COUNT_AT_MOST = 1000

/** How long the like removed last can be put back, in milliseconds. */
const UNDO_FOR = 10 * 60_000

export type LikePage = {
  /** One that is held back is not on the list's page, though the list is published. */
  likes: { id: string; thing: string; isHeldBack?: boolean }[]
  /** The cursor of the next page, or null on the last one. */
  next: string | null
  /** How many there are in all; exact up to 1,000. */
  count: number
  hasMore: boolean
}

/**
 * One page of a list: all of it, newest first, unless something is looked for, or it is wanted from A to Z. A cursor that
 * means nothing, or nothing any more, shows the first page.
 * @param wanted.q Part of a thing, in any case.
 */
export async function listLikes(
  keeper: Keeper,
  cursor: string | null,
  { q = '', sort = 'newest' }: { q?: string; sort?: Wanted['sort'] } = {},
): Promise<LikePage> {
  const after = cursor ? parseCursor(cursor, sort) : null
  const wanted = { sort, part: keyOf(q.normalize('NFC').trim()), after }
  const rows = await readLikes(ownerOf(keeper), wanted, MOST)
  if (rows.length === 0 && after) return listLikes(keeper, null, { q, sort })
  const isPublished = keeper.kind === 'member' && keeper.isPublished
  const likes = rows.slice(0, PAGE_SIZE).map(({ id, thing, claimId }) => ({
    ...{ id, thing },
    ...(isPublished && claimId && { isHeldBack: true }),
  }))
  const last = rows.length > PAGE_SIZE && rows[PAGE_SIZE - 1]
  return { likes, next: last ? cursorOf(last, sort) : null, ...countOf(rows) }
}

const MOST = { limit: PAGE_SIZE + 1, countAtMost: COUNT_AT_MOST + 1 }

function countOf([row]: { count: bigint }[]) {
  const count = Number(row?.count ?? 0)
  return { count: Math.min(count, COUNT_AT_MOST), hasMore: count > COUNT_AT_MOST }
}

/**
 * One page of a published list, newest first, as everybody reads it: without what is held back, and with no id and no time.
 * @param number From 1 on; one beyond the last shows the first.
 */
export async function listPublishedLikes(
  { userId }: { userId: string },
  number: number,
): Promise<Pick<LikePage, 'count' | 'hasMore'> & { things: string[]; number: number; isLast: boolean }> {
  const rows = await readPublishedLikes(userId, (number - 1) * PAGE_SIZE, MOST)
  if (rows.length === 0 && number > 1) return listPublishedLikes({ userId }, 1)
  const things = rows.slice(0, PAGE_SIZE).map(({ thing }) => thing)
  return { things, number, isLast: rows.length <= PAGE_SIZE, ...countOf(rows) }
}

/**
 * Adds a thing, or several. Liking what is liked already changes nothing and is not an error.
 * @param things As `forms.ts` parsed them: NFC, trimmed, 1–200 characters each. The first will be the newest.
 * @param countIt Counts the tries, in the same transaction, since each commit waits for the disk.
 * @returns 'already' when all were liked; 'gone' when the session ended between the question who is asking and this write.
 * @throws what `countIt` throws; nothing is added then.
 */
export async function like(
  keeper: Keeper,
  things: string | string[],
  now: Date,
  countIt = async (_: Tx) => {},
): Promise<'liked' | 'already' | 'gone'> {
  try {
    return await transaction(async (tx) => {
      await countIt(tx)
      let areNew = 0
      for (const thing of [things].flat().reverse()) {
        const row = { thing, thingKey: keyOf(thing), createdAt: now }
        if (await insertLike(tx, ownerOf(keeper), row)) areNew++
      }
      const { removed } = keeper.session.data
      if (areNew > 0 && removed) await forgetRemoved(tx, keeper, removed.at)
      return areNew > 0 ? 'liked' : 'already'
    })
  } catch (error) {
    if (isOrphan(error)) return 'gone'
    throw error
  }
}

/** Removes a like and remembers it in the session for Undo. @returns false when it was not there, or not theirs. */
export async function removeLike(keeper: Keeper, id: string, now: Date): Promise<boolean> {
  try {
    await transaction(async (tx) => {
      const select = { thing: true, claimId: true, createdAt: true }
      const { thing, claimId, createdAt } = await tx.like.delete({ where: { id, ...ownerOf(keeper) }, select })
      const removed = { thing, claimId, likedAt: createdAt.getTime(), at: now.getTime() }
      await changeData(tx, keeper.session.id, (data) => ({ ...data, removed }))
    })
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

/** The like that Undo would put back, or null. */
export function undoableLike(keeper: Keeper, now: Date): { thing: string; at: number } | null {
  const { removed } = keeper.session.data
  return removed && now.getTime() - removed.at < UNDO_FOR ? { thing: removed.thing, at: removed.at } : null
}

/**
 * Puts the like removed last back in its place.
 * @param at When it was removed, so that a page which is behind does not bring back another.
 * @returns false when it is not the one removed last, or too much time has passed.
 */
export async function undoRemove(keeper: Keeper, at: number, now: Date): Promise<boolean> {
  const { removed } = keeper.session.data
  if (removed?.at !== at || !undoableLike(keeper, now)) return false
  const { thing, claimId, likedAt } = removed
  try {
    await transaction(async (tx) => {
      const row = { thing, thingKey: keyOf(thing), claimId, createdAt: new Date(likedAt) }
      await tx.like.create({ data: { ...ownerOf(keeper), ...row } })
      await forgetRemoved(tx, keeper, at)
    })
    return true
  } catch (error) {
    if (isOrphan(error)) return false
    if (!isTaken(error)) throw error
    // Liked again meanwhile, on another device: it is there, which is what was asked for.
    await transaction((tx) => forgetRemoved(tx, keeper, at))
    return true
  }
}

/** What uniqueness is judged by: upper case first, since only it unfolds "ß" to "SS" and both sigmas to one. */
export function keyOf(thing: string): string {
  return thing.toUpperCase().toLowerCase().normalize('NFC')
}

function forgetRemoved(tx: Tx, keeper: Keeper, at: number) {
  return changeData(tx, keeper.session.id, ({ removed, ...data }) =>
    removed && removed.at !== at ? { ...data, removed } : data,
  )
}

function cursorOf({ id, thing, createdAt }: LikeRow, sort: Wanted['sort']) {
  return sort === 'a-z' ? keyOf(thing) : `${createdAt.getTime()}.${id}`
}

function parseCursor(cursor: string, sort: Wanted['sort']): Wanted['after'] {
  if (sort === 'a-z') return { thingKey: cursor }
  const [, time, id] = /^(\d{1,13})\.([\da-f-]{36})$/.exec(cursor) ?? []
  return time && id ? { createdAt: new Date(Number(time)), id } : null
}
