/**
 * The database half of sessions: rows and tokens, no cookies. How a session begins, what a log-in takes along,
 * and what ends it. How long it lasts is in `session-limits.ts`. Time is always an argument.
 */
import { randomUUID } from 'node:crypto'
import { type Account, admit, type Erased } from './accounts.ts'
import { claimLikes } from './claim.ts'
import { type Tx, transaction } from './db.ts'
import { readSession } from './hot-queries.ts'
import { announce } from './log.ts'
import { removeRemembered } from './mailing-list.ts'
import { countSessions } from './metrics.ts'
import { record } from './security-log.ts'
import { changeData, isFresh, parseData, type SessionData, serializeData } from './session-data.ts'
import { aliveAt, hasEnded, isAdmin, LIMITS, touchEvery } from './session-limits.ts'
import { hashOf, hashOfPresented, newToken } from './session-token.ts'
import type { Attempt, Keeper, LiveSession, Member, Visitor } from './viewer.ts'

/** What the cookie half needs to set the cookie of a session. */
export type IssuedToken = { token: string; expiresAt: Date; persistent: boolean }

/**
 * Looks a token up. An unknown, ended or malformed one is null: nothing is made for it, and nothing thrown.
 * Reads only.
 */
export async function findSession(token: string, now: Date): Promise<Keeper | null> {
  const tokenHash = hashOfPresented(token)
  if (!tokenHash) return null
  const row = await readSession(tokenHash)
  if (!row || hasEnded(row, now)) return null
  const { id, lastSeenAt, expiresAt, sudoAt, adminSince, userId, username, disabledAt, publishedAt } = row
  const session: LiveSession = { id, lastSeenAt, expiresAt, sudoAt, adminSince, data: parseData(row.data) }
  if (userId === null) return { kind: 'visitor', session }
  if (username === null || disabledAt !== null) return null
  return { kind: 'member', session, userId, username, isPublished: publishedAt !== null }
}

/** Begins a visitor's session. */
export async function openVisitorSession(now: Date): Promise<IssuedToken & { viewer: Visitor }> {
  const token = newToken()
  const expiresAt = new Date(now.getTime() + LIMITS.visitor.absolute)
  const times = { lastSeenAt: now, expiresAt }
  const { id } = await transaction((tx) =>
    tx.session.create({
      data: { tokenHash: hashOf(token), keep: true, createdAt: now, ...times },
      select: { id: true },
    }),
  )
  countSessions('begun')
  const session: LiveSession = { id, ...times, sudoAt: null, adminSince: null, data: {} }
  return { token, expiresAt, persistent: true, viewer: { kind: 'visitor', session } }
}

/**
 * Opens a member's session for a new or a verified account. In the same transaction it ends the session that the
 * request brought (ASVS 7.2.4): a visitor's likes are claimed; of a member's nothing moves. So a log-in is whole or
 * did not happen, and a token planted before it is dead after it.
 * @param presented The token that the request carried, of whatever worth.
 * @returns null when the account is no longer what was verified.
 * @throws UsernameTaken when a new account's name went to somebody else.
 */
export async function openSession(
  account: Account,
  { keep, presented, client, now }: Attempt & { keep: boolean; presented: string | null },
): Promise<IssuedToken | null> {
  const token = newToken()
  const { absolute } = keep ? LIMITS.kept : LIMITS.brief
  const expiresAt = new Date(now.getTime() + absolute)
  const kind = account.isNew ? 'signedUp' : 'loggedIn'
  const opened = await transaction(async (tx) => {
    const userId = await admit(tx, account, now)
    if (userId === null) return null
    const { data, previous } = await takeOver(tx, presented, userId, now)
    const owner = { userId, keep, device: client.device }
    const times = { createdAt: now, lastSeenAt: now, sudoAt: now, expiresAt }
    await tx.session.create({
      data: { ...owner, ...times, tokenHash: hashOf(token), data: serializeData(data) },
    })
    const event = { kind, userId, client, now } as const
    await record(tx, event)
    return { event, previous }
  })
  if (!opened) return null
  announce(opened.event)
  countSessions('begun')
  if (opened.previous) countSessions(opened.previous)
  return { token, expiresAt, persistent: keep }
}

type TakenOver = { data: SessionData; previous: 'claimed' | 'ended' | null }

