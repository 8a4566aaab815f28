/** The members as the owner of the site sees and steers them: who there is, ending their sessions, keeping one out. */
import { db, type Tx, transaction } from './db.ts'
import { announce } from './log.ts'
import { countSessions } from './metrics.ts'
import { NOT_PUBLISHED } from './published-list.ts'
import { findPage } from './search.ts'
import { type EventKind, record } from './security-log.ts'
import { aliveAt } from './session-limits.ts'
import type { Attempt, Client } from './viewer.ts'

export type ListedMember = {
  id: string
  username: string
  createdAt: Date
  likes: number
  /** How many have passed no limit. */
  sessions: number
  /** When the owner of the site disabled the account; null when they may log in. */
  disabledAt: Date | null
  /** Since when everybody may read their list; null when nobody else may. */
  publishedAt: Date | null
  /** When the owner of the site took it down; null when it may be published. */
  takenDownAt: Date | null
}

export type MemberPage = {
  members: ListedMember[]
  /** The cursor of the next page, or null on the last one. */
  next: string | null
  /** How many there are on all pages of this search. */
  count: number
}

/**
 * One page of the members, newest first.
 * @param options.search Part of the username, in any case; every character stands for itself.
 * @param options.after The cursor. One that means nothing shows the first page.
 */
export async function listMembers(
  { search, after }: { search: string; after: string | null },
  now: Date,
): Promise<MemberPage> {
  const part = search.trim().toLowerCase()
  // What no username can contain is in none: nothing that is typed can be a pattern too long, or NUL.
  if (!/^[a-z0-9_-]{0,30}$/.test(part)) return { members: [], next: null, count: 0 }
  const { ids, ...page } = await findPage('User', part, after)
  return { members: await membersOf(ids, now), ...page }
}

async function membersOf(ids: string[], now: Date): Promise<ListedMember[]> {
  const alive = [
    { keep: true, ...aliveAt('kept', now) },
    { keep: false, ...aliveAt('brief', now) },
  ]
  // Not Prisma's `_count`, which counts everybody's for a page of fifty.
  const [rows, likes, sessions] = await Promise.all([
    db().user.findMany({
      where: { id: { in: ids } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      select: { id: true, username: true, createdAt: true, disabledAt: true, publishedAt: true, takenDownAt: true },
    }),
    db().like.groupBy({ by: 'userId', where: { userId: { in: ids } }, _count: true }),
    db().session.groupBy({ by: 'userId', where: { userId: { in: ids }, OR: alive }, _count: true }),
  ])
  const countOf = (groups: typeof likes, id: string) => groups.find(({ userId }) => userId === id)?._count ?? 0
  return rows.map((row) => ({ ...row, likes: countOf(likes, row.id), sessions: countOf(sessions, row.id) }))
}

/**
 * Ends all sessions of a member (ASVS 5.0, 7.4.5).
 * @returns how many, or null when there were none, or there is no such member.
 */
export async function endSessionsOf(userId: string, attempt: Attempt): Promise<number | null> {
  const ended = await act(userId, ['memberEnded', 'endedByOwner'], attempt, async (tx) => {
    const member = await change(tx, { id: userId }, { id: userId })
    const ended = member ? await endAll(tx, userId) : 0
    return member && ended > 0 ? { ...member, outcome: ended } : null
  })
  countSessions('ended', ended ?? 0)
  return ended
}

/**
 * Keeps a member out until `enableMember`, and ends all their sessions (ASVS 5.0, 7.4.2). Nothing of theirs is erased.
 * @returns false when they were disabled already, or there is no such member.
 */
export async function disableMember(userId: string, attempt: Attempt): Promise<boolean> {
  const ended = await act(userId, ['memberDisabled', 'disabledByOwner'], attempt, async (tx) => {
    // First, as in a log-in: one that is under way has either opened its session, which ends here, or waits for this
    // row and finds it disabled.
    const member = await change(tx, { id: userId, disabledAt: null }, { disabledAt: attempt.now })
    if (!member) return null
    return { ...member, outcome: await endAll(tx, userId) }
  })
  countSessions('ended', ended ?? 0)
  return ended !== null
}

/** Lets a member log in again. @returns false when they may already, or there is no such member. */
export async function enableMember(userId: string, attempt: Attempt): Promise<boolean> {
  const where = { id: userId, disabledAt: { not: null } }
  return set(where, { disabledAt: null }, ['memberEnabled', 'enabledByOwner'], attempt)
}

/**
 * Takes a list off its page, which its member cannot publish again until `allowList`. No like is erased. Whether it is
 * published at this moment does not matter, or whoever takes it back in time could publish it again.
 * @returns false when it was taken down already, or there is no such member.
 */
export async function takeListDown(userId: string, attempt: Attempt): Promise<boolean> {
  const data = { ...NOT_PUBLISHED, takenDownAt: attempt.now }
  return set({ id: userId, takenDownAt: null }, data, ['memberListTakenDown', 'listTakenDownByOwner'], attempt)
}

/** Lets a member publish the list again, which they then do themselves. @returns false when they may already. */
export async function allowList(userId: string, attempt: Attempt): Promise<boolean> {
  const where = { id: userId, takenDownAt: { not: null } }
  return set(where, { takenDownAt: null }, ['memberListAllowed', 'listAllowedByOwner'], attempt)
}

async function set(where: Where, data: Data, events: [EventKind, EventKind], attempt: Attempt) {
  const isDone = await act(where.id, events, attempt, async (tx) => {
    const member = await change(tx, where, data)
    return member && { ...member, outcome: true }
  })
  return isDone ?? false
}

/** Who did it, as far as the member may read: neither the address nor the device of the owner of the site. */
export const OWNER: Client = { address: 'unknown', device: 'The owner of this site' }

/**
 * Does it with two events, all or nothing: one on the admin page, which names the member, and one for the member.
 * @param work Returns null when there was nothing to do, and nothing is recorded.
 */
export async function act<T>(
  userId: string,
  [admins, members]: [EventKind, EventKind],
  attempt: Attempt,
  work: (tx: Tx) => Promise<{ username: string; outcome: T; detail?: string | undefined } | null>,
): Promise<T | null> {
  const done = await transaction(async (tx) => {
    const result = await work(tx)
    if (!result) return null
    const events = [
      { ...attempt, kind: admins, userId: null, detail: result.username },
      { ...attempt, kind: members, userId, client: OWNER, detail: result.detail },
    ]
    for (const event of events) await record(tx, event)
    return { ...result, events }
  })
  if (!done) return null
  // Without the name, which Delete account could not take back from there.
  for (const event of done.events) announce({ ...event, detail: undefined })
  return done.outcome
}

type Moment = 'disabledAt' | 'takenDownAt'
type Where = { id: string } & { [name in Moment]?: null | { not: null } }
type Data = { id?: string } & { [name in Moment]?: Date | null } & Partial<typeof NOT_PUBLISHED>

/** Changes the member's row where it is as said, and holds it until the transaction ends. */
export async function change(tx: Tx, where: Where, data: Data) {
  const [member] = await tx.user.updateManyAndReturn({ where, data, select: { username: true } })
  return member ?? null
}

async function endAll(tx: Tx, userId: string) {
  const { count } = await tx.session.deleteMany({ where: { userId } })
  return count
}
