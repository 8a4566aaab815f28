/**
 * What the operator does to members and to sessions by commands. The owner of the site reads of it on the admin page, and
 * the member on theirs, as of what is done in admin mode.
 */
import { db, transaction } from './db.ts'
import { dataOf } from './export.ts'
import { announce } from './log.ts'
import { act, change, OWNER } from './members.ts'
import { makeResetLink } from './recovery.ts'
import { note, record } from './security-log.ts'
import { kindOf, type SessionKind } from './session-limits.ts'
import { endVisitorSession } from './session-store.ts'
import type { Attempt, Client } from './viewer.ts'

/** Who did it, as the admin page says. */
export const OPERATOR: Client = { address: 'the server', device: 'A command of the operator' }

const BATCH = 100

/** The member of a username, in any case; null when there is none. */
export async function findMember(username: string): Promise<{ id: string; username: string } | null> {
  return db().user.findUnique({
    where: { username: username.trim().toLowerCase() },
    select: { id: true, username: true },
  })
}

/** Ends a session; a visitor's is a list, which goes with it. @returns what it was, or null when it had ended already. */
export async function endSession(
  id: string,
  attempt: Attempt,
): Promise<{ kind: SessionKind; username: string | null; likes: number } | null> {
  const row = await db().session.findUnique({ where: { id }, select: { userId: true, keep: true, device: true } })
  if (!row) return null
  const { userId, device } = row
  const kind = kindOf(row)
  if (userId === null) {
    const likes = await endVisitors(id, attempt)
    return likes === null ? null : { kind, username: null, likes }
  }
  return act(userId, ['memberSessionEnded', 'sessionEndedByOwner'], attempt, async (tx) => {
    const member = await change(tx, { id: userId }, { id: userId })
    const { count } = await tx.session.deleteMany({ where: { id, userId } })
    if (!member || count === 0) return null
    return { ...member, outcome: { kind, ...member, likes: 0 }, detail: device ?? undefined }
  })
}

async function endVisitors(id: string, attempt: Attempt) {
  const event = { kind: 'visitorEnded', userId: null, ...attempt } as const
  const ended = await transaction(async (tx) => {
    const ended = await endVisitorSession(tx, id)
    if (ended) await record(tx, event)
    return ended
  })
  if (ended) announce(event)
  return ended?.likes ?? null
}

/**
 * Ends all sessions of all members, and of no visitor. Each member reads of it; a log-in that comes meanwhile may stay.
 * @param onBatch Told after each hundred members how many sessions have ended so far.
 */
export async function endAllMembersSessions(attempt: Attempt, onBatch = (_: number) => {}): Promise<number> {
  // First, so that what was begun and not finished is recorded too. One line for all: there may be many members.
  await note({ kind: 'allMembersEnded', userId: null, ...attempt })
  let sessions = 0
  for (let after = ''; ; onBatch(sessions)) {
    const next = { by: 'userId', orderBy: { userId: 'asc' }, take: BATCH } as const
    const found = await db().session.groupBy({ ...next, where: { userId: { not: null, gt: after } } })
    const ids = found.flatMap(({ userId }) => userId ?? [])
    if (ids.length === 0) return sessions
    sessions += await endSessionsOfThese(ids, attempt.now)
    after = ids.at(-1) ?? ''
  }
}

async function endSessionsOfThese(ids: string[], now: Date) {
  const where = { userId: { in: ids } }
  return transaction(async (tx) => {
    // Held first: who deletes the account meanwhile waits, or has no session here any more and reads nothing.
    const held = await tx.session.updateManyAndReturn({ where, data: { sudoAt: null }, select: { userId: true } })
    const event = { kind: 'endedByOwner', at: now, ...OWNER }
    const owners = new Set(held.map(({ userId }) => userId))
    await tx.securityEvent.createMany({ data: [...owners].map((userId) => ({ ...event, userId })) })
    return (await tx.session.deleteMany({ where })).count
  })
}

/** All that is held about a member, as they could download it. @returns null when there is no such member. */
export async function exportMember(userId: string, attempt: Attempt) {
  const isRecorded = await act(userId, ['memberExported', 'exportedByOwner'], attempt, async (tx) => {
    const member = await change(tx, { id: userId }, { id: userId })
    return member && { ...member, outcome: true }
  })
  return isRecorded && dataOf({ userId }, attempt.now)
}

/**
 * Makes a link to a new password, for the operator to hand over: where there is no recovery e-mail. It works as a mailed
 * one does, and ends when another is made or the password changes.
 * @returns null when there is no such member, or their account is disabled.
 */
export async function resetLinkFor(userId: string, attempt: Attempt): Promise<{ token: string; endsAt: Date } | null> {
  return act(userId, ['memberReset', 'resetByOwner'], attempt, async (tx) => {
    const member = await change(tx, { id: userId, disabledAt: null }, { id: userId })
    return member && { ...member, outcome: await makeResetLink(tx, userId, attempt.now) }
  })
}