/** Ends the session a log-in came with; the new session's data says what was claimed from it. */
async function takeOver(tx: Tx, presented: string | null, userId: string, now: Date): Promise<TakenOver> {
  const tokenHash = presented && hashOfPresented(presented)
  if (!tokenHash) return { data: {}, previous: null }
  // The first statement of the claim changes a unique column. That kills the old token, lets one of twenty parallel
  // log-ins through, and takes the row lock that a like in flight waits for.
  const [visitor] = await tx.session.updateManyAndReturn({
    where: { tokenHash, userId: null, ...aliveAt('visitor', now) },
    data: { tokenHash: hashOf(newToken()) },
    select: { id: true, data: true },
  })
  if (!visitor) {
    const { count } = await tx.session.deleteMany({ where: { tokenHash, userId: { not: null } } })
    return { data: {}, previous: count > 0 ? 'ended' : null }
  }
  const claim = { id: randomUUID(), at: now.getTime() }
  const count = await claimLikes(tx, { from: visitor.id, to: userId, claimId: claim.id })
  await tx.session.delete({ where: { id: visitor.id } })
  const { subscription } = parseData(visitor.data)
  const data = { ...(count > 0 && { claim: { ...claim, count } }), ...(subscription && { subscription }) }
  return { data, previous: 'claimed' }
}

/** Notes that the session was used. An update only: it cannot bring a session back that has just ended. */
export async function touchSession(session: LiveSession, now: Date): Promise<void> {
  const before = new Date(now.getTime() - touchEvery(session))
  const data = { lastSeenAt: now, ...lapse(session, now) }
  await transaction(async (tx) => {
    await tx.session.updateMany({ where: { id: session.id, lastSeenAt: { lte: before } }, data })
    const { farewell } = session.data
    // What was told names an address, which is not kept for longer than it takes to tell.
    if (farewell && !isFresh(farewell, now)) await changeData(tx, session.id, ({ farewell: _, ...rest }) => rest)
  })
}

/** Admin mode that has passed a limit ends with the use that would otherwise make it look fresh. */
function lapse(session: LiveSession, now: Date) {
  return session.adminSince && !isAdmin(session, now) ? { adminSince: null } : {}
}

/** Begins a visitor's limits again. @returns the new end, or null when the session has ended meanwhile. */
export async function renewSession(visitor: Visitor, now: Date): Promise<Date | null> {
  const { session } = visitor
  const expiresAt = new Date(now.getTime() + LIMITS.visitor.absolute)
  const data = { expiresAt, lastSeenAt: now, ...lapse(session, now) }
  const { count } = await transaction((tx) => tx.session.updateMany({ where: { id: session.id, userId: null }, data }))
  return count === 1 ? expiresAt : null
}

/** Ends the session of a token, whoever's it is. Twice is fine. @returns how many ended: 0 or 1. */
export async function endSessionOf(token: string): Promise<number> {
  const tokenHash = hashOfPresented(token)
  if (!tokenHash) return 0
  const { count } = await transaction((tx) => tx.session.deleteMany({ where: { tokenHash } }))
  countSessions('ended', count)
  return count
}

/** Logs a member out. Twice is fine. */
export async function logOut({ session: { id }, userId }: Member, attempt: Attempt): Promise<void> {
  const event = { kind: 'loggedOut', userId, ...attempt } as const
  const isEnded = await transaction(async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { id, userId } })
    if (count === 1) await record(tx, event)
    return count === 1
  })
  if (!isEnded) return
  announce(event)
  countSessions('ended')
}

/**
 * Forgets a visitor: the session, what it remembers, the subscription too, and the likes.
 * @returns null when the session had gone already, to a log-in for instance.
 */
export async function forget({ session: { id } }: Visitor, attempt: Attempt): Promise<Erased | null> {
  const erased = await transaction(async (tx) => {
    const ended = await endVisitorSession(tx, id)
    return ended && { likes: ended.likes, isUnsubscribed: await removeRemembered(tx, ended.data) }
  })
  if (erased === null) return null
  announce({ kind: 'visitorForgotten', userId: null, ...attempt })
  countSessions('ended')
  return erased
}

/** Ends a visitor's session, and with it the list. @returns what it was, or null when it had ended already. */
export async function endVisitorSession(tx: Tx, id: string): Promise<{ likes: number; data: SessionData } | null> {
  // As the claim does, so that of the two one waits for the other and finds nothing left.
  const dead = { tokenHash: hashOf(newToken()) }
  const where = { id, userId: null }
  const [found] = await tx.session.updateManyAndReturn({ where, data: dead, select: { data: true } })
  if (!found) return null
  const { count } = await tx.like.deleteMany({ where: { sessionId: id } })
  await tx.session.delete({ where: { id } })
  return { likes: count, data: parseData(found.data) }
}
